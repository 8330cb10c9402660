-- What tools ask the catalog: tables, columns, keys, views, and the session itself.
CREATE TABLE keyed (a INT, b VARCHAR(7) NOT NULL, c NUMERIC(8,2), PRIMARY KEY (a, b));
CREATE TABLE keyed_by_column (id BIGINT PRIMARY KEY, v CHAR(2));
CREATE TABLE unkeyed (LIKE keyed);
CREATE VIEW shown AS SELECT a FROM keyed;
CREATE VIEW shown_late AS SELECT a FROM public.keyed WITH NO SCHEMA BINDING;
CREATE MATERIALIZED VIEW shown_kept AUTO REFRESH YES AS SELECT a FROM keyed;
SELECT kcu.column_name FROM information_schema.table_constraints tco JOIN information_schema.key_column_usage kcu ON kcu.constraint_name = tco.constraint_name AND kcu.constraint_schema = tco.constraint_schema WHERE tco.constraint_type = 'PRIMARY KEY' AND kcu.table_schema = 'public' AND kcu.table_name = 'keyed' ORDER BY kcu.ordinal_position;
-- => ["a"]
-- => ["b"]
SELECT table_name, constraint_type FROM information_schema.table_constraints ORDER BY 1;
-- => ["keyed", "PRIMARY KEY"]
-- => ["keyed_by_column", "PRIMARY KEY"]
INSERT INTO keyed_by_column VALUES (1, 'x'), (1, 'y');
-- count: 2
INSERT INTO keyed_by_column (v) VALUES ('z');
-- fails: Cannot insert a NULL value into column id
SELECT schema_name, table_name, table_type FROM svv_all_tables WHERE schema_name = 'public' ORDER BY 2;
-- => ["public", "keyed", "TABLE"]
-- => ["public", "keyed_by_column", "TABLE"]
-- => ["public", "shown", "VIEW"]
-- => ["public", "shown_kept", "VIEW"]
-- => ["public", "shown_late", "VIEW"]
-- => ["public", "unkeyed", "TABLE"]
SELECT column_name, data_type, character_maximum_length, numeric_precision, numeric_scale, is_nullable FROM svv_redshift_columns WHERE table_name = 'keyed' ORDER BY ordinal_position;
-- => ["a", "integer", null, null, null, "NO"]
-- => ["b", "character varying", 7, null, null, "NO"]
-- => ["c", "numeric", null, 8, 2, "YES"]
SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = 'keyed_by_column' ORDER BY ordinal_position;
-- => ["id"]
-- => ["v"]
SELECT viewname FROM pg_views WHERE schemaname = 'public' ORDER BY 1;
-- => ["shown"]
-- => ["shown_kept"]
-- => ["shown_late"]
SELECT table_name FROM information_schema.views ORDER BY 1 LIMIT 1;
-- => ["shown"]
SELECT name, autorefresh FROM svv_mv_info;
-- => ["shown_kept", "t"]
SELECT is_stale FROM svv_mv_info;
-- fails: does not exist
SELECT datname FROM pg_database;
-- => ["warehouse"]
SELECT schema_name FROM svv_redshift_schemas;
-- => ["public"]
SELECT current_schema(), current_database(), current_user, version() LIKE '%Redshift%';
-- => ["public", "warehouse", "admin", true]
SELECT SUM(a) OVER (ORDER BY a RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) FROM keyed;
-- fails: window frames are ROWS
SELECT COUNT(DISTINCT a) OVER () FROM keyed;
-- fails: DISTINCT is not supported for window functions
SELECT esoid, eskind, schemaname, esowner, databasename, esoptions FROM svv_external_schemas;
-- => "nothing"
SELECT schemaname, tablename, location FROM svv_external_tables;
-- => "nothing"
SELECT * FROM svl_s3query_summary;
-- fails: does not model the system table svl_s3query_summary
DROP PROCEDURE p();
-- fails: does not model DROP PROCEDURE
