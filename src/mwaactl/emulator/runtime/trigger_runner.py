"""The process in which Airflow's triggerer runs triggers, and its end before that of the triggerer."""

from __future__ import annotations

import time
from contextlib import suppress

import psutil

TRIGGERER = "triggerer"
_LIMIT = 1.5


def end_triggerer(pid: int, limit: float = _LIMIT) -> None:
    """Ask a triggerer to end, once what runs its triggers has ended or the limit is over.

    A runner closes its connections a moment before it ends. A triggerer that sees the first and not yet the
    second waits ten seconds, for nothing wakes it any more. So it is held until its runner is gone; then it
    signs off at once.

    Args:
        pid: Its process id; one that is gone is passed over.
        limit: Seconds that its runner has.
    """
    with suppress(psutil.NoSuchProcess):
        triggerer = psutil.Process(pid)
        triggerer.suspend()
        try:
            triggerer.terminate()  # it hears of it when it goes on
            _end(triggerer.children(), limit)
        finally:
            triggerer.resume()


def _end(runners: list[psutil.Process], limit: float) -> None:
    for runner in runners:
        with suppress(psutil.NoSuchProcess):
            runner.terminate()
    deadline = time.monotonic() + limit
    while any(runs(runner) for runner in runners) and time.monotonic() < deadline:
        time.sleep(0.02)


def runs(process: psutil.Process) -> bool:
    """Tell whether a process has not ended."""
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
