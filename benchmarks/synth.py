"""What synthesis of our stacks costs beside that of an app with a single bucket."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import tempfile
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import infra  # noqa: F401  lets the CDK library of both apps find the same Node
from benchmarks.measure import BIN
from benchmarks.report import Section
from benchmarks.root import ROOT

if TYPE_CHECKING:
    from collections.abc import Sequence

RUNS = 3
PROMISED = 2.0
TEXT = (
    "Our app for `prod` with its rules, and an app with one bucket, in turns, each in a process of its own; "
    "the median. Neither uses a network or credentials."
)


@dataclass(frozen=True, slots=True)
class Cost:
    """What one synthesis took: seconds on the clock, and of processors, Node's included."""

    wall: float
    processor: float


def measure() -> Section:
    """Synthesise both in turns."""
    with tempfile.TemporaryDirectory() as folder:
        ours, one = ("-m", "infra.app"), ("-m", "benchmarks.one_bucket", f"{folder}/one")
        _cost(ours, folder), _cost(one, folder)  # the CDK library unpacks itself once
        costs = [(_cost(ours, folder), _cost(one, folder)) for _ in range(RUNS)]
    wall = _ratio("seconds", [(own.wall, peer.wall) for own, peer in costs])
    processor = _ratio("processor seconds", [(own.processor, peer.processor) for own, peer in costs])
    kept = wall.figure <= PROMISED
    rows = (
        (*wall.cells, f"≤ {PROMISED:g}{'' if kept else ': **not kept**'}", str(RUNS)),
        (*processor.cells, "", str(RUNS)),
    )
    return Section(
        "Synthesis", TEXT, ("what", "ours", "one bucket", "figure", "promised", "runs"), rows, kept
    )


@dataclass(frozen=True, slots=True)
class Ratio:
    """One row of the results."""

    cells: tuple[str, str, str, str]
    figure: float


def _ratio(what: str, pairs: Sequence[tuple[float, float]]) -> Ratio:
    own, peer = (statistics.median(column) for column in zip(*pairs, strict=True))
    print(f"{own:8.2f} {what} ours, {peer:.2f} one bucket: {own / peer:.2f} times", flush=True)
    return Ratio((what, f"{own:.2f}", f"{peer:.2f}", f"{own / peer:.2f} times"), own / peer)


def _cost(arguments: Sequence[str], folder: str) -> Cost:
    environ = {**os.environ, "CDK_OUTDIR": f"{folder}/ours", "MWAACTL_ENVIRONMENT": "prod"}
    environ.pop("PYTHONDONTWRITEBYTECODE", None)
    started, before = time.perf_counter(), _of_children()
    subprocess.run([str(BIN / "python"), *arguments], cwd=ROOT, env=environ, check=True)
    return Cost(time.perf_counter() - started, _of_children() - before)


def _of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
