"""Statements of the Data API: what was submitted and what became of it, for 24 hours."""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from threading import Condition
from typing import TYPE_CHECKING, Any

from mwaactl.emulator.warehouse.faults import ServiceFault, missing
from mwaactl.emulator.warehouse.sql.load_options import masked

if TYPE_CHECKING:
    from collections.abc import Callable

    from mwaactl.emulator.warehouse.results import ResultStore, StoredResult

RETENTION_SECONDS = 24 * 3600
MAX_ACTIVE = 500
ENDED = frozenset({"FINISHED", "FAILED", "ABORTED"})


@dataclass(frozen=True, slots=True)
class Part:
    """One SQL statement: the whole of ExecuteStatement, or one of a batch."""

    key: str
    sql: str
    status: str = "SUBMITTED"
    created: datetime = field(default_factory=lambda: datetime.now(UTC))
    updated: datetime = field(default_factory=lambda: datetime.now(UTC))
    started: float = 0.0
    duration: int = 0  # nanoseconds
    rows: int = -1
    query_id: int = 0
    error: str | None = None
    result: StoredResult | None = None

    def moved(self, status: str, **facts: Any) -> Part:  # noqa: ANN401
        """Return the part in another status."""
        now = time.monotonic()
        started = now if status == "STARTED" else self.started
        duration = int((now - started) * 1e9) if status in ENDED and started else self.duration
        return replace(
            self, status=status, updated=datetime.now(UTC), started=started, duration=duration, **facts
        )

    def to_wire(self) -> dict[str, Any]:
        """Return the members that statements and sub-statements have in common."""
        return {
            "Id": self.key,
            "Status": self.status,
            "QueryString": masked(self.sql),
            "CreatedAt": self.created,
            "UpdatedAt": self.updated,
            "Duration": self.duration or -1,
            "Error": self.error,
            "HasResultSet": self.result is not None,
            "ResultRows": self.rows,
            "ResultSize": self.result.size if self.result else -1,
            "RedshiftQueryId": self.query_id or -1,
        }


@dataclass(frozen=True, slots=True)
class Request:
    """What a caller submitted; two requests with one client token must be equal."""

    sqls: tuple[str, ...]
    workgroup: str
    database: str
    batch: bool = False
    secret_arn: str | None = None
    name: str | None = None
    parameters: tuple[tuple[str, str], ...] = ()
    result_format: str = "JSON"
    execution_mode: str = "TRANSACTION"
    region: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """A submitted statement or batch."""

    key: str
    request: Request
    parts: tuple[Part, ...]
    status: str
    created: datetime
    updated: datetime
    session_id: str | None = None
    error: str | None = None

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.status in ENDED


class Statements:
    """The statements of the last 24 hours, safe for threads."""

    def __init__(self, results: ResultStore) -> None:
        self.results = results
        self._items: dict[str, Statement] = {}
        self._tokens: dict[tuple[str, str], str] = {}
        self._changed = Condition()

    def submit(self, request: Request, token: str | None) -> tuple[Statement, bool]:
        """Record a request; returns the statement, and whether it is new and must be run.

        Raises:
            ServiceFault: If the token was used for another request, or too many statements are active.
        """
        with self._changed:
            self._expire()
            known = self._items.get(self._tokens.get((request.region, token or ""), ""))
            if token and known:
                if known.request != request:
                    message = "Idempotent parameter mismatch: the ClientToken was used with other parameters"
                    msg = "ValidationException"
                    raise ServiceFault(msg, message)
                return known, False
            if sum(not item.ended for item in self._items.values()) >= MAX_ACTIVE:
                message = f"Active statements exceeded the allowed quota ({MAX_ACTIVE})."
                msg = "ActiveStatementsExceededException"
                raise ServiceFault(msg, message)
            statement = _fresh(request)
            self._items[statement.key] = statement
            if token:
                self._tokens[request.region, token] = statement.key
            return statement, True

    def _expire(self) -> None:
        now = datetime.now(UTC)
        for key, item in list(self._items.items()):
            if item.ended and (now - item.updated).total_seconds() > RETENTION_SECONDS:
                del self._items[key]
                for part in item.parts:
                    self.results.remove(part.key)
        self._tokens = {token: key for token, key in self._tokens.items() if key in self._items}

    def get(self, key: str) -> Statement:
        """Return a statement, or raise ResourceNotFoundException."""
        try:
            return self._items[key.partition(":")[0]]
        except KeyError:
            msg = "Query does not exist."
            raise missing(msg) from None

    def list(self, region: str) -> list[Statement]:
        """Return a region's statements, the newest first."""
        with self._changed:
            items = [item for item in self._items.values() if item.request.region == region]
        return sorted(items, key=lambda item: item.created, reverse=True)

    def change(self, key: str, step: Callable[[Statement], Statement]) -> Statement:
        """Replace a statement by what `step` makes of it, and wake who waits for it."""
        with self._changed:
            self._items[key] = after = replace(step(self._items[key]), updated=datetime.now(UTC))
            self._changed.notify_all()
            return after

    def wait(self, key: str, seconds: int) -> Statement:
        """Return a statement as soon as it has ended, or as it is when the time is over."""
        with self._changed:
            self._changed.wait_for(lambda: self.get(key).ended, timeout=seconds)
        return self.get(key)


def _fresh(request: Request) -> Statement:
    key, now = str(uuid.uuid4()), datetime.now(UTC)
    parts = tuple(
        Part(f"{key}:{number}" if request.batch else key, sql) for number, sql in enumerate(request.sqls, 1)
    )
    return Statement(key, request, parts, "SUBMITTED", now, now)
