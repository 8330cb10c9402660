"""Redshift's system tables, as views on DuckDB's catalog and on what COPY records."""

from __future__ import annotations

SYSTEM_SCHEMA = "rs_catalog"
# What Redshift calls it: the view's name in the system schema.
SYSTEM_TABLES = {
    "information_schema.columns": "information_columns",
    "information_schema.schemata": "information_schemata",
    "information_schema.tables": "information_tables",
    "pg_namespace": "pg_namespace",
    "pg_table_def": "pg_table_def",
    "pg_tables": "pg_tables",
    "stl_load_errors": "stl_load_errors",
    "svv_columns": "svv_columns",
    "svv_tables": "svv_tables",
    "svv_table_info": "svv_table_info",
    "sys_load_error_detail": "sys_load_error_detail",
}
SYSTEM_TABLE_REFUSALS = (
    "pg_",
    "stl_",
    "stv_",
    "svl_",
    "svv_",
    "sys_",
    "svcs_",
    "duckdb_",
    "sqlite_",
    "pragma_",
)
HIDDEN_SCHEMAS = ("main", "pg_catalog", "information_schema", SYSTEM_SCHEMA)

_USER_SCHEMA = "schema_name NOT IN ('main', 'pg_catalog', 'information_schema', 'rs_catalog')"

# Table attributes stand in the comment of the table or column, as JSON.
SETUP = f"""
CREATE SCHEMA IF NOT EXISTS public;
CREATE SCHEMA IF NOT EXISTS {SYSTEM_SCHEMA};
CREATE SEQUENCE IF NOT EXISTS {SYSTEM_SCHEMA}.query_id START 1000;
CREATE TABLE IF NOT EXISTS {SYSTEM_SCHEMA}.load_errors (
  query BIGINT, start_time TIMESTAMP, file_name VARCHAR, line_number BIGINT, column_name VARCHAR, column_type VARCHAR,
  column_length VARCHAR, raw_line VARCHAR, raw_field_value VARCHAR, error_code INTEGER, error_message VARCHAR,
  table_name VARCHAR
);
CREATE OR REPLACE VIEW {SYSTEM_SCHEMA}.stl_load_errors AS
SELECT 100 AS userid, 0 AS slice, 0 AS tbl, start_time AS starttime, 0 AS session, query, file_name AS filename,
  line_number, column_name AS colname, column_type AS "type", column_length AS col_length, 0 AS "position",
  raw_line, raw_field_value, error_code AS err_code, error_message AS err_reason
FROM {SYSTEM_SCHEMA}.load_errors;
CREATE OR REPLACE VIEW {SYSTEM_SCHEMA}.sys_load_error_detail AS
SELECT 100 AS user_id, query AS query_id, 0 AS transaction_id, 0 AS session_id, current_database() AS database_name,
  start_time, file_name, line_number, column_name, column_type, column_length, 0 AS "position", error_code,
  error_message, table_name
FROM {SYSTEM_SCHEMA}.load_errors;
CREATE OR REPLACE VIEW {SYSTEM_SCHEMA}.all_columns AS
SELECT schema_name, table_name, column_name, CAST(column_index AS INTEGER) AS position, is_nullable, column_default,
  COALESCE(json_extract_string(comment, '$.type'), rs_catalog.rs_type(data_type)) AS type_name,
  COALESCE(json_extract_string(comment, '$.encode'), 'none') AS encoding,
  COALESCE(CAST(json_extract(comment, '$.distkey') AS BOOLEAN), false) AS distkey,
  COALESCE(CAST(json_extract(comment, '$.sortkey') AS INTEGER), 0) AS sortkey,
  json_extract_string(comment, '$.identity') AS identity_kind
FROM duckdb_columns() WHERE {_USER_SCHEMA} AND database_name = current_database();
CREATE OR REPLACE VIEW {SYSTEM_SCHEMA}.all_tables AS
SELECT schema_name, table_name, 'BASE TABLE' AS table_type, comment, estimated_size FROM duckdb_tables()
WHERE {_USER_SCHEMA} AND database_name = current_database()
UNION ALL SELECT schema_name, view_name, 'VIEW', comment, 0 FROM duckdb_views()
WHERE {_USER_SCHEMA} AND database_name = current_database();
CREATE OR REPLACE VIEW {SYSTEM_SCHEMA}.pg_table_def AS
SELECT schema_name AS schemaname, table_name AS tablename, column_name AS "column", type_name AS "type", encoding,
  distkey, sortkey, NOT is_nullable AS "notnull"
FROM {SYSTEM_SCHEMA}.all_columns ORDER BY schema_name, table_name, position;
CREATE OR REPLACE VIEW {SYSTEM_SCHEMA}.information_columns AS
SELECT current_database() AS table_catalog, schema_name AS table_schema, table_name, column_name,
  position AS ordinal_position, column_default, CASE WHEN is_nullable THEN 'YES' ELSE 'NO' END AS is_nullable,
  regexp_replace(type_name, '\\(.*\\)', '') AS data_type,
  TRY_CAST(regexp_extract(type_name, '^character.*\\((\\d+)\\)', 1) AS INTEGER) AS character_maximum_length,
  TRY_CAST(regexp_extract(type_name, '^numeric\\((\\d+),', 1) AS INTEGER) AS numeric_precision,
  TRY_CAST(regexp_extract(type_name, '^numeric\\(\\d+,(\\d+)\\)', 1) AS INTEGER) AS numeric_scale
FROM {SYSTEM_SCHEMA}.all_columns;
CREATE OR REPLACE VIEW {SYSTEM_SCHEMA}.svv_columns AS
SELECT *, CAST(NULL AS VARCHAR) AS remarks FROM {SYSTEM_SCHEMA}.information_columns;
CREATE OR REPLACE VIEW {SYSTEM_SCHEMA}.information_tables AS
SELECT current_database() AS table_catalog, schema_name AS table_schema, table_name, table_type
FROM {SYSTEM_SCHEMA}.all_tables;
CREATE OR REPLACE VIEW {SYSTEM_SCHEMA}.svv_tables AS
SELECT *, CAST(NULL AS VARCHAR) AS remarks FROM {SYSTEM_SCHEMA}.information_tables;
CREATE OR REPLACE VIEW {SYSTEM_SCHEMA}.pg_tables AS
SELECT schema_name AS schemaname, table_name AS tablename, 'admin' AS tableowner
FROM {SYSTEM_SCHEMA}.all_tables WHERE table_type = 'BASE TABLE';
CREATE OR REPLACE VIEW {SYSTEM_SCHEMA}.information_schemata AS
SELECT DISTINCT current_database() AS catalog_name, schema_name, 'admin' AS schema_owner
FROM duckdb_schemas() WHERE {_USER_SCHEMA} AND database_name = current_database();
CREATE OR REPLACE VIEW {SYSTEM_SCHEMA}.pg_namespace AS
SELECT schema_name AS nspname FROM {SYSTEM_SCHEMA}.information_schemata;
CREATE OR REPLACE VIEW {SYSTEM_SCHEMA}.svv_table_info AS
SELECT current_database() AS database, schema_name AS schema, table_name AS "table",
  COALESCE(json_extract_string(comment, '$.diststyle'), 'AUTO(ALL)') AS diststyle,
  CAST(estimated_size AS BIGINT) AS tbl_rows
FROM {SYSTEM_SCHEMA}.all_tables WHERE table_type = 'BASE TABLE';
"""

