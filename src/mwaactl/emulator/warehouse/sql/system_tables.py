"""Redshift's system tables, as views on DuckDB's catalog and on what COPY records; and the macros of SQL."""

from __future__ import annotations

from importlib.resources import files

SYSTEM_SCHEMA = "rs_catalog"
# What Redshift calls it: the view's name in the system schema.
SYSTEM_TABLES = {
    "information_schema.columns": "information_columns",
    "information_schema.key_column_usage": "key_column_usage",
    "information_schema.schemata": "information_schemata",
    "information_schema.table_constraints": "table_constraints",
    "information_schema.tables": "information_tables",
    "information_schema.views": "information_views",
    "pg_class": "pg_class",
    "pg_database": "pg_database",
    "pg_namespace": "pg_namespace",
    "pg_table_def": "pg_table_def",
    "pg_tables": "pg_tables",
    "pg_user": "pg_user",
    "pg_views": "pg_views",
    "stl_load_errors": "stl_load_errors",
    "svv_all_columns": "svv_all_columns",
    "svv_all_schemas": "svv_all_schemas",
    "svv_all_tables": "svv_all_tables",
    "svv_external_schemas": "svv_external_schemas",
    "svv_mv_info": "svv_mv_info",
    "svv_redshift_columns": "svv_all_columns",
    "svv_redshift_schemas": "svv_redshift_schemas",
    "svv_redshift_tables": "svv_all_tables",
    "svv_columns": "svv_columns",
    "svv_tables": "svv_tables",
    "svv_table_info": "svv_table_info",
    "sys_load_error_detail": "sys_load_error_detail",
}
# A name that begins so is a system table that is not modelled, unless it stands above.
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


def setup_sql() -> str:
    """Return the statements that prepare a database; harmless where they have run before."""
    texts = (files(__package__).joinpath(name) for name in ("macros.sql", "system_tables.sql"))
    return "\n".join(text.read_text(encoding="utf-8") for text in texts)
