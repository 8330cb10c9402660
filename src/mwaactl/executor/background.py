"""Runs work beside the main thread, in threads that keep no process alive.

A pool's threads are awaited when the process ends: a request that hangs would then hide an error of the main
thread for minutes.
"""

from __future__ import annotations

from concurrent.futures import Future
from threading import Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def begin[R](work: Callable[[], R]) -> Future[R]:
    """Begin to work, and return what will hold the result or what was raised."""
    future = Future[R]()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as failure:  # noqa: BLE001  raised again where the result is asked for
            future.set_exception(failure)

    Thread(target=run, daemon=True).start()
    return future
