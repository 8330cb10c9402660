"""Runs submitted statements on sessions, each in a thread of its own."""

from __future__ import annotations

import logging
from dataclasses import replace
from threading import RLock, Thread
from typing import TYPE_CHECKING, Any

from mwaactl.emulator.warehouse.engine import is_write, run
from mwaactl.emulator.warehouse.faults import StatementFailed
from mwaactl.emulator.warehouse.loads.load_errors import LoadFailed, record_errors
from mwaactl.emulator.warehouse.sql.statement_text import is_transaction_control, resizes_column

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mwaactl.emulator.warehouse.outcome import Outcome
    from mwaactl.emulator.warehouse.sessions import Session
    from mwaactl.emulator.warehouse.statements import Part, Statement, Statements

_PAGE_ROWS = 1000
_log = logging.getLogger(__name__)


class StatementRunner:
    """Carries statements from SUBMITTED to their end."""

    def __init__(self, statements: Statements) -> None:
        self._statements = statements
        self._running: dict[str, Session] = {}
        self._lock = RLock()

    def start(self, statement: Statement, session: Session) -> None:
        """Run a statement in the background."""
        with self._lock:
            self._running[statement.key] = session
        Thread(target=self._run, args=(statement, session), daemon=True, name=f"sql-{statement.key}").start()

    def cancel(self, key: str) -> bool:
        """Stop a statement that has not ended; False if it has."""
        with self._lock:
            session = self._running.get(key)
            if session is None:
                return False
            session.cancel()
            return True

    def _run(self, statement: Statement, session: Session) -> None:
        error = self._failure(statement, session)
        with self._lock:  # a cancellation comes before this or finds nothing to cancel
            del self._running[statement.key]
            cancelled = session.cancelled.is_set()
            session.cancelled.clear()
        # Before the end is told: whoever sees it may send the session's next statement at once.
        try:
            session.release()
        finally:
            self._end(statement, error, cancelled=cancelled)

    def _failure(self, statement: Statement, session: Session) -> str | None:
        """Run a statement, and return what was wrong with it."""
        try:
            with session.lock:
                self._statements.change(statement.key, lambda s: replace(s, status="STARTED"))
                if statement.request.execution_mode == "AUTO_COMMIT":
                    self._run_each(statement, session)
                else:
                    self._run_together(statement, session)
        except StatementFailed as error:
            return str(error)
        except Exception:  # noqa: BLE001
            _log.exception("statement %s", statement.key)
            return "ERROR: internal error, see the emulator's log"
        return None

    def _end(self, statement: Statement, error: str | None, *, cancelled: bool) -> None:
        ended = "FINISHED" if error is None else "ABORTED" if cancelled else "FAILED"

        def end(before: Statement) -> Statement:
            parts = tuple(part if _over(part) else part.moved("ABORTED") for part in before.parts)
            return replace(before, status=ended, error=error, parts=parts)

        self._statements.change(statement.key, end)

    def _run_together(self, statement: Statement, session: Session) -> None:
        """Run all parts in one transaction, or in the one that the session has open."""
        explicit = session.in_transaction
        block = explicit or statement.request.batch
        writes = any(is_write(part.sql) for part in statement.parts)
        try:
            for index, part in enumerate(statement.parts):
                if not session.in_transaction and not is_transaction_control(part.sql):
                    session.begin(writes=writes)
                self._run_part(statement, index, session, block=block)
            opened = not statement.request.batch and is_transaction_control(statement.parts[0].sql)
            if session.in_transaction and not explicit and not opened:
                session.commit()
        except StatementFailed as error:
            session.rollback()
            session.aborted = explicit
            _record(session, error)
            raise

    def _run_each(self, statement: Statement, session: Session) -> None:
        """Run every part in a transaction of its own; go on after failures, as AUTO_COMMIT does."""
        failures = []
        for index, part in enumerate(statement.parts):
            session.begin(writes=is_write(part.sql))
            try:
                self._run_part(statement, index, session)
                session.commit()
            except StatementFailed as error:
                session.rollback()
                _record(session, error)
                failures.append(error)
        if failures:
            raise failures[0]

    def _run_part(self, statement: Statement, index: int, session: Session, *, block: bool = False) -> None:
        part = statement.parts[index]
        session.query_id = session.database.next_query_id()
        self._move(statement, index, "STARTED", query_id=session.query_id)
        try:
            if session.cancelled.is_set():
                message = "ERROR: Query cancelled on user's request"
                raise StatementFailed(message)  # noqa: TRY301
            if block:
                _check_in_block(part.sql)
            outcome = run(session, part.sql, dict(statement.request.parameters))
            facts = self._stored(statement, part, session, outcome)
        except StatementFailed as error:
            self._move(
                statement, index, "ABORTED" if session.cancelled.is_set() else "FAILED", error=str(error)
            )
            raise
        self._move(statement, index, "FINISHED", **facts)

    def _stored(self, statement: Statement, part: Part, session: Session, outcome: Outcome) -> dict[str, Any]:
        if outcome.columns is None:
            return {"rows": outcome.count}
        as_csv = statement.request.result_format == "CSV"
        batches = _batches(session)
        result = self._statements.results.write(part.key, outcome.columns, batches, as_csv=as_csv)
        return {"rows": result.rows, "result": result}

    def _move(self, statement: Statement, index: int, status: str, **facts: Any) -> None:  # noqa: ANN401
        def move(before: Statement) -> Statement:
            parts = list(before.parts)
            parts[index] = parts[index].moved(status, **facts)
            return replace(before, parts=tuple(parts))

        self._statements.change(statement.key, move)


def _check_in_block(sql: str) -> None:
    if resizes_column(sql):
        message = "ERROR: ALTER TABLE ALTER COLUMN cannot run inside a transaction block"
        raise StatementFailed(message)


def _over(part: Part) -> bool:
    return part.status in {"FINISHED", "FAILED", "ABORTED"}


def _batches(session: Session) -> Iterator[list[tuple[Any, ...]]]:
    while batch := session.cursor.fetchmany(_PAGE_ROWS):
        yield batch


def _record(session: Session, error: StatementFailed) -> None:
    if isinstance(error, LoadFailed):
        record_errors(session.database.cursor(), session.query_id, error.table, error.errors)
