SELECT 'a' || NULL, CONCAT('a', NULL), CONCAT('a', 'b'), LEN('abc'), UPPER('a'), INITCAP('hello world');
-- => [null, null, "ab", 3, "A", "Hello World"]
SELECT SUBSTRING('abcdef', 2, 3), LEFT('abc', 2), RIGHT('abc', 2), LPAD('7', 3, '0'), SPLIT_PART('a,b,c', ',', 2), STRPOS('abc', 'c');
-- => ["bcd", "ab", "bc", "007", "b", 3]
SELECT REPLACE('aXa', 'X', '-'), REGEXP_REPLACE('a1b22', '[0-9]+', '#'), REGEXP_SUBSTR('ab12', '[0-9]+'), TRIM('  x '), BTRIM(' x ');
-- => ["a-a", "a#b#", "12", "x", "x"]
SELECT 'abc' LIKE 'a%', 'ABC' ILIKE 'a%', 'abc' ~ '^a', 'abc' SIMILAR TO 'a(b|c)+';
-- => [true, true, true, true]
SELECT 'abcdef'::varchar(3), 'abc'::char(2), 'abc'::varchar;
-- => ["abc", "ab", "abc"]
-- labels: varchar, bpchar, varchar
CREATE TABLE words (short VARCHAR(3), free VARCHAR, one CHAR);
INSERT INTO words VALUES ('abc', 'x', 'y');
INSERT INTO words (short) VALUES ('abcd');
-- fails: value too long for type character varying(3)
INSERT INTO words (one) VALUES ('ab');
-- fails: Value too long for character type
-- Lengths count bytes: three characters, four bytes.
INSERT INTO words (short) VALUES ('aéb');
-- fails: value too long
SELECT LISTAGG(w, ', ') WITHIN GROUP (ORDER BY w DESC), LISTAGG(w) WITHIN GROUP (ORDER BY w) FROM (SELECT 'a' AS w UNION ALL SELECT 'b') AS t;
-- => ["b, a", "ab"]
-- labels: listagg, listagg
-- Identifiers fold to lower case, quoted or not.
SELECT short AS "MiXed", SHORT FROM "WORDS";
-- => ["abc", "abc"]
-- labels: mixed, short
SELECT w FROM (SELECT NULL AS w UNION ALL SELECT 'a' UNION ALL SELECT 'b') AS t ORDER BY w;
-- => ["a"]
-- => ["b"]
-- => [null]
SELECT w FROM (SELECT NULL AS w UNION ALL SELECT 'a' UNION ALL SELECT 'b') AS t ORDER BY w DESC;
-- => [null]
-- => ["b"]
-- => ["a"]
SELECT JSON_EXTRACT_PATH_TEXT('{"a":{"b":1}}', 'a', 'b'), JSON_PARSE('{"a":[1]}'), JSON_ARRAY_LENGTH('[1,2]'), JSON_EXTRACT_ARRAY_ELEMENT_TEXT('["x","y"]', 1), IS_VALID_JSON('{');
-- => ["1", "{\"a\":[1]}", 2, "y", false]
SELECT JSON_PARSE('{');
-- fails: ERROR
SELECT MD5('a'), SHA2('a', 256), QUOTE_IDENT('a"b'), QUOTE_LITERAL('it''s');
-- => ["0cc175b9c0f1b6a831c399e269772661", "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb", "\"a\"\"b\"", "'it''s'"]
SELECT REGEXP_COUNT('UA1', '\\A(?:[A-Z]+\\d)\\z', 1, 'p'), REGEXP_COUNT('UA1x', '\\A(?:[A-Z]+\\d)\\z', 1, 'p');
-- => [1, 0]
