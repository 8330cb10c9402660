"""SHOW: queries on the system tables, and the statement that made a table.

https://docs.aws.amazon.com/redshift/latest/dg/r_SHOW_TABLES.html
https://docs.aws.amazon.com/redshift/latest/dg/r_SHOW_TABLE.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mwaactl.emulator.warehouse.columns import literal, read_columns, schema_of
from mwaactl.emulator.warehouse.faults import Refused, StatementFailed
from mwaactl.emulator.warehouse.spectrum.external_schemas import external_schemas
from mwaactl.emulator.warehouse.sql.token_reader import TokenReader

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from mwaactl.emulator.warehouse.columns import Column

_SCHEMAS = (
    "SELECT database_name, schema_name, schema_owner, schema_type, NULL AS schema_acl, "
    "NULL AS source_database, NULL AS schema_option FROM svv_all_schemas"
)
_TABLES = (
    "SELECT database_name, schema_name, table_name, table_type, NULL AS table_acl, remarks "
    "FROM svv_all_tables"
)
_EXTERNAL_TABLES = (
    "SELECT redshift_database_name AS database_name, schemaname AS schema_name, tablename AS table_name, "
    "'EXTERNAL TABLE' AS table_type, NULL AS table_acl, NULL AS remarks FROM svv_external_tables"
)
_COLUMNS = (
    "SELECT database_name, schema_name, table_name, column_name, ordinal_position, column_default, "
    "is_nullable, data_type, character_maximum_length, numeric_precision, numeric_scale, remarks "
    "FROM svv_all_columns"
)


def shown(cursor: DuckDBPyConnection, sql: str) -> str:
    """Return the query, in Redshift's terms, whose rows a SHOW gives.

    Raises:
        StatementFailed: If it is wrong, or what it names does not exist.
        Refused: If this SHOW is not modelled.
    """
    reader = TokenReader(sql)
    reader.take()  # SHOW itself
    if reader.words("TABLES", "FROM", "SCHEMA"):
        schema = reader.name()[1]
        source = _EXTERNAL_TABLES if schema in external_schemas(cursor) else _TABLES
        column = "schemaname" if source is _EXTERNAL_TABLES else "schema_name"
        name = "tablename" if source is _EXTERNAL_TABLES else "table_name"
        return f"{source} WHERE {column} = {literal(schema)}{_rest(reader, name, name)}"
    if reader.words("SCHEMAS", "FROM", "DATABASE"):
        database = literal(reader.name()[1])
        return f"{_SCHEMAS} WHERE database_name = {database}{_rest(reader, 'schema_name', 'schema_name')}"
    if reader.words("COLUMNS", "FROM", "TABLE"):
        schema, table = _existing(cursor, reader)
        where = f"schema_name = {literal(schema)} AND table_name = {literal(table)}"
        return f"{_COLUMNS} WHERE {where}{_rest(reader, 'column_name', 'ordinal_position')}"
    if reader.skip("TABLE"):
        schema, table = _existing(cursor, reader)
        reader.end()
        return f'SELECT {literal(_definition(cursor, schema, table))} AS "show table ddl statement"'
    msg = f"SHOW {reader.word}"
    raise Refused(
        msg, "modelled are SHOW SCHEMAS FROM DATABASE, TABLES FROM SCHEMA, COLUMNS FROM TABLE and SHOW TABLE"
    )


def _rest(reader: TokenReader, filtered: str, order: str) -> str:
    text = ""
    if reader.skip("LIKE"):
        text += f" AND {filtered} LIKE {literal(reader.string('LIKE'))}"
    text += f" ORDER BY {order}"
    if reader.skip("LIMIT"):
        text += f" LIMIT {int(reader.take().text)}"
    reader.end()
    return text


def _existing(cursor: DuckDBPyConnection, reader: TokenReader) -> tuple[str, str]:
    schema, table = reader.name()
    found = schema_of(cursor, schema, table)
    if not found:
        message = f'ERROR: relation "{table}" does not exist'
        raise StatementFailed(message)
    return found, table


def _definition(cursor: DuckDBPyConnection, schema: str, table: str) -> str:
    columns = read_columns(cursor, schema, table)
    lines = [f"    {_column(column)}" for column in columns]
    keys = [column.name for column in columns if column.primary]
    if keys:
        lines.append(f"    PRIMARY KEY ({', '.join(keys)})")
    row = cursor.execute(
        'SELECT diststyle FROM rs_catalog.svv_table_info WHERE schema = ? AND "table" = ?', [schema, table]
    ).fetchone()
    style = str(row[0]) if row else "AUTO"
    distributed = [column.name for column in columns if column.distkey]
    tail = f"DISTSTYLE {'KEY' if distributed else style.partition('(')[0]}"
    if distributed:
        tail += f" DISTKEY ({distributed[0]})"
    sorted_by = sorted((c for c in columns if c.sortkey), key=lambda column: abs(column.sortkey))
    if sorted_by:
        kind = "INTERLEAVED " if sorted_by[0].sortkey < 0 else ""
        tail += f" {kind}SORTKEY ({', '.join(column.name for column in sorted_by)})"
    body = ",\n".join(lines)
    return f"CREATE TABLE {schema}.{table} (\n{body}\n)\n{tail};"


def _column(column: Column) -> str:
    null = "" if column.nullable else " NOT NULL"
    encode = f" ENCODE {column.encoding}" if column.encoding else ""
    return f"{column.name} {column.type.declared}{null}{encode}"
