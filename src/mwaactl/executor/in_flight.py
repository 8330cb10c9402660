"""How many requests are under way at once: as few as make most answers, half of them when S3 asks for less.

More than the other side can take at once only wait there, and keep it from its work.

S3 takes thousands of requests a second for one prefix, and answers 503 SlowDown while it still makes room:
https://docs.aws.amazon.com/AmazonS3/latest/userguide/optimizing-performance.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

# So many fill a line of 25 ms: a service that answers one after the other always has a next one, also while
# this process is busy with answers. With 32 it answered a fifteenth less.
START = 48
# Fewer are tried only when S3 asks for it: they would leave gaps at a service that answers at once.
FEWEST = 48
# Answers per measurement: fewer would measure chance.
WINDOW = 96
GROWTH = 1.5
# Less of a gain than this is none.
GAIN = 1.1
# Measurements between two attempts: one with more requests, the next with fewer.
REST = 8


@dataclass(slots=True)
class InFlight:
    """A limit that follows what the other side can take.

    Attributes:
        most: The limit never goes beyond it.
        now: Seconds on a clock that only moves forward.
        limit: How many requests may be under way.
    """

    most: int
    now: Callable[[], float]
    limit: int = START
    _begun: float = 0.0
    _answers: int = 0
    _helped: int = 0
    _rate: float | None = None
    # The first measurement is of connections being opened: whatever came next would seem to help.
    _rest: int = 1
    _deaf: int = 0
    _growing: bool = True

    def __post_init__(self) -> None:
        self.limit = self._helped = min(self.limit, self.most)
        self.begin()

    def begin(self) -> None:
        """Begin a measurement: what was before it, a pause for example, tells nothing."""
        self._begun, self._answers = self.now(), 0

    def answered(self) -> None:
        """Note that a request was answered."""
        self._deaf = max(self._deaf - 1, 0)
        self._answers += 1
        if self._answers >= max(WINDOW, 2 * self.limit):
            self._judge(self._answers / max(self.now() - self._begun, 1e-9))
            self.begin()

    def slow_down(self) -> bool:
        """Note that S3 asked for fewer requests, and tell whether that changed anything.

        The requests under way were sent before it was heeded: what they are told counts as the same wish.
        """
        if self._deaf:
            return False
        self._deaf = self.limit
        self.limit = self._helped = max(self.limit // 2, 1)
        self._rate, self._rest, self._growing = None, REST, True
        self.begin()
        return True

    def _judge(self, rate: float) -> None:
        """Keep a larger limit that made more answers a second, and a smaller one that made no fewer."""
        if self._rest:
            self._rest -= 1
        elif self._rate is None:
            self._rate = rate
            self._attempt()
        elif rate >= self._rate * (GAIN if self._growing else 1):
            self._rate, self._helped = rate, self.limit
            self._attempt()
        else:
            self._turn()

    def _attempt(self) -> None:
        if self._growing:
            self.limit = min(max(int(self.limit * GROWTH), self.limit + 1), self.most)
        else:
            self.limit = min(max(int(self.limit / GROWTH), FEWEST), self.limit)
        if self.limit == self._helped:
            self._turn()

    def _turn(self) -> None:
        """Go back to what helped, and try the other way after a rest."""
        self.limit, self._rate, self._rest = self._helped, None, REST
        self._growing = not self._growing
