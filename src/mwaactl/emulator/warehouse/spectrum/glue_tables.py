"""Tables of the Glue Data Catalog: their columns, partitions, and how their files are to be read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from mwaactl.emulator.warehouse.columns import Column
from mwaactl.emulator.warehouse.faults import Refused, StatementFailed
from mwaactl.emulator.warehouse.spectrum.external_types import external_type

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mwaactl.emulator.warehouse.sessions import Session
    from mwaactl.emulator.warehouse.spectrum.external_schemas import ExternalSchema

LAZY_SIMPLE = "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe"
OPEN_CSV = "org.apache.hadoop.hive.serde2.OpenCSVSerde"
PARQUET = "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"
JSON = ("org.openx.data.jsonserde.JsonSerDe", "org.apache.hive.hcatalog.data.JsonSerDe")
NO_VALUE = "__HIVE_DEFAULT_PARTITION__"


@dataclass(frozen=True, slots=True)
class Partition:
    """One partition: the values of the partition columns (None for NULL), and where its files stand."""

    values: tuple[str | None, ...]
    location: str


@dataclass(frozen=True, slots=True)
class ExternalTable:
    """One table.

    Attributes:
        name: Its name with its schema.
        columns: The columns that stand in the files.
        keys: The partition columns.
        location: Where its files stand, if it has no partition columns.
        serde: The class that reads them.
        settings: The properties of the table and of its serde.
    """

    name: str
    columns: tuple[Column, ...]
    keys: tuple[Column, ...]
    location: str
    serde: str
    settings: Mapping[str, str]


def glue_failure(error: ClientError) -> StatementFailed:
    """Return an error of Glue as Redshift words it."""
    found = error.response["Error"]
    return StatementFailed(f"ERROR: {found.get('Code')}: {found.get('Message')}")


def glue_of(session: Session, schema: ExternalSchema) -> Any:  # noqa: ANN401
    """Return a client of the catalog with the schema's rights."""
    region = schema.region or session.namespace.region
    return session.loads.client(session, "glue", schema.authorization, region)


def read_table(glue: Any, schema: ExternalSchema, name: str) -> ExternalTable:  # noqa: ANN401
    """Return a table of the catalog.

    Raises:
        StatementFailed: If it does not exist, or the role may not read it.
        Refused: If its type or its files' format is not modelled.
    """
    try:
        found = glue.get_table(DatabaseName=schema.database, Name=name)["Table"]
    except ClientError as error:
        if error.response["Error"]["Code"] == "EntityNotFoundException" and _has_database(glue, schema):
            message = f'ERROR: relation "{schema.name}.{name}" does not exist'
            raise StatementFailed(message) from error
        raise glue_failure(error) from error
    return _table(f"{schema.name}.{name}", found)


def _has_database(glue: Any, schema: ExternalSchema) -> bool:  # noqa: ANN401
    try:
        glue.get_database(Name=schema.database)
    except ClientError as error:  # a role that may not ask is not told that there is none
        return error.response["Error"]["Code"] != "EntityNotFoundException"
    return True


def _table(name: str, found: Mapping[str, Any]) -> ExternalTable:
    if found.get("TableType") == "VIRTUAL_VIEW" or found.get("Parameters", {}).get("table_type"):
        msg = f"{name}, which is no table of files"
        raise Refused(msg, "views of the catalog, Iceberg, Hudi and Delta Lake tables are not modelled")
    storage = found.get("StorageDescriptor", {})
    serde = storage.get("SerdeInfo", {})
    return ExternalTable(
        name=name,
        columns=_columns(name, storage.get("Columns", ())),
        keys=_columns(name, found.get("PartitionKeys", ())),
        location=storage.get("Location", ""),
        serde=serde.get("SerializationLibrary", ""),
        settings={**found.get("Parameters", {}), **serde.get("Parameters", {})},
    )


def _columns(table: str, written: Any) -> tuple[Column, ...]:  # noqa: ANN401
    return tuple(
        Column(item["Name"].lower(), external_type(table, item["Name"], item.get("Type", "string")))
        for item in written
    )


def read_partitions(glue: Any, schema: ExternalSchema, name: str) -> list[Partition]:  # noqa: ANN401
    """Return the registered partitions of a table."""
    try:
        pages = glue.get_paginator("get_partitions").paginate(DatabaseName=schema.database, TableName=name)
        return [
            Partition(
                tuple(None if value == NO_VALUE else value for value in item["Values"]),
                item["StorageDescriptor"]["Location"],
            )
            for page in pages
            for item in page["Partitions"]
        ]
    except ClientError as error:
        raise glue_failure(error) from error
