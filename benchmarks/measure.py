"""Takes the time of whole commands, as a user would wait for them."""

import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.report import Section
from benchmarks.root import ROOT

BIN = ROOT / ".venv" / "bin"


@dataclass(frozen=True, slots=True)
class Measurement:
    """One line of the results.

    Attributes:
        what: the command, in words.
        seconds: wall time; the median where it ran more than once.
        runs: how often it ran.
        target: what we promise, in seconds, or None for a peer.
    """

    what: str
    seconds: float
    runs: int
    target: float | None


def seconds_of(argv: Sequence[str], cwd: Path = ROOT) -> float:
    """Run a command to its successful end and return its wall time in seconds."""
    started = time.perf_counter()
    subprocess.run(argv, cwd=cwd, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


def median_of(argv: Sequence[str], runs: int) -> float:
    """Return the median wall time in seconds of several runs."""
    return statistics.median(seconds_of(argv) for _ in range(runs))


@contextmanager
def fresh_clone() -> Iterator[Path]:
    """Clone the repository into an empty folder; stop its emulator and remove it afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="mwaactl-bench-"))
    clone = folder / "clone"
    try:
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
        yield clone
    finally:
        subprocess.run(["make", "--silent", "down"], cwd=clone, check=False)
        shutil.rmtree(folder)


def seconds_section(title: str, text: str, measurements: Sequence[Measurement]) -> Section:
    """Print times, and make a section of them."""
    for each in measurements:
        print(f"{each.seconds:8.2f} s  {each.what}", flush=True)
    rows = tuple(
        (
            each.what,
            f"{each.seconds:.2f}",
            f"≤ {each.target:g}" if each.target is not None else "",
            str(each.runs),
        )
        for each in measurements
    )
    kept = all(each.target is None or each.seconds <= each.target for each in measurements)
    return Section(title, text, ("what", "seconds", "promised", "runs"), rows, kept)
