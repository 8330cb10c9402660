"""Warm processes: kept after an invocation for the next one, replaced when their function changes."""

import time
from collections.abc import Callable
from threading import BoundedSemaphore, Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mwaactl.emulator.functions.definition import FunctionDefinition
    from mwaactl.emulator.functions.handler_process import HandlerProcess

CONCURRENT_INVOCATIONS = 10
"""Lambda's default for a new account; beyond it invocations wait here, where AWS would throttle them."""
IDLE_SECONDS = 600.0


class ThrottledError(Exception):
    """The function has as many invocations as its reserved concurrency allows."""


class HandlerPool:
    """Hands out one process per concurrent invocation."""

    def __init__(
        self,
        start: "Callable[[FunctionDefinition], HandlerProcess]",
        *,
        limit: int = CONCURRENT_INVOCATIONS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._start = start
        self._clock = clock
        self._slots = BoundedSemaphore(limit)
        self._lock = Lock()
        self._idle: list[HandlerProcess] = []
        self._current: dict[tuple[str, str], FunctionDefinition] = {}
        self._busy: dict[tuple[str, str], int] = {}

    def acquire(
        self, definition: "FunctionDefinition", reserved: int | None = None
    ) -> "tuple[HandlerProcess, bool]":
        """Return a process for one invocation, and whether it was started for it.

        Args:
            definition: the function as it is now; processes of an earlier definition are ended.
            reserved: the function's reserved concurrency.

        Raises:
            ThrottledError: as many invocations run already.
        """
        with self._lock:
            busy = self._busy.get(definition.identity, 0)
            if reserved is not None and busy >= reserved:
                raise ThrottledError
            self._busy[definition.identity] = busy + 1
            self._current[definition.identity] = definition
        self._slots.acquire()
        try:
            process = self._take_idle(definition)
            return (process, False) if process else (self._start(definition), True)
        except BaseException:
            self._slots.release()
            self._count_down(definition)
            raise

    def release(self, process: "HandlerProcess", *, reusable: bool) -> None:
        """Take a process back after its invocation; one that cannot be used again is ended."""
        identity = process.definition.identity
        with self._lock:
            keep = reusable and self._current.get(identity) == process.definition and process.alive()
            if keep:
                process.idle_since = self._clock()
                self._idle.append(process)
        if not keep:
            process.stop()
        self._slots.release()
        self._count_down(process.definition)

    def retire(self, arn: str) -> None:
        """End the idle processes of a function, all versions; busy ones end after their invocation."""
        with self._lock:
            for identity in [identity for identity in self._current if identity[0] == arn]:
                del self._current[identity]
            gone = [process for process in self._idle if process.definition.arn == arn]
            self._idle = [process for process in self._idle if process.definition.arn != arn]
        for process in gone:
            process.stop()

    def _take_idle(self, definition: "FunctionDefinition") -> "HandlerProcess | None":
        now = self._clock()
        found, kept, gone = None, [], []
        with self._lock:
            for process in self._idle:
                other = process.definition
                stale = other.identity == definition.identity and other != definition
                if stale or not process.alive() or now - process.idle_since > IDLE_SECONDS:
                    gone.append(process)
                elif found is None and other == definition:
                    found = process
                else:
                    kept.append(process)
            self._idle = kept
        for process in gone:
            process.stop()
        return found

    def _count_down(self, definition: "FunctionDefinition") -> None:
        with self._lock:
            self._busy[definition.identity] -= 1
