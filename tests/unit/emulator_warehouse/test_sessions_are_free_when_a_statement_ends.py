"""Whoever is told that a statement has ended may send the session's next one at once."""

from collections.abc import Callable
from datetime import UTC, datetime
from threading import Event, RLock
from typing import Any

from mwaactl.emulator.warehouse.faults import StatementFailed
from mwaactl.emulator.warehouse.runner import StatementRunner
from mwaactl.emulator.warehouse.statements import ENDED, Part, Request, Statement


class RefusingSession:
    """A session in which no transaction begins; `free` once it is let go."""

    in_transaction = aborted = free = False

    def __init__(self) -> None:
        self.lock, self.cancelled = RLock(), Event()

    def begin(self, *, writes: bool) -> None:
        del writes
        message = "ERROR: no transaction"
        raise StatementFailed(message)

    def rollback(self) -> None:
        pass

    def release(self) -> None:
        self.free = True


class OneStatement:
    """Keeps a statement, and whether the session was free when its end was told."""

    def __init__(self, statement: Statement, session: RefusingSession) -> None:
        self.statement, self.session = statement, session
        self.free_at_the_end: bool | None = None
        self.ended = Event()

    def change(self, key: str, changed: Callable[[Statement], Statement]) -> Statement:
        del key
        self.statement = changed(self.statement)
        if self.statement.status in ENDED:
            self.free_at_the_end = self.session.free
            self.ended.set()
        return self.statement


def test_the_session_is_free_before_the_end_of_its_statement_is_told() -> None:
    session: Any = RefusingSession()
    request = Request(("SELECT 1",), "flights-local", "warehouse")
    now = datetime.now(UTC)
    statement = Statement("s", request, (Part("s", "SELECT 1"),), "SUBMITTED", now, now)
    statements: Any = OneStatement(statement, session)

    StatementRunner(statements).start(statement, session)

    assert statements.ended.wait(10)
    assert (statements.statement.status, statements.statement.error) == ("FAILED", "ERROR: no transaction")
    assert statements.free_at_the_end
