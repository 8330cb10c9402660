"""What a COPY could not load: kept where STL_LOAD_ERRORS and SYS_LOAD_ERROR_DETAIL show it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mwaactl.emulator.warehouse.faults import StatementFailed
from mwaactl.emulator.warehouse.sql.field_parsing import MESSAGES
from mwaactl.emulator.warehouse.sql.system_tables import SYSTEM_SCHEMA

if TYPE_CHECKING:
    from collections.abc import Sequence

    from duckdb import DuckDBPyConnection

_NAME = 256
"""Bytes of the name of a file: the columns are CHAR(256)."""


@dataclass(frozen=True, slots=True)
class LoadError:
    """One row of STL_LOAD_ERRORS."""

    file: str
    line: int
    code: int
    column: str = ""
    type: str = ""
    length: str = ""
    raw_line: str = ""
    raw_field: str = ""


class LoadFailed(StatementFailed):
    """A COPY with too many errors; the runner records them once the transaction is undone."""

    def __init__(self, table: str, errors: Sequence[LoadError]) -> None:
        super().__init__(
            f"ERROR: Load into table '{table}' failed.  "
            "Check 'sys_load_error_detail' system table for details."
        )
        self.table = table
        self.errors = tuple(errors)


def record_errors(cursor: DuckDBPyConnection, query: int, table: str, errors: Sequence[LoadError]) -> None:
    """Write load errors where the system tables show them."""
    now = dt.datetime.now(dt.UTC).replace(tzinfo=None)
    rows: list[list[Any]] = [
        [
            query,
            now,
            error.file.encode()[:_NAME].decode(errors="ignore"),
            error.line,
            error.column,
            error.type,
            error.length,
            error.raw_line,
            error.raw_field,
            error.code,
            MESSAGES[error.code],
            table,
        ]
        for error in errors
    ]
    cursor.executemany(f"INSERT INTO {SYSTEM_SCHEMA}.load_errors VALUES ({', '.join('?' * 12)})", rows)  # noqa: S608
