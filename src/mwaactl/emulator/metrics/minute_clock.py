"""Does things soon after each minute has ended, and sleeps in between."""

from __future__ import annotations

import logging
import time
from threading import Event, Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_log = logging.getLogger(__name__)
MINUTE = 60.0
_AFTER_SECONDS = 1.0


class MinuteClock:
    """Runs steps in their order, once a minute.

    Args:
        steps: What to do; one that fails does not keep the others from being done.
    """

    def __init__(self, *steps: Callable[[], None]) -> None:
        self._steps = steps
        self._end = Event()

    def start(self) -> None:
        """Begin; to be called when the emulator answers."""
        Thread(target=self._run, name="minute-clock", daemon=True).start()

    def close(self) -> None:
        """Stop."""
        self._end.set()

    def _run(self) -> None:
        while not self._end.wait(MINUTE - time.time() % MINUTE + _AFTER_SECONDS):
            for step in self._steps:
                try:
                    step()
                except Exception:  # noqa: BLE001 - the next minute gets another try
                    _log.exception("a step of the minute's end failed")
