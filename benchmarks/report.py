"""Writes benchmarks/README.md: the figures, with the machine and the date they belong to."""

import datetime as dt
import os
import platform
from collections.abc import Sequence
from pathlib import Path

from benchmarks.measure import ROOT, Measurement

HEAD = """# Benchmarks

`make bench` runs them and rewrites this page. No test in the suite is timed.

Measured on {date}: {cores} cores ({processor}), {memory:.0f} GiB of memory, {system}, Python {python}.

| what | seconds | promised | runs |
|---|---|---|---|
"""


def write_results(results: Sequence[Measurement], path: Path = ROOT / "benchmarks" / "README.md") -> None:
    """Write the figures as a table."""
    path.write_text(HEAD.format(**_machine()) + "".join(_row(result) for result in results), encoding="utf-8")


def _row(result: Measurement) -> str:
    promised = f"≤ {result.target:g}" if result.target is not None else ""
    return f"| {result.what} | {result.seconds:.2f} | {promised} | {result.runs} |\n"


def _machine() -> dict[str, object]:
    return {
        "date": dt.datetime.now(tz=dt.UTC).date().isoformat(),
        "cores": os.cpu_count(),
        "processor": _processor(),
        "memory": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30,
        "system": platform.system(),
        "python": platform.python_version(),
    }


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor()
