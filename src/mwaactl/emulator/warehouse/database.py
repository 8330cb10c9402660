"""One DuckDB database per namespace: one cursor per session, one writer at a time."""

from __future__ import annotations

import time
from threading import Condition, RLock
from typing import TYPE_CHECKING

import duckdb

from mwaactl.emulator.warehouse.faults import StatementFailed
from mwaactl.emulator.warehouse.sql.system_tables import setup_sql

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_SESSION = (
    "SET TimeZone = 'UTC'",
    "SET search_path = 'public'",
    "SET integer_division = true",  # Redshift divides integers by integers into integers
)


class WriteTurn:
    """Lets one session write at a time, as Redshift's writers wait for one another's transactions."""

    def __init__(self) -> None:
        self._free = Condition()
        self._holder: object | None = None

    def take(self, session: object, cancelled: Callable[[], bool]) -> None:
        """Wait until it is the session's turn; raises StatementFailed if cancelled meanwhile."""
        with self._free:
            while self._holder not in {None, session}:
                if cancelled():
                    message = "ERROR: Query cancelled on user's request"
                    raise StatementFailed(message)
                self._free.wait(timeout=0.1)
            self._holder = session

    def give_back(self, session: object) -> None:
        """Let the next session write, if this one did."""
        with self._free:
            if self._holder is session:
                self._holder = None
                self._free.notify_all()


class Database:
    """The data of one namespace.

    Args:
        path: The database file; made if it does not exist.
        staging: The one directory whose files SQL may read and write.
    """

    def __init__(self, path: Path, staging: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        staging.mkdir(parents=True, exist_ok=True)
        self._root = duckdb.connect(str(path))
        self._root.execute(f"SET allowed_directories = ['{staging}/']")
        self._root.execute("SET enable_external_access = false")
        self._root.execute("SET TimeZone = 'UTC'")
        self._root.execute(setup_sql())
        self.staging = staging
        self.turn = WriteTurn()
        self._lock = RLock()
        self._next_query = int(time.time())

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """Return a new session's cursor, set up as Redshift's sessions are."""
        with self._lock:
            cursor = self._root.cursor()
        for statement in _SESSION:
            cursor.execute(statement)
        return cursor

    def next_query_id(self) -> int:
        """Return a number that no other query of this database has."""
        with self._lock:
            self._next_query += 1
            return self._next_query

    def close(self) -> None:
        """Write everything to the file and let go of it."""
        self._root.close()
