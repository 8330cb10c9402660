"""Which statements change external schemas and tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mwaactl.emulator.warehouse.spectrum.schema_changes import create_schema, drop_schemas
from mwaactl.emulator.warehouse.spectrum.table_changes import alter_table, create_table, drop_tables
from mwaactl.emulator.warehouse.sql.external_statements import read_create_table, read_drop_schema

if TYPE_CHECKING:
    from mwaactl.emulator.warehouse.sessions import Session


def external_change(session: Session, sql: str, words: tuple[str, ...]) -> bool:
    """Carry out a statement that changes external schemas or tables; returns whether it is one.

    Raises:
        StatementFailed: If it is wrong, or the role may not do it.
    """
    match words:
        case ("create", "external", "schema", *_):
            create_schema(session, sql)
        case ("create", "external", "table", *_):
            create_table(session, read_create_table(sql))
        case ("drop", "schema", *_):
            return drop_schemas(session, read_drop_schema(sql))
        case ("drop", "table", *_):
            return drop_tables(session, sql)
        case ("alter", "table", *_):
            return alter_table(session, sql)
        case _:
            return False
    return True
