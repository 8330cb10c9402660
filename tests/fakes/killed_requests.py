"""Clients that something happens to at one request: by itself that their process is killed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

type Moment = Literal["before", "after"]


class Killed(BaseException):
    """The process is gone: nothing of it runs any more, as after `kill -9`."""


def kill() -> None:
    """End the process."""
    raise Killed


@dataclass
class Requests:
    """Counts the requests of all clients; at one of them something happens.

    Attributes:
        last: the number of that request, from 1; 0 for none.
        moment: whether it happens before the request is carried out or after it.
        happens: what does.
        sent: what was asked, oldest first.
    """

    last: int
    moment: Moment
    happens: Callable[[], object] = kill
    sent: list[str] = field(default_factory=list)

    def client(self, real: Any) -> Any:
        return _Client(real, self)

    def send(self, name: str, call: Callable[[], Any]) -> Any:
        self.sent.append(name)
        is_last = len(self.sent) == self.last
        if is_last and self.moment == "before":
            self.happens()
        answer = call()
        if is_last and self.moment == "after":
            self.happens()
        return answer


@dataclass
class _Client:
    real: Any
    requests: Requests

    def __getattr__(self, name: str) -> Any:
        real = getattr(self.real, name)
        if name == "get_paginator":
            return lambda operation: _Pages(real(operation), operation, self.requests)
        return lambda **words: self.requests.send(name, lambda: real(**words))


@dataclass
class _Pages:
    real: Any
    operation: str
    requests: Requests

    def paginate(self, **words: Any) -> Iterator[Any]:
        pages = iter(self.real.paginate(**words))
        while (page := self.requests.send(self.operation, lambda: next(pages, None))) is not None:
            yield page


@dataclass
class Clock:
    """A clock that goes on by a second at each look."""

    now: datetime = datetime(2013, 2, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now
