"""Puts external tables and their partitions into Glue, and takes them out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from mwaactl.emulator.warehouse.faults import Refused, StatementFailed
from mwaactl.emulator.warehouse.spectrum.external_schemas import external_schemas
from mwaactl.emulator.warehouse.spectrum.external_types import catalog_type, external_type
from mwaactl.emulator.warehouse.spectrum.glue_tables import (
    LAZY_SIMPLE,
    PARQUET,
    glue_failure,
    glue_of,
    read_table,
)
from mwaactl.emulator.warehouse.sql.external_statements import read_partitions
from mwaactl.emulator.warehouse.sql.token_reader import TokenReader

if TYPE_CHECKING:
    from mwaactl.emulator.warehouse.sessions import Session
    from mwaactl.emulator.warehouse.spectrum.external_schemas import ExternalSchema
    from mwaactl.emulator.warehouse.sql.external_statements import ChangePartitions, CreateExternalTable

_STORAGE = {
    "TEXTFILE": (
        "org.apache.hadoop.mapred.TextInputFormat",
        "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
        LAZY_SIMPLE,
    ),
    "PARQUET": (
        "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
        "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
        PARQUET,
    ),
}


def _of_table(session: Session, schema: str) -> ExternalSchema | None:
    return external_schemas(session.cursor).get(schema)


def create_table(session: Session, command: CreateExternalTable) -> None:
    """Put a table into the catalog."""
    schema = _of_table(session, command.schema)
    if schema is None:
        message = f'ERROR: schema "{command.schema}" is not an external schema'
        raise StatementFailed(message)
    try:
        glue_of(session, schema).create_table(DatabaseName=schema.database, TableInput=_table_input(command))
    except ClientError as error:
        if error.response["Error"]["Code"] == "AlreadyExistsException":
            message = f'ERROR: Relation "{command.name}" already exists'
            raise StatementFailed(message) from error
        raise glue_failure(error) from error


def _table_input(command: CreateExternalTable) -> dict[str, Any]:
    if command.stored not in _STORAGE:
        message = f'ERROR: syntax error at or near "{command.stored.lower()}": expected a file format'
        raise StatementFailed(message)
    reads, writes, serde = _STORAGE[command.stored]
    settings = dict(command.settings) or {"serialization.format": "1"}
    return {
        "Name": command.name,
        "TableType": "EXTERNAL_TABLE",
        "Parameters": {"EXTERNAL": "TRUE", **dict(command.properties)},
        "PartitionKeys": _catalog_columns(command.name, command.keys),
        "StorageDescriptor": {
            "Columns": _catalog_columns(command.name, command.columns),
            "Location": command.location,
            "InputFormat": reads,
            "OutputFormat": writes,
            "SerdeInfo": {"SerializationLibrary": command.serde or serde, "Parameters": settings},
        },
    }


def _catalog_columns(table: str, written: tuple[tuple[str, str], ...]) -> list[dict[str, str]]:
    columns = [(name, catalog_type(kind)) for name, kind in written]
    for name, kind in columns:
        external_type(table, name, kind)  # fails if it is none
    return [{"Name": name, "Type": kind} for name, kind in columns]


def drop_tables(session: Session, sql: str) -> bool:
    """Take external tables out of the catalog; returns False, without a change, if none is external."""
    reader = TokenReader(sql)
    reader.phrase("DROP", "TABLE")
    exists = reader.words("IF", "EXISTS")
    names = [reader.name()]
    while reader.skip(","):
        names.append(reader.name())
    external = [(_of_table(session, schema), name) for schema, name in names]
    if all(schema is None for schema, _ in external):
        return False
    for schema, name in external:
        if schema is None:
            msg = "DROP TABLE of external and other tables in one statement"
            raise Refused(msg, "write one statement for each")
        _drop_table(session, schema, name, exists=exists)
    return True


def _drop_table(session: Session, schema: ExternalSchema, name: str, *, exists: bool) -> None:
    try:
        glue_of(session, schema).delete_table(DatabaseName=schema.database, Name=name)
    except ClientError as error:
        if error.response["Error"]["Code"] != "EntityNotFoundException":
            raise glue_failure(error) from error
        if not exists:
            message = f"ERROR: Table {schema.name}.{name} does not exist"
            raise StatementFailed(message) from error


def alter_table(session: Session, sql: str) -> bool:
    """Add or drop partitions; returns False if the table is not external."""
    reader = TokenReader(sql)
    reader.phrase("ALTER", "TABLE")
    schema = _of_table(session, reader.name()[0])
    if schema is None:
        return False
    command = read_partitions(sql)
    if command is None:
        msg = "ALTER TABLE of an external table"
        raise Refused(msg, "modelled are ADD PARTITION and DROP PARTITION: change the table in Glue")
    _change_partitions(session, schema, command)
    return True


def _change_partitions(session: Session, schema: ExternalSchema, command: ChangePartitions) -> None:
    glue = glue_of(session, schema)
    keys = [key.name for key in read_table(glue, schema, command.name).keys]
    wanted = [(_values(command.name, keys, dict(given)), place) for given, place in command.partitions]
    table = {"DatabaseName": schema.database, "TableName": command.name}
    try:
        found = glue.get_table(DatabaseName=schema.database, Name=command.name)["Table"]
        for values, location in wanted:
            if not command.adds:
                glue.delete_partition(**table, PartitionValues=values)
                continue
            storage = {**found["StorageDescriptor"], "Location": location}
            partition = {"Values": values, "StorageDescriptor": storage}
            _add_partition(glue, table, partition, exists=command.exists)
    except ClientError as error:
        raise glue_failure(error) from error


def _add_partition(glue: Any, table: dict[str, str], partition: dict[str, Any], *, exists: bool) -> None:  # noqa: ANN401
    try:
        glue.create_partition(**table, PartitionInput=partition)
    except ClientError as error:
        if not exists or error.response["Error"]["Code"] != "AlreadyExistsException":
            raise


def _values(table: str, keys: list[str], given: dict[str, str]) -> list[str]:
    if sorted(keys) != sorted(given):
        message = f"ERROR: {table} is partitioned by {', '.join(keys) or 'no column'}"
        raise StatementFailed(message)
    return [given[key] for key in keys]
