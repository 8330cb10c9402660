"""The guard process: outlives the emulator by a moment and ends what the emulator started.

It reads `+PGID START` and `-PGID` lines from its standard input, a pipe whose other end only the emulator
holds. The end of the input means that the emulator is gone, however it went; `quit` means that it has cleaned
up itself.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import TYPE_CHECKING

from mwaactl.emulator.process_ending import end_processes
from mwaactl.emulator.process_table import marked_processes, read_table, start_time

if TYPE_CHECKING:
    from mwaactl.emulator.process_ending import Table

MARKER = "MWAACTL_EMULATOR_STATE"
RUN_MARKER = "MWAACTL_EMULATOR_RUN"
GRACE_SECONDS = 3.0


def main(run: str) -> None:
    """Follow the emulator's list of process groups until its end, then end them.

    Args:
        run: The run of the emulator whose children are under guard. The next run may have begun while this
            guard still works, with the same state directory: its children are none of this guard's business.
    """
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    groups: dict[int, int] = {}
    for line in sys.stdin:
        word = line.strip()
        if word == "quit":
            return
        if word.startswith("+"):
            group, started = word[1:].split()
            groups[int(group)] = int(started)
        elif word.startswith("-"):
            groups.pop(int(word[1:]), None)
    end_groups(groups, (RUN_MARKER, run), GRACE_SECONDS)


def end_groups(groups: dict[int, int], mark: tuple[str, str], grace: float) -> set[int]:
    """End recorded groups, everything below them, and every process that carries the emulator's mark.

    Args:
        groups: The groups' ids with the start time of the process that led each.
        mark: Name and value of the environment variable that marks those processes.
        grace: Seconds between SIGTERM and SIGKILL.

    Returns:
        The ids of the processes that were told to end.
    """
    alive = {group for group, started in groups.items() if _is_same_group(group, started, mark)}

    def found(table: Table) -> set[int]:
        members = {entry.pid for entry in table.values() if entry.group in alive}
        return members | marked_processes(*mark) - {os.getpid()}

    ended = end_processes(found, grace)
    # What a thread of a closing emulator started in between.
    return ended | end_processes(found, 0)


def _is_same_group(group: int, started: int, mark: tuple[str, str]) -> bool:
    """Tell a recorded group from a later one that got the same id."""
    leader_started = start_time(group)
    if leader_started is not None:
        return leader_started == started
    marked = marked_processes(*mark)
    return any(entry.group == group and entry.pid in marked for entry in read_table().values())


if __name__ == "__main__":
    main(sys.argv[1])
