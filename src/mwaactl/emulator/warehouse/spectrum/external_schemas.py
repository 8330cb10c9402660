"""Which schemas are external: their database in the Glue Data Catalog and the role that reads it.

https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_EXTERNAL_SCHEMA.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mwaactl.emulator.warehouse.sql.load_options import Authorization
from mwaactl.emulator.warehouse.sql.system_tables import SYSTEM_SCHEMA

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_TABLE = f"{SYSTEM_SCHEMA}.external_schemas"


@dataclass(frozen=True, slots=True)
class ExternalSchema:
    """One external schema.

    Attributes:
        name: The schema's name.
        database: The Glue database.
        roles: The role's ARN, a chain of them, or `default`.
        region: The region of the catalog; empty for the namespace's.
    """

    name: str
    database: str
    roles: tuple[str, ...]
    region: str = ""

    @property
    def authorization(self) -> Authorization:
        """Whose rights its statements have."""
        return Authorization(roles=self.roles)


def remember(cursor: DuckDBPyConnection, schema: ExternalSchema) -> None:
    """Record a schema."""
    cursor.execute(
        f"INSERT INTO {_TABLE} VALUES (?, ?, ?, ?)",  # noqa: S608
        [schema.name, schema.database, list(schema.roles), schema.region],
    )


def forget(cursor: DuckDBPyConnection, name: str) -> None:
    """Remove a schema's record; harmless if there is none."""
    cursor.execute(f"DELETE FROM {_TABLE} WHERE schema_name = ?", [name])  # noqa: S608


def external_schemas(cursor: DuckDBPyConnection) -> dict[str, ExternalSchema]:
    """Return the external schemas by name."""
    rows = cursor.execute(
        f"SELECT schema_name, database_name, roles, region FROM {_TABLE} ORDER BY 1"  # noqa: S608
    ).fetchall()
    return {
        name: ExternalSchema(name, database, tuple(roles), region) for name, database, roles, region in rows
    }
