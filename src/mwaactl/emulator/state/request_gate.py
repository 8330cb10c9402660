"""Lets requests through, and closes for the moment in which the state is read."""

from __future__ import annotations

from contextlib import contextmanager
from threading import Condition
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# A request that waits longer goes through all the same: it may be what another one inside waits for.
LONGEST_WAIT = 5.0


class RequestGate:
    """Counts the requests under way and those that may have changed something."""

    def __init__(self) -> None:
        self._moved = Condition()
        self._under_way = 0
        self._closed = False
        self._changes = 0

    @property
    def changes(self) -> int:
        """How many requests so far may have changed something."""
        return self._changes

    @contextmanager
    def request(self, *, changes: bool) -> Iterator[None]:
        """Run one request inside the gate.

        Args:
            changes: Whether it may change what is kept.
        """
        with self._moved:
            if self._closed:
                self._moved.wait_for(lambda: not self._closed, LONGEST_WAIT)
            self._under_way += 1
        try:
            yield
        finally:
            with self._moved:
                self._under_way -= 1
                self._changes += changes
                if self._closed:
                    self._moved.notify_all()

    def changed(self) -> None:
        """Count a change by something that does not pass the gate."""
        with self._moved:
            self._changes += 1

    @contextmanager
    def closed(self, patience: float) -> Iterator[bool]:
        """Hold new requests back, and wait for those under way.

        Args:
            patience: For how many seconds to wait for them.

        Yields:
            Whether none is under way any more.
        """
        with self._moved:
            self._closed = True
            empty = self._moved.wait_for(lambda: not self._under_way, patience)
        try:
            yield empty
        finally:
            with self._moved:
                self._closed = False
                self._moved.notify_all()
