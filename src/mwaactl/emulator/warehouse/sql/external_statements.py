"""Statements on external schemas and tables read from their text into values.

https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_EXTERNAL_SCHEMA.html
https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_EXTERNAL_TABLE.html
"""

from __future__ import annotations

from dataclasses import dataclass

from mwaactl.emulator.warehouse.faults import Refused, StatementFailed
from mwaactl.emulator.warehouse.sql.load_options import DEFAULT_ROLE
from mwaactl.emulator.warehouse.sql.token_reader import TokenReader

_SOURCES = ("HIVE", "POSTGRES", "MYSQL", "KINESIS", "MSK", "KAFKA", "IAM_ROLE", "REDSHIFT")
_FORMATS = ("ORC", "AVRO", "RCFILE", "SEQUENCEFILE", "INPUTFORMAT", "ION")


@dataclass(frozen=True, slots=True)
class CreateExternalSchema:
    """CREATE EXTERNAL SCHEMA; `makes_database` is CREATE EXTERNAL DATABASE IF NOT EXISTS."""

    name: str
    database: str
    roles: tuple[str, ...]
    region: str = ""
    exists: bool = False
    makes_database: bool = False


@dataclass(frozen=True, slots=True)
class DropSchemas:
    """DROP SCHEMA; `database` is DROP EXTERNAL DATABASE."""

    names: tuple[str, ...]
    exists: bool
    database: bool
    cascade: bool


@dataclass(frozen=True, slots=True)
class CreateExternalTable:
    """CREATE EXTERNAL TABLE; columns and keys are names with types as the statement writes them."""

    schema: str
    name: str
    columns: tuple[tuple[str, str], ...]
    keys: tuple[tuple[str, str], ...]
    serde: str
    settings: tuple[tuple[str, str], ...]
    stored: str
    location: str
    properties: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ChangePartitions:
    """ALTER TABLE … ADD or DROP PARTITION: the partitions' columns with values, and their locations."""

    schema: str
    name: str
    partitions: tuple[tuple[tuple[tuple[str, str], ...], str], ...]
    adds: bool
    exists: bool


def read_create_schema(sql: str) -> CreateExternalSchema:
    """Read CREATE EXTERNAL SCHEMA.

    Raises:
        StatementFailed: If it is wrong, or its source is not modelled.
    """
    reader = TokenReader(sql)
    reader.phrase("CREATE", "EXTERNAL", "SCHEMA")
    exists = reader.words("IF", "NOT", "EXISTS")
    _, name = reader.name()
    reader.expect("FROM")
    if reader.word in _SOURCES:
        msg = f"CREATE EXTERNAL SCHEMA FROM {reader.word}"
        raise Refused(msg, "modelled is FROM DATA CATALOG")
    reader.phrase("DATA", "CATALOG", "DATABASE")
    database = reader.string("DATABASE")
    region, makes = "", False
    roles: tuple[str, ...] = ()
    while reader.word:
        if reader.skip("REGION"):
            region = reader.string("REGION")
        elif reader.skip("IAM_ROLE"):
            roles = _roles(reader)
        elif reader.words("CREATE", "EXTERNAL", "DATABASE"):
            reader.phrase("IF", "NOT", "EXISTS")
            makes = True
        else:
            _refuse_catalog_option(reader)
    if not roles:
        message = "ERROR: CREATE EXTERNAL SCHEMA requires IAM_ROLE"
        raise StatementFailed(message)
    return CreateExternalSchema(name, database.lower(), roles, region, exists, makes)


def _roles(reader: TokenReader) -> tuple[str, ...]:
    if reader.skip("DEFAULT"):
        return (DEFAULT_ROLE,)
    roles = reader.string("IAM_ROLE")
    if roles.upper() == "SESSION":
        msg = "IAM_ROLE 'SESSION'"
        raise Refused(msg, "federated identities are not modelled: name a role")
    return (DEFAULT_ROLE,) if roles.lower() == DEFAULT_ROLE else tuple(roles.split(","))