# Exact division of decimals: the digits as an integer, and back.
DIVISION_MACROS = f"""
CREATE OR REPLACE MACRO {SYSTEM_SCHEMA}.rs_unscaled(x) AS CAST(REPLACE(CAST(x AS VARCHAR), '.', '') AS HUGEINT);
CREATE OR REPLACE MACRO {SYSTEM_SCHEMA}.rs_scaled(digits, power, scale) AS
  CASE WHEN digits < 0 THEN '-' ELSE '' END || CAST(ABS(digits) // power AS VARCHAR)
  || '.' || CASE WHEN scale = 0 THEN '' ELSE LPAD(CAST(ABS(digits) % power AS VARCHAR), scale, '0') END
"""

# DuckDB's type names as Redshift's, for columns without a declared type: views, CREATE TABLE AS.
TYPE_MACRO = """
CREATE OR REPLACE MACRO rs_catalog.rs_type(name) AS CASE
  WHEN name = 'VARCHAR' THEN 'character varying(65535)'
  WHEN name = 'DOUBLE' THEN 'double precision'
  WHEN name = 'FLOAT' THEN 'real'
  WHEN name = 'TIMESTAMP' THEN 'timestamp without time zone'
  WHEN name = 'TIMESTAMP WITH TIME ZONE' THEN 'timestamp with time zone'
  WHEN name = 'TIME' THEN 'time without time zone'
  WHEN name = 'JSON' THEN 'super'
  WHEN name = 'HUGEINT' THEN 'numeric(38,0)'
  WHEN name LIKE 'DECIMAL%' THEN replace(lower(name), 'decimal', 'numeric')
  ELSE lower(name) END
"""
