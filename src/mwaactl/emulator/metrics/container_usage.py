"""How much of its size each of MWAA's containers uses, from the processes that stand for it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import psutil

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from mwaactl.catalog.classes import EnvironmentClass, Size

SCHEDULER, WORKER, WEB_SERVER = "Scheduler", "BaseWorker", "WebServer"
_GIGABYTE = 1 << 30


@dataclass(frozen=True, slots=True)
class Usage:
    """What a container uses.

    Attributes:
        cpu_percent: Of its processors.
        memory_percent: Of its memory.
    """

    cpu_percent: float
    memory_percent: float


@dataclass(frozen=True, slots=True)
class _Taken:
    cpu_seconds: float
    memory: int


class ContainerUsage:
    """Measures from one time to the next.

    Args:
        clock: Seconds that only go on.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._at = clock()
        self._seen: dict[tuple[int, float], float] = {}

    def measure(self, pids: Mapping[str, int], sizes: EnvironmentClass) -> dict[str, Usage]:
        """Return the usage since this was last asked, by container.

        Tasks are children of the scheduler here: what it has started counts as the worker's.

        Args:
            pids: The components' processes by Airflow's name.
            sizes: The environment's class.
        """
        now = self._clock()
        elapsed, self._at = max(now - self._at, 1e-3), now
        before, self._seen = self._seen, {}
        scheduler = _processes(pids.get("scheduler"))
        web_server = pids.get("api-server") or pids.get("webserver")
        others = [pid for name, pid in pids.items() if name in {"triggerer", "dag-processor"}]
        groups = {
            SCHEDULER: (
                scheduler[:1] + [each for pid in others for each in _processes(pid)],
                sizes.scheduler,
            ),
            WORKER: (scheduler[1:], sizes.worker),
            WEB_SERVER: (_processes(web_server), sizes.webserver),
        }
        return {
            name: _usage(self._taken(found, before), size, elapsed) for name, (found, size) in groups.items()
        }

    def _taken(
        self, processes: Sequence[psutil.Process], before: Mapping[tuple[int, float], float]
    ) -> _Taken:
        seconds, memory = 0.0, 0
        for process in processes:
            try:
                with process.oneshot():
                    times, key = process.cpu_times(), (process.pid, process.create_time())
                    memory += _memory_of(process)
            except psutil.Error:
                continue
            self._seen[key] = times.user + times.system
            seconds += self._seen[key] - before.get(key, 0.0)
        return _Taken(seconds, memory)


def _usage(taken: _Taken, size: Size, elapsed: float) -> Usage:
    cpu = 100.0 * taken.cpu_seconds / elapsed / size.vcpu
    return Usage(round(min(cpu, 100.0), 4), round(100.0 * taken.memory / (size.memory_gb * _GIGABYTE), 4))


def _memory_of(process: psutil.Process) -> int:
    """Return a process's memory; what several share counts once in their sum, where the system tells."""
    full = process.memory_full_info()
    return int(getattr(full, "pss", 0) or full.rss)


def _processes(pid: int | None) -> list[psutil.Process]:
    """Return a process and all that it has started, itself first; [] if it is gone."""
    if pid is None:
        return []
    try:
        process = psutil.Process(pid)
        return [process, *process.children(recursive=True)]
    except psutil.Error:
        return []