def _refuse_catalog_option(reader: TokenReader) -> None:
    if reader.word in {"CATALOG_ROLE", "CATALOG_ID"}:
        msg = f"CREATE EXTERNAL SCHEMA … {reader.word}"
        raise Refused(msg, "modelled is the catalog of the namespace's own account")
    reader.end()


def read_drop_schema(sql: str) -> DropSchemas:
    """Read DROP SCHEMA."""
    reader = TokenReader(sql)
    reader.phrase("DROP", "SCHEMA")
    exists = reader.words("IF", "EXISTS")
    names = [reader.name()[1]]
    while reader.skip(","):
        names.append(reader.name()[1])
    database = reader.words("DROP", "EXTERNAL", "DATABASE")
    cascade = reader.skip("CASCADE")
    reader.skip("RESTRICT")
    reader.end()
    return DropSchemas(tuple(names), exists, database, cascade)


def read_create_table(sql: str) -> CreateExternalTable:
    """Read CREATE EXTERNAL TABLE.

    Raises:
        StatementFailed: If it is wrong.
        Refused: If the format is not modelled, or the statement writes the table too.
    """
    reader = TokenReader(sql)
    reader.phrase("CREATE", "EXTERNAL", "TABLE")
    schema, name = reader.name()
    if reader.word != "(":
        msg = "CREATE EXTERNAL TABLE AS"
        raise Refused(msg, "write the files with UNLOAD and create the table over them")
    columns = _definitions(reader)
    keys = _definitions(reader) if reader.skip("PARTITIONED BY") else ()
    serde, settings = _row_format(reader)
    reader.phrase("STORED", "AS")
    stored = reader.take().text.upper()
    if stored in _FORMATS:
        msg = f"CREATE EXTERNAL TABLE STORED AS {stored}"
        raise Refused(msg, "modelled are PARQUET and TEXTFILE")
    reader.expect("LOCATION")
    location = reader.string("LOCATION")
    properties = tuple(reader.pairs()) if reader.words("TABLE", "PROPERTIES") else ()
    reader.end()
    return CreateExternalTable(schema, name, columns, keys, serde, settings, stored, location, properties)


def _definitions(reader: TokenReader) -> tuple[tuple[str, str], ...]:
    """Read (name type, …); a type may hold parentheses of its own."""
    found = []
    reader.expect("(")
    while not reader.skip(")"):
        name, kind = reader.take().text.lower(), reader.take().text
        if reader.skip("("):
            sizes = []
            while not reader.skip(")"):
                sizes.append(reader.take().text)
            kind += f"({''.join(sizes)})"
        found.append((name, kind))
        reader.skip(",")
    return tuple(found)


def _row_format(reader: TokenReader) -> tuple[str, tuple[tuple[str, str], ...]]:
    if not reader.words("ROW", "FORMAT"):
        return "", ()
    if reader.skip("SERDE"):
        serde = reader.string("SERDE")
        return serde, tuple(reader.pairs()) if reader.words("WITH", "SERDEPROPERTIES") else ()
    reader.expect("DELIMITED")
    settings = []
    while reader.word in {"FIELDS", "LINES"}:
        name = {"FIELDS": "field.delim", "LINES": "line.delim"}[reader.take().text.upper()]
        reader.phrase("TERMINATED", "BY")
        settings.append((name, reader.string("BY").replace("\\t", "\t").replace("\\n", "\n")))
    return "", tuple(settings)


def read_partitions(sql: str) -> ChangePartitions | None:
    """Read ALTER TABLE … ADD or DROP PARTITION; None if it changes something else."""
    reader = TokenReader(sql)
    reader.phrase("ALTER", "TABLE")
    schema, name = reader.name()
    adds = reader.skip("ADD")
    exists = adds and reader.words("IF", "NOT", "EXISTS")
    if not adds and not reader.skip("DROP"):
        return None
    partitions = []
    while reader.skip("PARTITION"):
        values = tuple((column.lower(), value) for column, value in reader.pairs())
        location = ""
        if adds:
            reader.expect("LOCATION")
            location = reader.string("LOCATION")
        partitions.append((values, location))
    if not partitions:
        return None
    reader.end()
    return ChangePartitions(schema, name, tuple(partitions), adds, exists)
