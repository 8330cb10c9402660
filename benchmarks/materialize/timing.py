"""Times a program that runs again and again; used in the environments that are compared."""

import json
import statistics
import sys
import time
from collections.abc import Callable


def report(run: Callable[[], None], *, imported: float) -> None:
    """Run once, then as often as the command line says, and print seconds as JSON: the median of the rest."""
    first = _seconds(run)
    taken = statistics.median(_seconds(run) for _ in range(int(sys.argv[1])))
    print(json.dumps({"import": imported, "first": first, "run": taken}))


def _seconds(run: Callable[[], None]) -> float:
    began = time.perf_counter()
    run()
    return time.perf_counter() - began
