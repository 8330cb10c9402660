"""Lets processes end with the one that started them, where the system can do that."""

import contextlib
import ctypes
import os
import signal
import sys
from pathlib import Path

_PR_SET_PDEATHSIG, _PR_SET_CHILD_SUBREAPER = 1, 36  # linux/prctl.h


def end_with_parent() -> None:
    """Have the kernel kill this process when its parent is gone; elsewhere than on Linux nothing happens."""
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def adopt_orphans() -> None:
    """Become the parent of what a DAG file has started and left, also in a session of its own."""
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)


def end_descendants() -> None:
    """Kill all that is left below this process."""
    while children := _children():
        for pid in children:
            with contextlib.suppress(ProcessLookupError, ChildProcessError):
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)


def _prctl(option: int, value: int) -> None:
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(option, value)


def _children() -> list[int]:
    try:
        file = Path(f"/proc/self/task/{os.getpid()}/children")
        return [int(pid) for pid in file.read_text(encoding="ascii").split()]
    except (OSError, ValueError):
        return []
