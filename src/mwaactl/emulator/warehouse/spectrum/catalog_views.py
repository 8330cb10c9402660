"""SVV_EXTERNAL_TABLES, SVV_EXTERNAL_COLUMNS and SVV_EXTERNAL_PARTITIONS: what Glue holds, as rows.

https://docs.aws.amazon.com/redshift/latest/dg/r_SVV_EXTERNAL_TABLES.html
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from mwaactl.emulator.warehouse.columns import Column
from mwaactl.emulator.warehouse.spectrum.glue_tables import glue_failure, glue_of
from mwaactl.emulator.warehouse.types import parse_declared

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from mwaactl.emulator.warehouse.sessions import Session
    from mwaactl.emulator.warehouse.spectrum.external_schemas import ExternalSchema

type Row = tuple[Any, ...]

_STORAGE = "input_format output_format serialization_lib serde_parameters compressed parameters"
_INTEGERS = {"compressed", "columnnum", "part_key"}


def _columns(names: str) -> tuple[Column, ...]:
    return tuple(
        Column(name, parse_declared("integer" if name in _INTEGERS else "varchar(65535)"))
        for name in names.split()
    )


CATALOG_VIEWS: dict[str, tuple[Column, ...]] = {
    "svv_external_tables": _columns(
        f"redshift_database_name schemaname tablename tabletype location {_STORAGE}"
    ),
    "svv_external_columns": _columns(
        "redshift_database_name schemaname tablename columnname external_type columnnum part_key is_nullable"
    ),
    "svv_external_partitions": _columns(f"schemaname tablename values location {_STORAGE}"),
}


def catalog_rows(session: Session, view: str, schemas: Sequence[ExternalSchema]) -> Iterator[Row]:
    """Yield the rows of a view.

    Args:
        session: The session.
        view: One of CATALOG_VIEWS.
        schemas: The external schemas of the database.

    Raises:
        StatementFailed: If a schema's role may not read the catalog.
    """
    rows = _ROWS[view]
    for schema in schemas:
        glue = glue_of(session, schema)
        try:
            pages = glue.get_paginator("get_tables").paginate(DatabaseName=schema.database)
            for table in (table for page in pages for table in page["TableList"]):
                yield from rows(session.database_name, schema, table, glue)
        except ClientError as error:
            if error.response["Error"]["Code"] != "EntityNotFoundException":
                raise glue_failure(error) from error


def _tables(database: str, schema: ExternalSchema, table: Mapping[str, Any], _: object) -> Iterator[Row]:
    storage = table.get("StorageDescriptor", {})
    kind = "VIEW" if table.get("TableType") == "VIRTUAL_VIEW" else "TABLE"
    head = (database, schema.name, table["Name"], kind, storage.get("Location"))
    yield (*head, *_storage(storage, table.get("Parameters", {})))


def _storage(storage: Mapping[str, Any], parameters: Mapping[str, str]) -> Row:
    serde = storage.get("SerdeInfo", {})
    return (
        storage.get("InputFormat"),
        storage.get("OutputFormat"),
        serde.get("SerializationLibrary"),
        json.dumps(serde.get("Parameters", {}), separators=(",", ":")),
        int(bool(storage.get("Compressed"))),
        json.dumps(dict(parameters), separators=(",", ":")),
    )


def _table_columns(
    database: str, schema: ExternalSchema, table: Mapping[str, Any], _: object
) -> Iterator[Row]:
    columns = table.get("StorageDescriptor", {}).get("Columns", ())
    keys = table.get("PartitionKeys", ())
    head = (database, schema.name, table["Name"])
    for number, column in enumerate([*columns, *keys], 1):
        part = max(0, number - len(columns))
        yield (*head, column["Name"].lower(), column.get("Type", "string"), number, part, "")


def _partitions(_: str, schema: ExternalSchema, table: Mapping[str, Any], glue: Any) -> Iterator[Row]:  # noqa: ANN401
    pages = glue.get_paginator("get_partitions").paginate(
        DatabaseName=schema.database, TableName=table["Name"]
    )
    for item in (item for page in pages for item in page["Partitions"]):
        storage = item["StorageDescriptor"]
        values = json.dumps(item["Values"], separators=(",", ":"))
        head = (schema.name, table["Name"], values, storage.get("Location"))
        yield (*head, *_storage(storage, item.get("Parameters", {})))


_ROWS: dict[str, Callable[[str, ExternalSchema, Mapping[str, Any], Any], Iterator[Row]]] = {
    "svv_external_tables": _tables,
    "svv_external_columns": _table_columns,
    "svv_external_partitions": _partitions,
}
