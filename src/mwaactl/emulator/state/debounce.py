"""When the state is due to be written: soon after the last change, but not after each of many."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Debounce:
    """Follows a mark that differs after every change.

    Attributes:
        quiet: For how many seconds nothing must have changed.
        longest: After how many seconds of change it is due all the same.
        share: The part of all time that may be spent on writing.
    """

    quiet: float = 0.5
    longest: float = 1.0
    share: float = 0.05
    _written: object = None
    _seen: object = None
    _changed_at: float = 0.0
    _first_change_at: float | None = None
    _not_before: float = 0.0

    def due(self, mark: object, now: float) -> bool:
        """Tell whether to write now.

        Args:
            mark: What stands for the present state.
            now: The present time in seconds.
        """
        if mark == self._written:
            self._first_change_at = None
            return False
        if mark != self._seen:
            self._seen, self._changed_at = mark, now
        if self._first_change_at is None:
            self._first_change_at = now
        rested = now - self._changed_at >= self.quiet or now - self._first_change_at >= self.longest
        return rested and now >= self._not_before

    def wrote(self, mark: object, started: float, ended: float) -> None:
        """Note that the state of this mark has been written.

        Args:
            mark: What stood for the state before it was read.
            started: When the writing began.
            ended: When it ended.
        """
        self._written, self._first_change_at = mark, None
        self._not_before = ended + (ended - started) / self.share

    def failed(self, now: float, pause: float) -> None:
        """Note that writing failed; it is not due again for a while."""
        self._not_before = now + pause
