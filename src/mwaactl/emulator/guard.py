"""The guard process: outlives the emulator by a moment and ends what the emulator started.

It reads `+PGID START` and `-PGID` lines from its standard input, a pipe whose other end only the emulator
holds. The end of the input means that the emulator is gone, however it went; `quit` means that it has cleaned
up itself.
"""

from __future__ import annotations

import os
import signal
import sys

from mwaactl.emulator.process_table import (
    end_processes,
    marked_processes,
    read_table,
    start_time,
    with_descendants,
)

MARKER = "MWAACTL_EMULATOR_STATE"
GRACE_SECONDS = 3.0


def main(state_dir: str) -> None:
    """Follow the emulator's list of process groups until its end, then end them."""
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
    end_groups(groups, state_dir, GRACE_SECONDS)


def end_groups(groups: dict[int, int], state_dir: str, grace: float) -> set[int]:
    """End recorded groups, everything below them, and every process that carries the emulator's mark.

    Args:
        groups: The groups' ids with the start time of the process that led each.
        state_dir: The emulator's state directory, the value of the mark.
        grace: Seconds between SIGTERM and SIGKILL.

    Returns:
        The ids of the processes that were told to end.
    """
    table = read_table()
    alive = {group for group, started in groups.items() if _is_same_group(group, started, state_dir)}
    members = {entry.pid for entry in table.values() if entry.group in alive}
    marked = marked_processes(MARKER, state_dir) - {os.getpid()}
    victims = with_descendants(members | marked, table)
    end_processes(victims, grace)
    # What a dying supervisor restarted in between.
    end_processes(marked_processes(MARKER, state_dir) - {os.getpid()}, 0)
    return victims


def _is_same_group(group: int, started: int, state_dir: str) -> bool:
    """Tell a recorded group from a later one that got the same id."""
    leader_started = start_time(group)
    if leader_started is not None:
        return leader_started == started
    marked = marked_processes(MARKER, state_dir)
    return any(entry.group == group and entry.pid in marked for entry in read_table().values())


if __name__ == "__main__":
    main(sys.argv[1])
