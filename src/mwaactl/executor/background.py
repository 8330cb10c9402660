"""Runs work beside the main thread, or beside more of the same, in threads that keep no process alive.

A pool's threads are awaited when the process ends: a request that hangs would then hide an error of the main
thread for minutes.
"""

from __future__ import annotations

from collections import deque
from concurrent.futures import Future
from threading import Thread
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


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


def side_by_side[T, R](work: Callable[[T], R], items: Iterable[T], workers: int) -> list[R]:
    """Do the same for many items; who interrupts it waits for none of them.

    Args:
        work: Done for each item; only reads, since it may go on for a while after an interruption.
        items: All of them.
        workers: How many at once.

    Returns:
        The results in the order of the items.

    Raises:
        BaseException: What `work` raised first; no further item is begun then.
    """
    waiting = deque(enumerate(items))
    results: list[R | None] = [None] * len(waiting)

    def go_on() -> None:
        while (taken := _next(waiting)) is not None:
            number, item = taken
            try:
                results[number] = work(item)
            except BaseException:
                waiting.clear()
                raise

    try:
        for each in [begin(go_on) for _ in range(min(workers, len(waiting)))]:
            each.result()
    finally:
        waiting.clear()
    return cast("list[R]", results)


def _next[T](waiting: deque[T]) -> T | None:
    """Take an item, which another thread may have been quicker to do."""
    try:
        return waiting.popleft()
    except IndexError:
        return None
