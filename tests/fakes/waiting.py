"""Waiting for what happens in other processes: until it is so, or as long as a loaded machine may take."""

import time
from collections.abc import Callable
from pathlib import Path


def eventually(condition: Callable[[], bool], seconds: float = 20.0) -> bool:
    """Ask until the answer is yes; return the last answer."""
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.05)
    return condition()


def ends(pid: int) -> bool:
    """Wait until a process is no more, or a zombie that only its reaper still knows."""
    return eventually(lambda: _is_no_more(Path(f"/proc/{pid}/stat")))


def _is_no_more(stat: Path) -> bool:
    try:
        return stat.read_text().rpartition(")")[2].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True
