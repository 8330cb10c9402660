"""One database session: its cursor, its transaction, and what lasts between its statements."""

from __future__ import annotations

import contextlib
import time
import uuid
from threading import Event, RLock, Thread
from typing import TYPE_CHECKING, Any, Protocol

import duckdb

if TYPE_CHECKING:
    from collections.abc import Callable

    from mwaactl.emulator.warehouse.database import Database
    from mwaactl.emulator.warehouse.namespaces import Namespace
    from mwaactl.emulator.warehouse.sql.load_options import Authorization
    from mwaactl.emulator.warehouse.sql.translate import Context


class Loads(Protocol):
    """What reaches S3 and Glue: COPY and UNLOAD, which return the number of rows, and external tables."""

    def client(self, session: Session, service: str, authorization: Authorization, region: str) -> Any:  # noqa: ANN401
        """Return a client of a service with the rights of an authorization."""

    def copy(self, session: Session, sql: str) -> int:
        """Load files of S3 into a table."""

    def unload(self, session: Session, sql: str, context: Context) -> int:
        """Write a query's rows to S3."""


class Session:
    """A connection to one database; runs one statement at a time.

    Args:
        database: The database it is connected to.
        namespace: The namespace that holds it.
        loads: What carries out COPY and UNLOAD.
        keep_alive: Seconds that it stays open without a statement.
    """

    def __init__(self, database: Database, namespace: Namespace, loads: Loads, keep_alive: int = 0) -> None:
        self.session_id = str(uuid.uuid4())
        self.database = database
        self.namespace = namespace
        self.database_name = namespace.db_name
        self.user = namespace.admin_username
        self.loads = loads
        self.keep_alive = keep_alive
        self.last_copy_count = 0
        self.last_copy_id = -1
        self.last_unload_count = 0
        self.staged: list[str] = []  # temporary tables that hold external rows for one statement
        self.query_id = 0
        self.cursor = database.cursor()
        self.lock = RLock()
        self.in_transaction = False
        self.aborted = False
        self.busy = False
        self.cancelled = Event()
        self.last_used = time.monotonic()

    @property
    def numbers(self) -> dict[str, int]:
        """What functions tell of the session's loads, by their names."""
        return {
            "pg_last_copy_count": self.last_copy_count,
            "pg_last_copy_id": self.last_copy_id,
            "pg_last_unload_count": self.last_unload_count,
        }

    def describe(self, query: str) -> list[tuple[str, str]]:
        """Return a query's columns as (name, DuckDB type); raises duckdb.Error if the query does not bind."""
        rows = self.cursor.execute(f"DESCRIBE {query}").fetchall()
        return [(str(name), str(kind)) for name, kind, *_ in rows]

    def begin(self, *, writes: bool) -> None:
        """Open a transaction, waiting for other writers first if this one writes."""
        if writes:
            self.database.turn.take(self, self.cancelled.is_set)
        self.cursor.execute("BEGIN TRANSACTION")
        self.in_transaction = True

    def commit(self) -> None:
        """Commit what is open and let other writers go on."""
        try:
            self.cursor.execute("COMMIT")
        finally:
            self.in_transaction = False
            self.database.turn.give_back(self)

    def rollback(self) -> None:
        """Undo what is open and let other writers go on; harmless if nothing is open."""
        try:
            with contextlib.suppress(duckdb.Error):  # the failure that led here may have ended it already
                self.cursor.execute("ROLLBACK")
        finally:
            self.in_transaction = False
            self.database.turn.give_back(self)

    def commit_around(self, action: Callable[[], object]) -> None:
        """Commit, act, commit: what TRUNCATE does to the transaction it stands in."""
        self.cursor.execute("COMMIT")
        self.cursor.execute("BEGIN TRANSACTION")
        action()
        self.cursor.execute("COMMIT")
        self.cursor.execute("BEGIN TRANSACTION")

    def cancel(self) -> None:
        """Stop the statement that runs."""
        self.cancelled.set()
        Thread(target=self._interrupt_until_over, daemon=True).start()

    def _interrupt_until_over(self) -> None:
        # DuckDB forgets an interruption that comes before it has begun to execute.
        while self.cancelled.is_set():
            with contextlib.suppress(duckdb.Error):  # it may have ended, and its cursor with it, just now
                self.cursor.interrupt()
            time.sleep(0.05)

    def expired(self) -> bool:
        """Whether it stood unused for longer than it was to be kept."""
        return not self.busy and time.monotonic() - self.last_used > self.keep_alive

    def release(self) -> None:
        """Be free for the next statement, or disconnect if the session was opened for one only."""
        self.last_used = time.monotonic()
        self.busy = False
        if not self.keep_alive:
            self.close()

    def close(self) -> None:
        """Give up what is open and disconnect."""
        if self.in_transaction:
            self.rollback()
        self.cursor.close()
