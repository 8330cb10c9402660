"""What a process costs while nobody asks it for anything."""

from __future__ import annotations

import time
from dataclasses import dataclass

import psutil


@dataclass(frozen=True, slots=True)
class Idle:
    """One process at rest.

    Attributes:
        percent: Of one core.
        megabytes: Resident memory.
    """

    percent: float
    megabytes: float


def idle(pid: int, seconds: float) -> Idle:
    """Watch a process, without its children."""
    process = psutil.Process(pid)
    before, started = process.cpu_times(), time.perf_counter()
    time.sleep(seconds)
    after, passed = process.cpu_times(), time.perf_counter() - started
    used = after.user + after.system - before.user - before.system
    return Idle(100 * used / passed, process.memory_info().rss / 2**20)
