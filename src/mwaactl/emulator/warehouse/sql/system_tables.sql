-- What every database holds besides the user's data: macros, load errors, and Redshift's system tables as views.
-- Table attributes that DuckDB does not have stand as JSON in the comment of the table or column.

CREATE SCHEMA IF NOT EXISTS rs_catalog;

-- DuckDB's type names as Redshift's, for columns without a declared type: those of views and CREATE TABLE AS.
CREATE OR REPLACE MACRO rs_catalog.rs_type(name) AS CASE
  WHEN name = 'VARCHAR' THEN 'character varying(65535)'
  WHEN name = 'DOUBLE' THEN 'double precision'
  WHEN name = 'FLOAT' THEN 'real'
  WHEN name = 'TIMESTAMP' THEN 'timestamp without time zone'
  WHEN name = 'TIMESTAMP WITH TIME ZONE' THEN 'timestamp with time zone'
  WHEN name = 'TIME' THEN 'time without time zone'
  WHEN name = 'JSON' THEN 'super'
  WHEN name = 'BLOB' THEN 'binary varying(64000)'
  WHEN name = 'HUGEINT' THEN 'numeric(38,0)'
  WHEN name LIKE 'DECIMAL%' THEN replace(lower(name), 'decimal', 'numeric')
  ELSE lower(name) END;

