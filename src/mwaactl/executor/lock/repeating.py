"""Calls a function again and again beside the work that goes on."""

from __future__ import annotations

from threading import Event, Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def repeat(seconds: float, work: Callable[[], None]) -> Callable[[], None]:
    """Call a function every so many seconds, in a thread of its own.

    Args:
        seconds: Pause between two calls, and before the first.
        work: Called without arguments; must not raise.

    Returns:
        A function that ends it, and waits for a call that is under way.
    """
    over = Event()

    def keep_going() -> None:
        while not over.wait(seconds):
            work()

    thread = Thread(target=keep_going, name="repeating", daemon=True)
    thread.start()

    def stop() -> None:
        over.set()
        thread.join(timeout=seconds)

    return stop
