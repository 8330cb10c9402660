"""What synthesis of our stacks costs beside that of an app with a single bucket."""

from __future__ import annotations

import os
import statistics
import subprocess
import tempfile
import time
from typing import TYPE_CHECKING

import infra  # noqa: F401  lets the CDK library of both apps find the same Node
from benchmarks.measure import BIN
from benchmarks.report import Section
from benchmarks.root import ROOT

if TYPE_CHECKING:
    from collections.abc import Sequence

RUNS = 5
PROMISED = 2.0
TEXT = (
    "Our app for `prod` with its rules, and an app with one bucket, in turns, each in a process of its own; "
    "the median. Neither uses a network or credentials."
)


def measure() -> Section:
    """Synthesise both in turns."""
    with tempfile.TemporaryDirectory() as folder:
        ours, one = ("-m", "infra.app"), ("-m", "benchmarks.one_bucket", f"{folder}/one")
        _seconds(ours, folder), _seconds(one, folder)  # the CDK library unpacks itself once
        times = [(_seconds(ours, folder), _seconds(one, folder)) for _ in range(RUNS)]
    own, peer = (statistics.median(column) for column in zip(*times, strict=True))
    ratio = own / peer
    print(f"{own:8.2f} s  ours, {peer:.2f} s one bucket: {ratio:.2f} times", flush=True)
    verdict = "" if ratio <= PROMISED else ": **not kept**"
    row = (
        "synthesis",
        f"{own:.2f}",
        f"{peer:.2f}",
        f"{ratio:.2f} times its time",
        f"≤ {PROMISED:g}{verdict}",
        str(RUNS),
    )
    columns = ("what", "seconds", "one bucket", "figure", "promised", "runs")
    return Section("Synthesis", TEXT, columns, (row,), ratio <= PROMISED)


def _seconds(arguments: Sequence[str], folder: str) -> float:
    environ = {**os.environ, "CDK_OUTDIR": f"{folder}/ours", "MWAACTL_ENVIRONMENT": "prod"}
    environ.pop("PYTHONDONTWRITEBYTECODE", None)
    started = time.perf_counter()
    subprocess.run([str(BIN / "python"), *arguments], cwd=ROOT, env=environ, check=True)
    return time.perf_counter() - started
