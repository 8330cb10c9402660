-- Integers stay integers, towards zero; overflow is an error.
SELECT 5 / 2, -5 / 2, 5 % 2, -5 % 2, 5 / -2, 1 / 3;
-- => [2, -2, 1, -1, -2, 0]
SELECT 10 / 4 * 2.5, 10 / 4.0, 10.0 / 4, 10::float8 / 4;
-- => ["5.0", "2.5000", "2.500000000000", 2.5]
SELECT 2147483647 + 1;
-- fails: ERROR
SELECT 2147483647::bigint + 1, 3000000000;
-- => [2147483648, 3000000000]
-- types: bigint, bigint
SELECT 32767::smallint, 32768::smallint;
-- fails: ERROR
SELECT 2.5::int, 3.5::int, -2.5::int;
-- => [3, 4, -3]
SELECT '12'::int + 1, '7'::bigint, '1.25'::numeric(6,1);
-- => [13, 7, "1.3"]
SELECT '1.5'::int + 0 WHERE 1 = 0;
SELECT ABS(-5), SIGN(-3), MOD(9, 4), POWER(2, 10), SQRT(16), CBRT(8);
-- => [5, -1, 1, 1024.0, 4.0, 2.0]
SELECT ROUND(2.5), ROUND(-2.5), ROUND(2.345, 2), TRUNC(2.9), TRUNC(-2.99, 1), CEIL(-1.5), FLOOR(-1.5);
-- => ["3", "-3", "2.35", "2", "-2.9", "-1", "-2"]
SELECT SUM(x), AVG(x), MIN(x), MAX(x), COUNT(x) FROM (SELECT 1 AS x UNION ALL SELECT 2 UNION ALL SELECT NULL) AS t;
-- => [3, 1, 1, 2, 2]
SELECT AVG(x::numeric(5,2)), AVG(x::float8) FROM (SELECT 1 AS x UNION ALL SELECT 2) AS t;
-- => ["1.50", 1.5]
SELECT NULL + 1, NULL = NULL, NULL IS NULL, COALESCE(NULL, 2), NVL(NULL, 3);
-- => [null, null, true, 2, 3]
SELECT GREATEST(1, NULL, 3), LEAST(2, NULL, 1), GREATEST(NULL, NULL);
-- => [3, 1, null]
SELECT 1.10 + 2.205, 1.5 * 1.5, 3 - 0.01;
-- => ["3.305", "2.25", "2.99"]
SELECT IIF(true, 1, 2);
-- fails: does not model IF
SELECT 5 BETWEEN 1 AND 5, 5 NOT BETWEEN 1 AND 4, 5 IN (1, 5), NOT true, true AND NULL, false AND NULL;
-- => [true, true, true, false, null, false]
-- Text of a number in a base; https://docs.aws.amazon.com/redshift/latest/dg/r_STRTOL.html
SELECT STRTOL('0xf', 16), STRTOL('abcd1234', 16), STRTOL('1234567', 10), STRTOL('1234567', 8), STRTOL('110101', 2);
-- => [15, 2882343476, 1234567, 342391, 53]
SELECT STRTOL('', 2), STRTOL(NULL, 10), STRTOL('  -z', 36), STRTOL('+0XfF', 16), STRTOL('7fffffffffffffff', 16);
-- => [0, null, -35, 255, 9223372036854775807]
-- types: bigint, bigint, bigint, bigint, bigint
SELECT STRTOL('-8000000000000000', 16);
-- => [-9223372036854775808]
SELECT STRTOL('8000000000000000', 16);
-- fails: ERROR
SELECT STRTOL('102', 2);
-- fails: The input 102 is not valid to be converted to base 2
SELECT STRTOL('0x10', 10);
-- fails: The input 0x10 is not valid to be converted to base 10
SELECT STRTOL('1', 37);
-- fails: ERROR
SELECT SUM(STRTOL(SUBSTRING(MD5(x), 1, 15), 16)) FROM (SELECT 'a' AS x UNION ALL SELECT 'b' UNION ALL SELECT NULL) AS t;
-- => ["719112883567984232"]
-- types: numeric(38,0)
