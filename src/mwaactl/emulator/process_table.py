"""The machine's process table: who runs, since when, in which group, below whom."""

from __future__ import annotations

import os
import signal
import time
from contextlib import suppress
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


def end_processes(pids: Iterable[int], grace: float) -> None:
    """Ask the processes to end, and kill what is still there after `grace` seconds.

    Args:
        pids: Process ids; the own one and those gone are passed over.
        grace: Seconds between SIGTERM and SIGKILL; 0 kills at once.
    """
    table = read_table()
    victims = {pid: table[pid].started for pid in pids if pid in table and pid not in {0, 1, os.getpid()}}
    if grace > 0:
        _signal_all(victims, signal.SIGTERM)
        deadline = time.monotonic() + grace
        while _running(victims) and time.monotonic() < deadline:
            time.sleep(0.05)
    _signal_all(_running(victims), signal.SIGKILL)
    deadline = time.monotonic() + 5
    while _running(victims) and time.monotonic() < deadline:
        time.sleep(0.02)


def end_tree(group: int, started: int, grace: float) -> None:
    """End a process group and everything below its members.

    Args:
        group: The group's id, which is its leader's process id.
        started: The leader's start time; a group that got the same id later is left alone.
        grace: Seconds between SIGTERM and SIGKILL.
    """
    leader_started = start_time(group)
    if leader_started is not None and leader_started != started:
        return
    table = read_table()
    members = [entry.pid for entry in table.values() if entry.group == group]
    end_processes(with_descendants(members, table), grace)


def _running(victims: Mapping[int, int]) -> dict[int, int]:
    return {pid: started for pid, started in victims.items() if is_running(pid, started)}


def _signal_all(victims: Mapping[int, int], number: int) -> None:
    for pid, started in victims.items():
        if is_running(pid, started):
            with suppress(ProcessLookupError, PermissionError):
                os.kill(pid, number)


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
