"""Writes objects: in parallel within a stage, the stages one after the other."""

from __future__ import annotations

from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import groupby
from queue import Empty, SimpleQueue
from threading import Lock
from typing import TYPE_CHECKING

from mwaactl.aws.fence import checked_before_sending
from mwaactl.aws.session import CONNECTIONS
from mwaactl.errors import Throttled
from mwaactl.executor.in_flight import InFlight

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from concurrent.futures import Future

    from mwaactl.observed import StoredObject
    from mwaactl.planner.actions import PutObject

# Seconds to wait after requests that were refused for their number, again and again, before the next one.
PAUSES = (1.0, 2.0, 4.0, 8.0, 16.0)
# Bytes under way at once, unless one object has more: that many are in memory, and on a slow line each of
# them has to arrive before the answer is missed.
MOST_BYTES = 4 * 1024 * 1024
# Seconds until the main thread looks at what was written, if nothing wakes it before.
TICK = 0.05


@dataclass(frozen=True, slots=True)
class Uploads:
    """Writes objects, at most `CONNECTIONS` and `MOST_BYTES` at once.

    Attributes:
        write: Writes one.
        on_done: Told about each object that was written, in the order of the objects, after a failure too.
        throttled: Tells how many answers so far asked for fewer requests.
        elapsed: Seconds of a clock that nobody sets.
        sleep: Waits for a number of seconds.
        on_interrupted: Told how many answers are still waited for after an interruption by the user.
        on_left: Told that the user does not wait for them: objects may be written after the end.
    """

    write: Callable[[PutObject], StoredObject]
    on_done: Callable[[PutObject, StoredObject], None]
    throttled: Callable[[], int]
    elapsed: Callable[[], float]
    sleep: Callable[[float], None]
    on_interrupted: Callable[[int], None]
    on_left: Callable[[], None]

    def upload(self, objects: Sequence[PutObject]) -> None:
        """Write objects that are in the order of their stages.

        The first failure, an interruption by the user included, lets no further request begin; it is raised
        when those under way have been answered. After an interruption none of those is sent again, which
        could take minutes: one that has no answer in time may have been written.
        """
        limit = InFlight(CONNECTIONS, self.elapsed)
        pool = ThreadPoolExecutor(CONNECTIONS, thread_name_prefix="upload")
        for _, members in groupby(objects, key=lambda each: each.stage):
            stage = _Stage(self, tuple(members), limit)
            try:
                stage.run(pool)
            except BaseException as end:
                self._await(pool, stage, interrupted=isinstance(end, KeyboardInterrupt))
                raise
        pool.shutdown()

    def _await(self, pool: ThreadPoolExecutor, stage: _Stage, *, interrupted: bool) -> None:
        """Wait for the answers to what is under way, unless the user does not."""
        try:
            stage.end(interrupted=interrupted)
            pool.shutdown(cancel_futures=True)
        except KeyboardInterrupt:
            self.on_left()
            raise
        finally:
            stage.report_rest()


@dataclass(slots=True)
class _Stage:
    """Objects whose order does not matter.

    A thread that has written one takes the next by itself: where the main thread handed each one out, two
    changes of thread stood between an answer and the next request. The main thread reports, pauses, and
    begins threads. `stored` is what the threads give back; the rest changes under the guard.
    """

    uploads: Uploads
    objects: tuple[PutObject, ...]
    limit: InFlight
    stored: dict[int, StoredObject] = field(default_factory=dict)
    news: SimpleQueue[None] = field(default_factory=SimpleQueue)
    _guard: Lock = field(default_factory=Lock)
    _waiting: deque[int] = field(init=False)
    _threads: list[Future[None]] = field(default_factory=list)
    _under_way: int = 0
    _bytes: int = 0
    _ended: bool = False
    _interrupted: bool = False
    _failure: BaseException | None = None
    _refusal: Throttled | None = None
    _reported: int = 0
    _refused: int = 0
    _throttled: int = 0

    def __post_init__(self) -> None:
        self._waiting = deque(range(len(self.objects)))

    def run(self, pool: ThreadPoolExecutor) -> None:
        self._throttled = self.uploads.throttled()
        self.limit.begin()
        over = False
        while not over:
            self._begin_threads(pool)
            with suppress(Empty):
                self.news.get(timeout=TICK)
            # Before what has ended is looked at: what ends later is looked at in the next turn.
            with self._guard:
                over = not (self._waiting or self._under_way)
            self._heed()
            while self._reported in self.stored:
                self._report(self._reported)

    def end(self, *, interrupted: bool) -> None:
        """Let no further request begin, nor be sent again where the user waits for the end."""
        with self._guard:
            self._ended, self._interrupted = True, interrupted
            under_way = self._under_way
        if interrupted and under_way:
            self.uploads.on_interrupted(under_way)

    def report_rest(self) -> None:
        """Report what was written and not yet reported."""
        for index in range(self._reported, len(self.objects)):
            if index in self.stored:
                self._report(index)

    def _begin_threads(self, pool: ThreadPoolExecutor) -> None:
        with self._guard:
            while self._may_begin() and self._under_way < self.limit.limit:
                self._under_way += 1
                self._threads.append(pool.submit(self._write_on, self._begun()))

    def _write_on(self, index: int | None) -> None:
        while index is not None:
            failure = self._put(index)
            with self._guard:
                self._take(index, failure)
                index = self._next()

    def _put(self, index: int) -> BaseException | None:
        try:
            with checked_before_sending(self._refuse_when_interrupted):
                self.stored[index] = self.uploads.write(self.objects[index])
        except BaseException as failure:  # noqa: BLE001  raised again in the main thread
            return failure
        return None

    def _refuse_when_interrupted(self) -> None:
        if self._interrupted:
            raise KeyboardInterrupt

    def _take(self, index: int, failure: BaseException | None) -> None:
        """Take an answer; the turn of an object that was refused for the number of requests comes again."""
        self.limit.answered()
        self._bytes -= self.objects[index].size
        heeded = self._is_throttled(failure) and self.limit.slow_down()
        if failure is None:
            self._refused = 0
        elif not isinstance(failure, Throttled):
            self._failure = self._failure or failure
        else:
            self._waiting.appendleft(index)
            self._refusal = failure if heeded else self._refusal

    def _next(self) -> int | None:
        """Return the next object for the thread that has had an answer; None where its work ends."""
        if self._may_begin() and self._under_way <= self.limit.limit:
            return self._begun()
        self._under_way -= 1
        self.news.put(None)
        return None

    def _begun(self) -> int:
        index = self._waiting.popleft()
        self._bytes += self.objects[index].size
        return index

    def _may_begin(self) -> bool:
        if not self._waiting or self._ended or self._failure or self._refusal:
            return False
        return not self._bytes or self._bytes + self.objects[self._waiting[0]].size <= MOST_BYTES

    def _is_throttled(self, failure: BaseException | None) -> bool:
        before, self._throttled = self._throttled, self.uploads.throttled()
        return self._throttled > before or isinstance(failure, Throttled)

    def _heed(self) -> None:
        """Raise what has failed, and pause where S3 asked for fewer requests."""
        for each in self._threads:
            if each.done():
                each.result()
        self._threads = [each for each in self._threads if not each.done()]
        if self._failure is not None:
            raise self._failure
        if self._refusal is not None:
            if self._refused == len(PAUSES):
                raise self._refusal
            self.uploads.sleep(PAUSES[self._refused])
            with self._guard:
                self._refused, self._refusal = self._refused + 1, None

    def _report(self, index: int) -> None:
        self._reported = index + 1
        self.uploads.on_done(self.objects[index], self.stored.pop(index))
