"""Which process this is, and whether another one of this machine is provably dead."""

from __future__ import annotations

import os
import socket
import uuid
from pathlib import Path

from mwaactl.executor.lock.holder import Process

_BOOT = Path("/proc/sys/kernel/random/boot_id")
_NAMESPACE = Path("/proc/self/ns/pid")


def this_process() -> Process:
    """Return what identifies this process."""
    return Process(socket.gethostname(), _machine(), os.getpid())


def is_dead(process: Process) -> bool:
    """Tell whether a process has certainly ended; one of another machine may always be alive."""
    if process.machine != _machine() or process.host != socket.gethostname():
        return False
    try:
        os.kill(process.pid, 0)
    except ProcessLookupError:
        return True
    except (OSError, OverflowError):
        return False
    return False


def _machine() -> str:
    # A container shares the boot with its host and has process ids of its own.
    try:
        return f"{_BOOT.read_text('ascii').strip()} {_NAMESPACE.readlink()}"
    except OSError:
        return f"{uuid.getnode():012x}"
