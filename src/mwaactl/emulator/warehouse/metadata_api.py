"""The catalog operations of the `redshift-data` API: databases, schemas, tables and columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mwaactl.emulator.warehouse.columns import Column, read_columns
from mwaactl.emulator.warehouse.faults import ServiceFault, invalid
from mwaactl.emulator.warehouse.paging import page
from mwaactl.emulator.warehouse.sql.system_tables import SYSTEM_SCHEMA

if TYPE_CHECKING:
    from collections.abc import Mapping

    from duckdb import DuckDBPyConnection

    from mwaactl.emulator.warehouse.connections import Connections
    from mwaactl.emulator.warehouse.databases import Databases
    from mwaactl.emulator.warehouse.protocol import Operation

type Params = dict[str, Any]
_PAGE = 1000


class MetadataApi:
    """Answers from the catalog at once, without a statement."""

    def __init__(self, connections: Connections, databases: Databases) -> None:
        self._connections = connections
        self._databases = databases

    def operations(self) -> Mapping[str, Operation]:
        """Return what answers each operation."""
        return {
            "ListDatabases": self._list_databases,
            "ListSchemas": self._list_schemas,
            "ListTables": self._list_tables,
            "DescribeTable": self._describe_table,
        }

    def _cursor(self, params: Params, region: str) -> tuple[DuckDBPyConnection, str]:
        connection = self._connections.open(params, region)
        if not connection.database_exists:
            message = f'FATAL: database "{connection.database}" does not exist'
            msg = "DatabaseConnectionException"
            raise ServiceFault(msg, message, 500)
        return self._databases.open(connection.namespace).cursor(), connection.namespace.db_name

    def _list_databases(self, params: Params, region: str) -> Params:
        _, name = self._cursor(params, region)
        return {"Databases": [name]}

    def _list_schemas(self, params: Params, region: str) -> Params:
        cursor, _ = self._cursor(params, region)
        rows = cursor.execute(
            f"SELECT schema_name FROM {SYSTEM_SCHEMA}.information_schemata "  # noqa: S608
            "WHERE schema_name LIKE ? ORDER BY 1",
            [params.get("SchemaPattern", "%")],
        ).fetchall()
        return _paged("Schemas", [name for (name,) in rows], params)

    def _list_tables(self, params: Params, region: str) -> Params:
        cursor, _ = self._cursor(params, region)
        rows = cursor.execute(
            f"SELECT schema_name, table_name, table_type FROM {SYSTEM_SCHEMA}.all_tables "  # noqa: S608
            "WHERE schema_name LIKE ? AND table_name LIKE ? ORDER BY 1, 2",
            [params.get("SchemaPattern", "%"), params.get("TablePattern", "%")],
        ).fetchall()
        kinds = {"BASE TABLE": "TABLE", "VIEW": "VIEW"}
        tables = [{"schema": schema, "name": name, "type": kinds[kind]} for schema, name, kind in rows]
        return _paged("Tables", tables, params)

    def _describe_table(self, params: Params, region: str) -> Params:
        cursor, _ = self._cursor(params, region)
        schema, table = params.get("Schema", "public").lower(), params.get("Table", "").lower()
        if not table:
            message = "Table is required: the emulator does not describe all tables at once"
            raise invalid(message)
        columns = [_column(column, schema, table) for column in read_columns(cursor, schema, table)]
        return _paged("ColumnList", columns, params) | {"TableName": table}


def _paged(member: str, items: list[Any], params: Params) -> Params:
    found, token = page(items, params.get("NextToken"), params.get("MaxResults") or _PAGE)
    return {member: list(found), "NextToken": token}


def _column(column: Column, schema: str, table: str) -> Params:
    return {
        "columnDefault": None if column.identity else column.default,
        "isCaseSensitive": column.type.name in {"varchar", "bpchar"},
        "isCurrency": False,
        "isSigned": column.type.name in {"int2", "int4", "int8", "float4", "float8", "numeric"},
        "label": column.name,
        "length": column.type.length,
        "name": column.name,
        "nullable": int(column.nullable),
        "precision": column.type.length or column.type.precision,
        "scale": column.type.scale,
        "schemaName": schema,
        "tableName": table,
        "typeName": column.type.name,
    }
