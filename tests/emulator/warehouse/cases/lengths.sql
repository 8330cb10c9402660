-- Lengths are bytes. An assignment fails unless only blanks are too many; a cast cuts.
CREATE TABLE lengths (id INT, v VARCHAR(3), c CHAR(3), free VARCHAR(MAX));
INSERT INTO lengths (id, v) VALUES (1, 'abc   ');
SELECT LEN(v) FROM lengths;
-- => [3]
INSERT INTO lengths (id, v) VALUES (2, 'abcd');
-- fails: value too long for type character varying(3)
INSERT INTO lengths (id, v) SELECT 2, 'abcd';
-- fails: value too long
INSERT INTO lengths (id, c) VALUES (2, 'abcd');
-- fails: value too long for type character(3)
INSERT INTO lengths (id, v) VALUES (2, 'é€');
-- fails: value too long
INSERT INTO lengths (id, v) VALUES (2, 'éa');
INSERT INTO lengths (id, v) VALUES (3, 'abcd'::varchar(3));
SELECT v FROM lengths WHERE id = 3;
-- => ["abc"]
SELECT 'éé'::varchar(3), 'abc'::char(2), 12345::varchar(3);
-- => ["é", "ab", "123"]
UPDATE lengths SET v = 'abcd' WHERE id = 1;
-- fails: value too long
UPDATE lengths SET v = 'xyz  ' WHERE id = 1;
-- count: 1
SELECT v FROM lengths WHERE id = 1;
-- => ["xyz"]
CREATE TABLE derived AS SELECT v, c, UPPER(v) AS u, v || c AS both, 'four' AS l FROM lengths;
SELECT "column", type FROM pg_table_def WHERE tablename = 'derived';
-- => ["v", "character varying(3)"]
-- => ["c", "character(3)"]
-- => ["u", "character varying(3)"]
-- => ["both", "character varying(6)"]
-- => ["l", "character varying(4)"]
INSERT INTO derived (v) VALUES ('abcd');
-- fails: value too long for type character varying(3)
WITH x AS (SELECT v AS w FROM lengths) SELECT w FROM x WHERE w = 'abc';
-- => ["abc"]
-- types: character varying(3)
SELECT COALESCE(v, 'longer') FROM lengths WHERE id = 3;
-- => ["abc"]
-- types: character varying(6)
SELECT true::varchar;
-- fails: cannot cast type boolean to character varying
SELECT 1.0::float8::varchar, 0.5::float8::varchar, 2::varchar, 1.50::numeric(5,2)::varchar;
-- => ["1", "0.5", "2", "1.50"]
CREATE TABLE too_long (v VARCHAR(65536));
-- fails: must be between 1 and 65535
CREATE TABLE too_long (v CHAR(4097));
-- fails: must be between 1 and 4096
