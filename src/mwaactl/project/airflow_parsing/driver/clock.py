"""Time that a process really takes: what it waits for a processor on a busy machine does not count."""

import time
from pathlib import Path

# The seconds that the main thread ran, and waited for a processor, in nanoseconds; Linux has it.
_SCHEDULED = Path("/proc/self/schedstat")


def seconds() -> float:
    """Return a moment, in seconds; only differences mean something."""
    return time.perf_counter() - _kept_waiting()


def _kept_waiting() -> float:
    try:
        return int(_SCHEDULED.read_text(encoding="ascii").split()[1]) / 1e9
    except (OSError, ValueError, IndexError):
        return 0.0
