"""The processes in which a scheduler's executor runs tasks, and their early end."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import TYPE_CHECKING

import psutil

if TYPE_CHECKING:
    from collections.abc import Callable

# How many generations below the scheduler a task's own process is: Airflow 3's worker supervises it, Airflow
# 2's worker starts a supervisor, which starts it.
_DEPTH = {2: 3, 3: 2}
PATIENCE = 5.0


class TaskProcesses:
    """Ends the tasks below a scheduler as MWAA's FORCED update does, so that Airflow sees each of them fail.

    A task is asked to end, and killed when it does not; what supervises it lives on and tells the scheduler.

    Args:
        airflow_major: 2 or 3.
        patience: Seconds between asking and killing.
        clock: Tells the time in seconds.
    """

    def __init__(
        self, airflow_major: int, patience: float = PATIENCE, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._depth = _DEPTH[airflow_major]
        self._patience = patience
        self._clock = clock
        self._asked: dict[psutil.Process, float] = {}

    def end(self, scheduler: int | None) -> bool:
        """Ask whatever runs to end that was not asked yet, and kill what was asked too long ago.

        Args:
            scheduler: The process id of the scheduler; None if it does not run.

        Returns:
            Whether there was any task.
        """
        tasks = [] if scheduler is None else _below(scheduler, self._depth)
        for process in tasks:
            with suppress(psutil.NoSuchProcess):
                self._end(process)
        return bool(tasks)

    def _end(self, process: psutil.Process) -> None:
        if process not in self._asked:
            self._asked[process] = self._clock()
            process.terminate()
        elif self._clock() - self._asked[process] > self._patience:
            process.kill()


def _below(pid: int, depth: int) -> list[psutil.Process]:
    """Return the processes that many generations below one."""
    try:
        generation = [psutil.Process(pid)]
    except psutil.NoSuchProcess:
        return []
    for _ in range(depth):
        generation = [child for parent in generation for child in _children(parent)]
    return generation


def _children(process: psutil.Process) -> list[psutil.Process]:
    try:
        return process.children()
    except psutil.NoSuchProcess:
        return []
