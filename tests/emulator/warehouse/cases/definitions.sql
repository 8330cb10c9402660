CREATE SCHEMA IF NOT EXISTS "raw";
CREATE SCHEMA "raw";
-- fails: already exists
CREATE TABLE "raw".t (id BIGINT IDENTITY(10, 5) NOT NULL ENCODE az64, a VARCHAR(3) ENCODE zstd, b NUMERIC DEFAULT 1.5, c INT UNIQUE, PRIMARY KEY (a)) DISTSTYLE KEY DISTKEY (a) COMPOUND SORTKEY (c, a);
SELECT "column", type, encoding, distkey, sortkey, "notnull" FROM pg_table_def WHERE tablename = 't';
-- => ["id", "bigint", "az64", false, 0, true]
-- => ["a", "character varying(3)", "zstd", true, 2, true]
-- => ["b", "numeric(18,0)", "none", false, 0, false]
-- => ["c", "integer", "none", false, 1, false]
-- Keys are informational: twice the same key is no error.
INSERT INTO "raw".t (a, c) VALUES ('x', 1), ('x', 1);
-- count: 2
SELECT id, a, b, c FROM "raw".t ORDER BY id;
-- => [10, "x", "2", 1]
-- => [15, "x", "2", 1]
INSERT INTO "raw".t (a) VALUES (NULL);
-- fails: Cannot insert a NULL value into column a
INSERT INTO "raw".t VALUES (1, 'y', 1, 1);
-- fails: cannot set an identity column to a value: id
INSERT INTO "raw".t SELECT 1, 'y', 1, 1;
-- fails: cannot set an identity column to a value: id
CREATE TABLE "raw".t (x INT);
-- fails: Relation "t" already exists
CREATE TABLE IF NOT EXISTS "raw".t (x INT);
CREATE TABLE "raw".like_t (LIKE "raw".t INCLUDING DEFAULTS);
SELECT column_name, data_type, character_maximum_length, numeric_precision, is_nullable FROM svv_columns WHERE table_name = 'like_t' ORDER BY ordinal_position;
-- => ["id", "bigint", null, null, "NO"]
-- => ["a", "character varying", 3, null, "NO"]
-- => ["b", "numeric", null, 18, "YES"]
-- => ["c", "integer", null, null, "YES"]
CREATE TABLE "raw".copy DISTSTYLE ALL SORTKEY (a) AS SELECT a, COUNT(*) AS n FROM "raw".t GROUP BY a;
SELECT * FROM "raw".copy;
-- => ["x", 2]
SELECT "table", diststyle FROM svv_table_info WHERE "table" = 'copy';
-- => ["copy", "ALL"]
CREATE TABLE "raw".twice AS SELECT a, a FROM "raw".t;
-- fails: duplicated
ALTER TABLE "raw".t ADD COLUMN d VARCHAR(2) DEFAULT 'zz';
SELECT d FROM "raw".t LIMIT 1;
-- => ["zz"]
INSERT INTO "raw".t (a, d) VALUES ('q', 'too long');
-- fails: value too long for type character varying(2)
ALTER TABLE "raw".t ALTER COLUMN d TYPE VARCHAR(20);
INSERT INTO "raw".t (a, d) VALUES ('q', 'long enough');
ALTER TABLE "raw".t RENAME COLUMN d TO e;
SELECT e, id FROM "raw".t WHERE a = 'q';
-- => ["long enough", 30]
ALTER TABLE "raw".t DROP COLUMN e;
ALTER TABLE "raw".t RENAME TO renamed;
SELECT COUNT(*) FROM "raw".renamed;
-- => [3]
SELECT "column", encoding FROM pg_table_def WHERE tablename = 'renamed' AND "column" = 'a';
-- => ["a", "zstd"]
CREATE OR REPLACE VIEW "raw".v AS SELECT a, COUNT(*) AS n FROM "raw".renamed GROUP BY a WITH NO SCHEMA BINDING;
SELECT * FROM "raw".v ORDER BY a;
-- => ["q", 1]
-- => ["x", 2]
SELECT table_schema, table_name, table_type FROM information_schema.tables WHERE table_name IN ('v', 'renamed') ORDER BY 2;
-- => ["raw", "renamed", "BASE TABLE"]
-- => ["raw", "v", "VIEW"]
CREATE TABLE #temp (a INT);
INSERT INTO #temp VALUES (1), (2);
SELECT SUM(a) FROM #temp;
-- => [3]
CREATE TEMP TABLE temp2 AS SELECT * FROM #temp;
SELECT COUNT(*) FROM temp2;
-- => [2]
TRUNCATE TABLE "raw".renamed;
SELECT COUNT(*) FROM warehouse."raw".renamed;
-- => [0]
DROP VIEW "raw".v;
DROP TABLE IF EXISTS "raw".renamed, "raw".nothing;
SELECT * FROM "raw".renamed;
-- fails: relation "renamed" does not exist
ANALYZE "raw".copy;
VACUUM FULL "raw".copy;
DROP SCHEMA "raw" CASCADE;
SELECT nspname FROM pg_namespace;
-- => ["public"]
SELECT * FROM raw.t;
-- fails: syntax error at or near "raw": the word is reserved
CREATE TABLE reserved (tag INT);
-- fails: syntax error at or near "tag"
SELECT 1 AS tag;
-- labels: tag
-- Views hold their tables, unless they bind late.
CREATE TABLE base (a INT);
CREATE VIEW middle AS SELECT a FROM base;
CREATE VIEW top_view AS SELECT a FROM public.middle;
CREATE VIEW late AS SELECT a FROM public.base WITH NO SCHEMA BINDING;
DROP TABLE base;
-- fails: cannot drop table base because other objects depend on it Detail: view top_view, view middle
DROP TABLE base CASCADE;
SELECT table_name FROM svv_tables WHERE table_schema = 'public';
-- => ["late"]
SELECT * FROM late;
-- fails: relation "base" does not exist
DROP VIEW late;
