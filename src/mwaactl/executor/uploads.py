"""Writes objects: in parallel within a stage, the stages one after the other."""

from __future__ import annotations

from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import groupby
from queue import SimpleQueue
from typing import TYPE_CHECKING

from mwaactl.aws.session import CONNECTIONS
from mwaactl.errors import Throttled
from mwaactl.executor.in_flight import InFlight

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mwaactl.observed import StoredObject
    from mwaactl.planner.actions import PutObject

# Seconds to wait after requests that were refused for their number, again and again, before the next one.
PAUSES = (1.0, 2.0, 4.0, 8.0, 16.0)


@dataclass(frozen=True, slots=True)
class Uploads:
    """Writes objects, at most `CONNECTIONS` at once.

    Attributes:
        write: Writes one.
        on_done: Told about each object that was written, in the order of the objects, after a failure too.
        throttled: Tells how many answers so far asked for fewer requests.
        elapsed: Seconds of a clock that nobody sets.
        sleep: Waits for a number of seconds.
    """

    write: Callable[[PutObject], StoredObject]
    on_done: Callable[[PutObject, StoredObject], None]
    throttled: Callable[[], int]
    elapsed: Callable[[], float]
    sleep: Callable[[float], None]

    def upload(self, objects: Sequence[PutObject]) -> None:
        """Write objects that are in the order of their stages.

        The first failure, an interruption by the user included, lets no further request begin; it is raised
        when those under way have been answered.
        """
        limit = InFlight(CONNECTIONS, self.elapsed)
        with ThreadPoolExecutor(CONNECTIONS, thread_name_prefix="upload") as pool:
            for _, members in groupby(objects, key=lambda each: each.stage):
                stage = _Stage(self, tuple(members), limit)
                try:
                    stage.run(pool)
                except BaseException:
                    pool.shutdown(cancel_futures=True)
                    stage.report_rest()
                    raise


@dataclass(slots=True)
class _Stage:
    """Objects whose order does not matter; `stored` and `answers` are what the threads give back."""

    uploads: Uploads
    objects: tuple[PutObject, ...]
    limit: InFlight
    stored: dict[int, StoredObject] = field(default_factory=dict)
    answers: SimpleQueue[tuple[int, BaseException | None]] = field(default_factory=SimpleQueue)
    _reported: int = 0
    _refused: int = 0
    _throttled: int = 0

    def run(self, pool: ThreadPoolExecutor) -> None:
        waiting, under_way = deque(range(len(self.objects))), 0
        self._throttled = self.uploads.throttled()
        self.limit.begin()
        while waiting or under_way:
            while waiting and under_way < self.limit.limit:
                pool.submit(self._put, waiting.popleft())
                under_way += 1
            index, failure = self.answers.get()
            under_way -= 1
            if not self._take(failure):
                waiting.appendleft(index)

    def report_rest(self) -> None:
        """Report what was written and not yet reported."""
        for index in range(self._reported, len(self.objects)):
            if index in self.stored:
                self._report(index)

    def _put(self, index: int) -> None:
        try:
            self.stored[index] = self.uploads.write(self.objects[index])
        except BaseException as failure:  # noqa: BLE001  raised again where the answers are taken
            self.answers.put((index, failure))
        else:
            self.answers.put((index, None))

    def _take(self, failure: BaseException | None) -> bool:
        """Take an answer, and tell whether its object was written; if not, its turn comes again."""
        self.limit.answered()
        heeded = self._is_throttled(failure) and self.limit.slow_down()
        if failure is None:
            self._refused = 0
            while self._reported in self.stored:
                self._report(self._reported)
        elif not isinstance(failure, Throttled):
            raise failure
        elif heeded:
            self._pause(failure)
        return failure is None

    def _is_throttled(self, failure: BaseException | None) -> bool:
        before, self._throttled = self._throttled, self.uploads.throttled()
        return self._throttled > before or isinstance(failure, Throttled)

    def _pause(self, refusal: Throttled) -> None:
        if self._refused == len(PAUSES):
            raise refusal
        self.uploads.sleep(PAUSES[self._refused])
        self._refused += 1

    def _report(self, index: int) -> None:
        self._reported = index + 1
        self.uploads.on_done(self.objects[index], self.stored.pop(index))
