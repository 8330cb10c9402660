"""Ends processes with all that they have started, also what they start while they end."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Mapping
from contextlib import suppress

import psutil

from mwaactl.emulator.process_table import ProcessEntry, is_running, read_table, with_descendants

type Table = Mapping[int, ProcessEntry]
type Find = Callable[[Table], set[int]]
# Process ids with the start of each.
type Victims = dict[int, int]

_AT_REST = {psutil.STATUS_STOPPED, psutil.STATUS_TRACING_STOP, psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD}


def end_processes(find: Find, grace: float) -> set[int]:
    """Ask processes and everything below them to end, and kill what is still there after `grace` seconds.

    Args:
        find: Tells from the process table who is to end. It is asked more than once, since those that were
            asked to end may start others.
        grace: Seconds between SIGTERM and SIGKILL; 0 kills at once.

    Returns:
        The ids of the processes that were told to end; the own one is passed over.
    """
    asked = _present(find, {})
    if grace > 0:
        _signal_all(asked, signal.SIGTERM)
        _wait_while(lambda: _running(asked), grace)
    stopped = _stop(find, asked)
    _signal_all(stopped, signal.SIGKILL)
    _wait_while(lambda: _running(stopped), 5)
    return asked.keys() | stopped.keys()


def end_tree(group: int, started: int, grace: float) -> None:
    """End a process group and everything below its members.

    Args:
        group: The group's id, which is its leader's process id.
        started: The leader's start time; a group that got the same id later is left alone.
        grace: Seconds between SIGTERM and SIGKILL.
    """

    def members(table: Table) -> set[int]:
        leader = table.get(group)
        if leader is not None and leader.started != started:
            return set()
        return {entry.pid for entry in table.values() if entry.group == group}

    end_processes(members, grace)


def _stop(find: Find, known: Victims) -> Victims:
    """Stop all that run, and return them: what is stopped starts nothing more, so the last look finds all."""
    stopped: Victims = {}
    while fresh := {pid: born for pid, born in _present(find, known).items() if pid not in stopped}:
        _signal_all(fresh, signal.SIGSTOP)
        _wait_while(lambda: any(_may_fork(pid) for pid in fresh), 1)
        stopped |= fresh
    return stopped


def _present(find: Find, known: Victims) -> Victims:
    """Return who runs of those that are to end, of those known from before, and of all below them."""
    table = read_table()
    still = {pid for pid, born in known.items() if pid in table and table[pid].started == born}
    spared = {0, 1, os.getpid()}
    return {
        pid: table[pid].started
        for pid in with_descendants(find(table) | still, table) - spared
        if pid in table and not table[pid].zombie
    }


def _may_fork(pid: int) -> bool:
    """Tell whether a process runs on although it was stopped: the signal takes a moment to reach it."""
    try:
        return psutil.Process(pid).status() not in _AT_REST
    except psutil.Error:
        return False


def _running(victims: Victims) -> Victims:
    return {pid: started for pid, started in victims.items() if is_running(pid, started)}


def _signal_all(victims: Victims, number: int) -> None:
    for pid, started in victims.items():
        if is_running(pid, started):
            with suppress(ProcessLookupError, PermissionError):
                os.kill(pid, number)


def _wait_while(holds: Callable[[], object], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while holds() and time.monotonic() < deadline:
        time.sleep(0.02)
