"""The machine's process table: who runs, since when, in which group, below whom."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

import psutil

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@dataclass(frozen=True, slots=True)
class ProcessEntry:
    """One process as the kernel shows it.

    Attributes:
        pid: The process id.
        parent: The parent's process id.
        group: The process group's id; None where the kernel no longer tells it of a process that has ended.
        started: The process's start in hundredths of a second; with the id, unique while the machine is up.
        zombie: Whether it has ended and only waits for its parent.
    """

    pid: int
    parent: int
    group: int | None
    started: int
    zombie: bool


def read_process(pid: int) -> ProcessEntry | None:
    """Return the process's entry, or None if it is gone."""
    try:
        process = psutil.Process(pid)
        with process.oneshot():
            ended = process.status() in {psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD}
            return ProcessEntry(pid, process.ppid(), _group(pid), _started(process), ended)
    except psutil.Error:
        return None


def read_table() -> dict[int, ProcessEntry]:
    """Return all processes by their id."""
    return {pid: entry for pid in psutil.pids() if (entry := read_process(pid)) is not None}


def start_time(pid: int) -> int | None:
    """Return the process's start in hundredths of a second, or None if it is gone."""
    entry = read_process(pid)
    return entry.started if entry else None


def is_running(pid: int, started: int) -> bool:
    """Tell whether exactly this process still runs: the same id and the same start."""
    entry = read_process(pid)
    return entry is not None and entry.started == started and not entry.zombie


def marked_processes(variable: str, value: str) -> set[int]:
    """Return the ids of the own processes whose environment holds `variable=value`."""
    return {
        process.pid for process in psutil.process_iter() if _own_environment(process).get(variable) == value
    }


def with_descendants(pids: Iterable[int], table: Mapping[int, ProcessEntry]) -> set[int]:
    """Return the processes and everything below them."""
    children: dict[int, list[int]] = {}
    for entry in table.values():
        children.setdefault(entry.parent, []).append(entry.pid)
    found, queue = set[int](), list(pids)
    while queue:
        pid = queue.pop()
        if pid not in found:
            found.add(pid)
            queue.extend(children.get(pid, ()))
    return found


def _group(pid: int) -> int | None:
    # macOS does not know the group of a zombie.
    try:
        return os.getpgid(pid)
    except OSError:
        return None


def _started(process: psutil.Process) -> int:
    # Linux keeps the time from boot to start; psutil makes a date of it, which moves whenever the clock is
    # set. macOS keeps the date itself.
    origin = psutil.boot_time() if psutil.LINUX else 0.0
    return round((process.create_time() - origin) * 100)


def _own_environment(process: psutil.Process) -> dict[str, str]:
    """Return the environment that one of this user's processes began with; empty if it can't be read."""
    try:
        return process.environ() if process.uids().effective == os.geteuid() else {}
    except (psutil.Error, OSError):
        return {}