-- Exact division of decimals: the digits as an integer, and back.
CREATE OR REPLACE MACRO rs_catalog.rs_unscaled(x) AS CAST(REPLACE(CAST(x AS VARCHAR), '.', '') AS HUGEINT);
CREATE OR REPLACE MACRO rs_catalog.rs_scaled(digits, power, scale) AS
  CASE WHEN digits < 0 THEN '-' ELSE '' END || CAST(ABS(digits) // power AS VARCHAR)
  || '.' || CASE WHEN scale = 0 THEN '' ELSE LPAD(CAST(ABS(digits) % power AS VARCHAR), scale, '0') END;

-- STRTOL: digits behind blanks, a sign, and `0x` where the base is 16; nothing at all is 0.
CREATE OR REPLACE MACRO rs_catalog.rs_digits(x, base) AS LOWER(REGEXP_REPLACE(
  REGEXP_REPLACE(x, '^[ \t\r\n\f\v]*[+-]?', ''), CASE base WHEN 16 THEN '^0[xX]' ELSE '^$' END, ''));
CREATE OR REPLACE MACRO rs_catalog.rs_digit(x) AS STRPOS('0123456789abcdefghijklmnopqrstuvwxyz', x) - 1;
CREATE OR REPLACE MACRO rs_catalog.rs_strtol(x, base) AS CAST(CASE
  WHEN x IS NULL OR base IS NULL THEN NULL
  WHEN base NOT BETWEEN 2 AND 36 THEN error('Invalid base ' || base || ' for STRTOL: it must be between 2 and 36')
  WHEN x = '' THEN 0
  WHEN LENGTH(rs_catalog.rs_digits(x, base)) = 0
    OR LIST_BOOL_OR(LIST_TRANSFORM(STRING_SPLIT(rs_catalog.rs_digits(x, base), ''),
      lambda d: rs_catalog.rs_digit(d) NOT BETWEEN 0 AND base - 1))
    THEN error('The input ' || x || ' is not valid to be converted to base ' || base)
  ELSE LIST_REDUCE(LIST_TRANSFORM(STRING_SPLIT(rs_catalog.rs_digits(x, base), ''),
      lambda d: CAST(rs_catalog.rs_digit(d) AS HUGEINT)), lambda a, d: a * base + d)
    * CASE WHEN REGEXP_MATCHES(x, '^[ \t\r\n\f\v]*-') THEN -1 ELSE 1 END
  END AS BIGINT);

CREATE SCHEMA IF NOT EXISTS public;
CREATE TABLE IF NOT EXISTS rs_catalog.load_errors (
  query BIGINT, start_time TIMESTAMP, file_name VARCHAR, line_number BIGINT, column_name VARCHAR, column_type VARCHAR,
  column_length VARCHAR, raw_line VARCHAR, raw_field_value VARCHAR, error_code INTEGER, error_message VARCHAR,
  table_name VARCHAR
);
CREATE TABLE IF NOT EXISTS rs_catalog.late_views (
  schema_name VARCHAR, view_name VARCHAR, definition VARCHAR, column_names VARCHAR[]
);
CREATE TABLE IF NOT EXISTS rs_catalog.materialized_views (
  schema_name VARCHAR, view_name VARCHAR, definition VARCHAR, auto_refresh BOOLEAN
);
CREATE TABLE IF NOT EXISTS rs_catalog.external_schemas (
  schema_name VARCHAR, database_name VARCHAR, roles VARCHAR[], region VARCHAR
);
CREATE OR REPLACE VIEW rs_catalog.svv_external_schemas AS
SELECT CAST(row_number() OVER (ORDER BY schema_name) + 100000 AS INTEGER) AS esoid, CAST(1 AS SMALLINT) AS eskind,
  schema_name AS schemaname, 100 AS esowner, database_name AS databasename,
  CAST(json_object('IAM_ROLE', array_to_string(roles, ',')) AS VARCHAR) AS esoptions
FROM rs_catalog.external_schemas;
CREATE OR REPLACE VIEW rs_catalog.stl_load_errors AS
SELECT 100 AS userid, 0 AS slice, 0 AS tbl, start_time AS starttime, 0 AS session, query, file_name AS filename,
  line_number, column_name AS colname, column_type AS "type", column_length AS col_length, 0 AS "position",
  raw_line, raw_field_value, error_code AS err_code, error_message AS err_reason
FROM rs_catalog.load_errors;
CREATE OR REPLACE VIEW rs_catalog.sys_load_error_detail AS
SELECT 100 AS user_id, query AS query_id, 0 AS transaction_id, 0 AS session_id, current_database() AS database_name,
  start_time, file_name, line_number, column_name, column_type, column_length, 0 AS "position", error_code,
  error_message, table_name
FROM rs_catalog.load_errors;
CREATE OR REPLACE VIEW rs_catalog.all_columns AS
SELECT CASE database_name WHEN 'temp' THEN 'pg_temp_1' ELSE schema_name END AS schema_name, table_name, column_name,
  CAST(column_index AS INTEGER) AS position, is_nullable, column_default,
  COALESCE(json_extract_string(comment, '$.type'), rs_catalog.rs_type(data_type)) AS type_name,
  COALESCE(json_extract_string(comment, '$.encode'), 'none') AS encoding,
  COALESCE(CAST(json_extract(comment, '$.distkey') AS BOOLEAN), false) AS distkey,
  COALESCE(CAST(json_extract(comment, '$.sortkey') AS INTEGER), 0) AS sortkey,
  json_extract_string(comment, '$.identity') AS identity_kind,
  COALESCE(CAST(json_extract(comment, '$.primary') AS BOOLEAN), false) AS primary_key
FROM duckdb_columns() WHERE database_name = 'temp' AND schema_name = 'main' OR database_name = current_database()
  AND schema_name NOT IN ('main', 'pg_catalog', 'information_schema', 'rs_catalog');
CREATE OR REPLACE VIEW rs_catalog.all_tables AS
SELECT CASE database_name WHEN 'temp' THEN 'pg_temp_1' ELSE schema_name END AS schema_name, table_name,
  CASE WHEN EXISTS (SELECT 1 FROM rs_catalog.materialized_views m WHERE (m.schema_name, m.view_name) = (t.schema_name, t.table_name))
  THEN 'VIEW' ELSE 'BASE TABLE' END AS table_type, comment, estimated_size
FROM duckdb_tables() t WHERE database_name = 'temp' AND schema_name = 'main' OR database_name = current_database()
  AND schema_name NOT IN ('main', 'pg_catalog', 'information_schema', 'rs_catalog')
UNION ALL SELECT schema_name, view_name, 'VIEW', NULL, 0 FROM rs_catalog.late_views
UNION ALL SELECT schema_name, view_name, 'VIEW', comment, 0 FROM duckdb_views()
WHERE schema_name NOT IN ('main', 'pg_catalog', 'information_schema', 'rs_catalog') AND database_name = current_database();
CREATE OR REPLACE VIEW rs_catalog.pg_table_def AS
SELECT schema_name AS schemaname, table_name AS tablename, column_name AS "column", type_name AS "type", encoding,
  distkey, sortkey, NOT is_nullable AS "notnull"
FROM rs_catalog.all_columns ORDER BY schema_name, table_name, position;
CREATE OR REPLACE VIEW rs_catalog.information_columns AS
SELECT current_database() AS table_catalog, schema_name AS table_schema, table_name, column_name,
  position AS ordinal_position, column_default, CASE WHEN is_nullable THEN 'YES' ELSE 'NO' END AS is_nullable,
  regexp_replace(type_name, '\(.*\)', '') AS data_type,
  TRY_CAST(regexp_extract(type_name, '^character.*\((\d+)\)', 1) AS INTEGER) AS character_maximum_length,
  TRY_CAST(regexp_extract(type_name, '^numeric\((\d+),', 1) AS INTEGER) AS numeric_precision,
  TRY_CAST(regexp_extract(type_name, '^numeric\(\d+,(\d+)\)', 1) AS INTEGER) AS numeric_scale
FROM rs_catalog.all_columns;
CREATE OR REPLACE VIEW rs_catalog.svv_columns AS
SELECT *, CAST(NULL AS VARCHAR) AS remarks FROM rs_catalog.information_columns;
CREATE OR REPLACE VIEW rs_catalog.information_tables AS
SELECT current_database() AS table_catalog, schema_name AS table_schema, table_name, table_type
FROM rs_catalog.all_tables;
CREATE OR REPLACE VIEW rs_catalog.svv_tables AS
SELECT *, CAST(NULL AS VARCHAR) AS remarks FROM rs_catalog.information_tables;
CREATE OR REPLACE VIEW rs_catalog.pg_tables AS
SELECT schema_name AS schemaname, table_name AS tablename, 'admin' AS tableowner
FROM rs_catalog.all_tables WHERE table_type = 'BASE TABLE';
CREATE OR REPLACE VIEW rs_catalog.information_schemata AS
SELECT DISTINCT current_database() AS catalog_name, schema_name, 'admin' AS schema_owner
FROM duckdb_schemas() WHERE schema_name NOT IN ('main', 'pg_catalog', 'information_schema', 'rs_catalog') AND database_name = current_database();
CREATE OR REPLACE VIEW rs_catalog.pg_namespace AS
SELECT CAST(hash(schema_name) % 2147483647 AS BIGINT) AS oid, schema_name AS nspname, 100 AS nspowner
FROM rs_catalog.information_schemata;
CREATE OR REPLACE VIEW rs_catalog.pg_class AS
SELECT CAST(hash(schema_name || '.' || table_name) % 2147483647 AS BIGINT) AS oid, table_name AS relname,
  CAST(hash(schema_name) % 2147483647 AS BIGINT) AS relnamespace, 100 AS relowner,
  CASE table_type WHEN 'VIEW' THEN 'v' ELSE 'r' END AS relkind, CAST(estimated_size AS DOUBLE) AS reltuples
FROM rs_catalog.all_tables;
CREATE OR REPLACE VIEW rs_catalog.pg_user AS
SELECT 'admin' AS usename, 100 AS usesysid, true AS usecreatedb, true AS usesuper;
CREATE OR REPLACE VIEW rs_catalog.svv_table_info AS
SELECT current_database() AS database, schema_name AS schema, table_name AS "table",
  COALESCE(json_extract_string(comment, '$.diststyle'), 'AUTO(ALL)') AS diststyle,
  CAST(estimated_size AS BIGINT) AS tbl_rows
FROM rs_catalog.all_tables WHERE table_type = 'BASE TABLE';

CREATE OR REPLACE VIEW rs_catalog.svv_all_tables AS
SELECT current_database() AS database_name, schema_name, table_name,
  CASE table_type WHEN 'BASE TABLE' THEN 'TABLE' ELSE table_type END AS table_type, CAST(NULL AS VARCHAR) AS remarks
FROM rs_catalog.all_tables;
CREATE OR REPLACE VIEW rs_catalog.svv_all_columns AS
SELECT table_catalog AS database_name, table_schema AS schema_name, table_name, column_name, ordinal_position,
  column_default, is_nullable, data_type, character_maximum_length, numeric_precision, numeric_scale,
  CAST(NULL AS VARCHAR) AS remarks
FROM rs_catalog.information_columns;
CREATE OR REPLACE VIEW rs_catalog.svv_all_schemas AS
SELECT current_database() AS database_name, schema_name, 100 AS schema_owner, CASE WHEN EXISTS (SELECT 1
  FROM rs_catalog.external_schemas e WHERE e.schema_name = s.schema_name) THEN 'external' ELSE 'local' END AS schema_type
FROM rs_catalog.information_schemata s;
CREATE OR REPLACE VIEW rs_catalog.svv_redshift_schemas AS
SELECT * FROM rs_catalog.svv_all_schemas WHERE schema_type = 'local';
CREATE OR REPLACE VIEW rs_catalog.pg_views AS
SELECT schema_name AS schemaname, table_name AS viewname, 'admin' AS viewowner
FROM rs_catalog.all_tables WHERE table_type = 'VIEW';
CREATE OR REPLACE VIEW rs_catalog.information_views AS
SELECT current_database() AS table_catalog, schema_name AS table_schema, table_name
FROM rs_catalog.all_tables WHERE table_type = 'VIEW';
CREATE OR REPLACE VIEW rs_catalog.pg_database AS SELECT current_database() AS datname;
CREATE OR REPLACE VIEW rs_catalog.svv_mv_info AS
SELECT current_database() AS database_name, schema_name, 100 AS user_id, view_name AS name,
  CASE WHEN auto_refresh THEN 't' ELSE 'f' END AS autorefresh
FROM rs_catalog.materialized_views;
CREATE OR REPLACE VIEW rs_catalog.key_column_usage AS
SELECT current_database() AS constraint_catalog, schema_name AS constraint_schema,
  table_name || '_pkey' AS constraint_name, current_database() AS table_catalog, schema_name AS table_schema,
  table_name, column_name,
  CAST(row_number() OVER (PARTITION BY schema_name, table_name ORDER BY position) AS INTEGER) AS ordinal_position
FROM rs_catalog.all_columns WHERE primary_key;
CREATE OR REPLACE VIEW rs_catalog.table_constraints AS
SELECT DISTINCT constraint_catalog, constraint_schema, constraint_name, table_catalog, table_schema, table_name,
  'PRIMARY KEY' AS constraint_type
FROM rs_catalog.key_column_usage;
