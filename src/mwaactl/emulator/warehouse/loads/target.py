"""The columns that a COPY fills."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mwaactl.emulator.warehouse.columns import ALWAYS, read_columns
from mwaactl.emulator.warehouse.faults import StatementFailed

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from mwaactl.emulator.warehouse.columns import Column
    from mwaactl.emulator.warehouse.sql.load_options import CopyCommand


def target_columns(cursor: DuckDBPyConnection, command: CopyCommand) -> list[Column]:
    """Return the columns that the file's fields go into, in the file's order.

    Raises:
        StatementFailed: If the table or a named column does not exist, or is an identity column
            whose values the statement may not set.
    """
    columns = read_columns(cursor, command.schema, command.table)
    if not columns:
        message = f"ERROR: Cannot COPY into nonexistent table {command.table}"
        raise StatementFailed(message)
    explicit = "EXPLICIT_IDS" in command.options
    if not command.columns:
        return [column for column in columns if explicit or not column.identity]
    by_name = {column.name: column for column in columns}
    unknown = [name for name in command.columns if name not in by_name]
    if unknown:
        message = f'ERROR: column "{unknown[0]}" of relation "{command.table}" does not exist'
        raise StatementFailed(message)
    if not explicit and any(by_name[name].identity == ALWAYS for name in command.columns):
        message = "ERROR: Cannot COPY into an identity column without EXPLICIT_IDS"
        raise StatementFailed(message)
    return [by_name[name] for name in command.columns]
