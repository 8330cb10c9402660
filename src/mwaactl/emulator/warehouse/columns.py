"""A table's columns as Redshift declares them, and the DuckDB statements that make such a table."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mwaactl.emulator.warehouse.sql.system_tables import SYSTEM_SCHEMA
from mwaactl.emulator.warehouse.types import is_told_by_duckdb, parse_declared

if TYPE_CHECKING:
    from collections.abc import Sequence

    from duckdb import DuckDBPyConnection

    from mwaactl.emulator.warehouse.types import RedshiftType

TEMPORARY = "'pg_temp_1'"  # the schema that holds a session's temporary tables, as SQL
ALWAYS, BY_DEFAULT = "always", "by default"


@dataclass(frozen=True, slots=True)
class Identity:
    """IDENTITY(seed, step); `kind` is ALWAYS (no value may be given) or BY_DEFAULT."""

    seed: int
    step: int
    kind: str = ALWAYS


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        name: Its name, in lower case.
        type: Its type.
        nullable: Whether it may be NULL.
        default: DuckDB's text of the default, if there is one.
        identity: The kind of an identity column.
        encoding: The declared compression.
        distkey: Whether rows are distributed by it.
        sortkey: Its place among the sort keys from 1, negative if interleaved, 0 if none.
        primary: Whether it belongs to the primary key, which Redshift remembers and does not enforce.
    """

    name: str
    type: RedshiftType
    nullable: bool = True
    default: str | None = None
    identity: str | None = None
    encoding: str | None = None
    distkey: bool = False
    sortkey: int = 0
    primary: bool = False

    @property
    def definition(self) -> str:
        """DuckDB's definition; the length is checked in bytes, as Redshift counts."""
        name = quoted(self.name)
        parts = [name, self.type.duckdb]
        if not self.nullable:
            parts.append("NOT NULL")
        if self.default:
            parts.append(f"DEFAULT {self.default}")
        if self.type.length and self.type.duckdb == "VARCHAR":
            fits = f"strlen({name}) <= {self.type.length}"
            if self.type.name == "bpchar":  # the other way round, so that the failure tells CHAR
                fits = f"{self.type.length} >= strlen({name})"
            parts.append(f"CHECK ({fits})")
        return " ".join(parts)

    @property
    def comment(self) -> str | None:
        """What DuckDB cannot hold, as JSON; None where it holds all, because a comment takes a while."""
        facts = {
            "type": None if is_told_by_duckdb(self.type) else self.type.declared,
            "encode": self.encoding,
            "distkey": self.distkey or None,
            "sortkey": self.sortkey or None,
            "identity": self.identity,
            "primary": self.primary or None,
        }
        known = {key: value for key, value in facts.items() if value is not None}
        return json.dumps(known) if known else None


@dataclass(frozen=True, slots=True)
class TableName:
    """A table's schema (empty: found on the search path) and name; a name with # is a temporary table's."""

    schema: str
    name: str
    temporary: bool = False

    @property
    def text(self) -> str:
        """The quoted name."""
        return f"{quoted(self.schema)}.{quoted(self.name)}" if self.schema else quoted(self.name)


def quoted(name: str) -> str:
    """Return an identifier in quotation marks."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Return a string literal."""
    return "'" + text.replace("'", "''") + "'"


def create_statements(table: TableName, columns: Sequence[Column], style: str | None = None) -> list[str]:
    """Return the statements that create an empty table."""
    kind = "TEMPORARY TABLE" if table.temporary else "TABLE"
    body = ", ".join(column.definition for column in columns)
    comments = [
        f"COMMENT ON COLUMN {table.text}.{quoted(column.name)} IS {literal(comment)}"
        for column in columns
        if (comment := column.comment) is not None
    ]
    return [f"CREATE {kind} {table.text} ({body})", *comments, *style_statements(table, style)]


def style_statements(table: TableName, style: str | None) -> list[str]:
    """Return the statements that remember a table's distribution style."""
    return (
        [f"COMMENT ON TABLE {table.text} IS {literal(json.dumps({'diststyle': style.upper()}))}"]
        if style
        else []
    )


def identity_sequence(identity: Identity) -> tuple[str, str]:
    """Return the statement that makes a sequence for an identity column, and the column's default."""
    name = f'{SYSTEM_SCHEMA}."identity_{uuid.uuid4().hex}"'
    bound = "MINVALUE -9223372036854775808 " if identity.step > 0 else "MAXVALUE 9223372036854775807 "
    create = f"CREATE SEQUENCE {name} INCREMENT {identity.step} {bound}START {identity.seed}"
    return create, f"nextval({literal(name)})"


def schema_of(cursor: DuckDBPyConnection, schema: str, table: str) -> str | None:
    """Return the schema that a table or view is found in, None if there is no such table.

    Args:
        cursor: The session's cursor.
        schema: As the statement names it; empty for temporary tables, then those of the search path.
        table: Its name.
    """
    rows = cursor.execute(
        "SELECT t.schema_name, "  # noqa: S608
        f"list_position(list_prepend({TEMPORARY}, current_schemas(false)), t.schema_name) AS place "
        f"FROM {SYSTEM_SCHEMA}.all_tables AS t WHERE t.table_name = ? ORDER BY place",
        [table],
    ).fetchall()
    found = [str(name) for name, place in rows if (name == schema if schema else place)]
    return found[0] if found else None


def read_columns(cursor: DuckDBPyConnection, schema: str, table: str) -> list[Column]:
    """Return the columns of a table or view in order; none if it does not exist.

    Args:
        cursor: The session's cursor.
        schema: Its schema; empty to look for it as a statement would.
        table: Its name.
    """
    found = schema_of(cursor, schema, table)
    rows = cursor.execute(
        "SELECT column_name, type_name, is_nullable, column_default, identity_kind, "  # noqa: S608
        "encoding, distkey, sortkey, primary_key "
        f"FROM {SYSTEM_SCHEMA}.all_columns WHERE schema_name = ? AND table_name = ? ORDER BY position",
        [found, table],
    ).fetchall()
    return [
        Column(
            name=name,
            type=parse_declared(declared),
            nullable=bool(nullable),
            default=default,
            identity=identity,
            encoding=None if encoding == "none" else encoding,
            distkey=bool(distkey),
            sortkey=int(sortkey),
            primary=bool(primary),
        )
        for name, declared, nullable, default, identity, encoding, distkey, sortkey, primary in rows
    ]
