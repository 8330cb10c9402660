-- Integers divide into integers, towards zero.
SELECT 7/2, -7/2, 7%3, 7/2.0, 1::bigint/3;
-- => [3, -3, 1, "3.5000", 0]
-- types: integer, integer, integer, numeric(15,4), bigint
SELECT 7::float8/2, 7::real/2;
-- => [3.5, 3.5]
-- Decimals divide with the documented scale.
SELECT 2.0/3, -1.0/3, 0.05/1.25;
-- => ["0.666666666666", "-0.333333333333", "0.0400"]
SELECT 1/0;
-- fails: Divide by zero
SELECT 1.5/0;
-- fails: Divide by zero
CREATE TABLE n (g VARCHAR(2), i INT, b BIGINT, d NUMERIC(10,2), f FLOAT8);
INSERT INTO n VALUES ('a', 1, 10, 1.10, 0.5), ('a', 2, 11, 2.20, 1.5), ('b', NULL, NULL, NULL, NULL);
-- count: 3
SELECT AVG(i), AVG(b), AVG(d), AVG(f), SUM(i), SUM(b), SUM(d), SUM(f), COUNT(i), COUNT(*) FROM n;
-- => [1, 10, "1.65", 1.0, 3, "21", "3.30", 2.0, 2, 3]
-- types: bigint, bigint, numeric(38,2), double precision, bigint, numeric(38,0), numeric(38,2), double precision, bigint, bigint
-- labels: avg, avg, avg, avg, sum, sum, sum, sum, count, count
SELECT g, AVG(i) AS mean, SUM(i) / COUNT(*) FROM n GROUP BY g ORDER BY g;
-- => ["a", 1, 1]
-- => ["b", null, null]
SELECT g, 100.0 * SUM(CASE WHEN i > 1 THEN 1 ELSE 0 END) / COUNT(*) AS pct FROM n GROUP BY 1 HAVING AVG(i) > 0;
-- => ["a", "50.0000000000000000"]
WITH x AS (SELECT g, AVG(i) AS m FROM n GROUP BY g), y AS (SELECT m / 2 AS h FROM x WHERE m IS NOT NULL) SELECT h FROM y;
-- => [0]
SELECT i AS one, one / 2 AS half, AVG(i) OVER (PARTITION BY g) FROM n WHERE i IS NOT NULL ORDER BY i;
-- => [1, 0, 1]
-- => [2, 1, 1]
SELECT a.i, (SELECT AVG(c.i) FROM n c WHERE c.i >= a.i) FROM n a WHERE a.i = 1;
-- => [1, 1]
SELECT AVG(x.i), AVG(y.d) FROM n x JOIN n y USING (g) WHERE g = 'a';
-- => [1, "1.65"]
SELECT AVG(DISTINCT i), SUM(DISTINCT i) FROM (SELECT 1 AS i UNION ALL SELECT 1 UNION ALL SELECT 4) AS u;
-- => [2, 5]
UPDATE n SET d = d / 3 WHERE i = 1;
SELECT d FROM n WHERE i = 1;
-- => ["0.37"]
SELECT ROUND(2.567, 1), TRUNC(2.567, 1), CEIL(1.2), FLOOR(-1.2), ABS(-3), MOD(7, 3), SIGN(-2), POWER(2, 3);
-- => ["2.6", "2.5", "2", "-2", 3, 1, -1, 8.0]
SELECT MEDIAN(i), PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY i), APPROXIMATE COUNT(DISTINCT i) FROM n;
-- => [1.5, 1.5, 2]
SELECT GREATEST(1, NULL, 3), LEAST(2, NULL, 1), NVL(NULL, 4), NVL2(NULL, 1, 2), NULLIF(1, 1), COALESCE(NULL, 5);
-- => [3, 1, 4, 2, null, 5]
SELECT DECODE(2, 1, 'one', 2, 'two', 'many'), DECODE(NULL, NULL, 'null', 'other');
-- => ["two", "null"]
SELECT '12'::int, 1::decimal, '1.50'::numeric(5,2), CONVERT(bigint, '5');
-- => [12, "1", "1.50", 5]
SELECT 'x'::int;
-- fails: invalid input syntax for integer: "x"
