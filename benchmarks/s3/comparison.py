"""Compares how long a DAG folder takes to S3, and how much memory that needs."""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.report import Section
from benchmarks.root import ROOT
from benchmarks.s3.contestants import BUCKET, run_aws, run_mwaactl, run_s5cmd
from benchmarks.s3.emulated import emulated_s3
from benchmarks.s3.tree import make_project, statement_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.s3.contestants import Run
    from benchmarks.s3.emulated import EmulatedS3

LATENCY = 0.025  # seconds
FILES, MANY_FILES = 10_000, 100_000
FIRST_RUNS, UNCHANGED_RUNS, CHANGED_RUNS = 3, 3, 5
MOST_MEMORY = 300  # MiB
TEXT = (
    f"One S3 for all: the emulator's, in a process of its own, each request {LATENCY * 1000:.0f} ms late. "
    "Of ten files eight are SQL, one is a module and one a DAG. `mwaactl deploy` runs from its start to the\n"
    "recorded release; stacks, MWAA and Airflow answer it at once. Seconds are medians where there were "
    "several runs. A checkout is fresh\n"
    "where no command has run in it: nothing is known of its files."
)


@dataclass(frozen=True, slots=True)
class Comparison:
    """One line of the results.

    Attributes:
        what: What was done.
        own: What mwaactl took, in words.
        peer: What the other one took, in words; empty where there is none.
        figure: What the promise is about.
        promised: The promise, in words.
        kept: Whether it was kept.
        runs: How often mwaactl ran.
    """

    what: str
    own: str
    peer: str
    figure: str
    promised: str
    kept: bool
    runs: int

    @property
    def cells(self) -> tuple[str, ...]:
        """The line as cells of a table."""
        verdict = self.promised if self.kept else f"{self.promised}: **not kept**"
        return (self.what, self.own, self.peer, self.figure, verdict, str(self.runs))


def measure() -> Section:
    """Measure everything about S3."""
    load = os.getloadavg()[0]
    found: list[Comparison] = []
    with tempfile.TemporaryDirectory(prefix="mwaactl-bench-") as folder:
        for comparison in _all(Path(folder)):
            print(" | ".join(cell for cell in comparison.cells if cell), flush=True)
            found.append(comparison)
    return Section(
        "S3",
        f"{TEXT} The load of the machine was {load:.1f} before.",
        ("what", "mwaactl", "peer", "figure", "promised", "runs"),
        tuple(each.cells for each in found),
        all(each.kept for each in found),
    )


def _all(folder: Path) -> Iterator[Comparison]:
    with emulated_s3(LATENCY, folder / "server") as s3:
        checkout, fresh = folder / "checkout", folder / "fresh"
        make_project(checkout, FILES, s3.url)
        yield _first(s3, checkout)
        make_project(fresh, FILES, s3.url)
        yield _unchanged(s3, fresh)
        yield _changed(s3, fresh, "in a fresh checkout", forget=True)
        yield _changed(s3, fresh, "in the checkout of the last deployment", forget=False)
    with emulated_s3(0, folder / "server") as s3:
        many = folder / "many"
        make_project(many, MANY_FILES, s3.url)
        yield from _memory(s3, many)


def _first(s3: EmulatedS3, project: Path) -> Comparison:
    """Deploy into an empty bucket; the two take turns, and the last release stays."""
    own, peer = [], []
    for _ in range(FIRST_RUNS):
        s3.make_bucket(BUCKET)
        peer.append(run_s5cmd(s3, project))
        s3.make_bucket(BUCKET)
        _forget(project)
        own.append(run_mwaactl(s3, project, "deploy"))
    ratio = _seconds(own) / _seconds(peer)
    return Comparison(
        f"first deployment of {FILES:,} files",
        f"{_seconds(own):.1f} s, {own[-1].puts:,} PUT, at most {own[-1].counts['in flight']} at once",
        f"`s5cmd cp`: {_seconds(peer):.1f} s, {peer[-1].puts:,} PUT",
        f"{ratio:.2f} times its time",
        "≤ 1",
        ratio <= 1 and all(each.puts >= FILES for each in (*own, *peer)),
        FIRST_RUNS,
    )


def _unchanged(s3: EmulatedS3, project: Path) -> Comparison:
    """Deploy the same content from files that are new."""
    own = []
    for _ in range(UNCHANGED_RUNS):
        _forget(project)
        own.append(run_mwaactl(s3, project, "deploy"))
    peer = run_aws(s3, project)
    ratio = peer.seconds / _seconds(own)
    written = sum(each.puts for each in own)
    return Comparison(
        f"{FILES:,} unchanged files from a fresh checkout",
        f"{_seconds(own):.1f} s, {written} PUT",
        f"`aws s3 sync`: {peer.seconds:.1f} s, {peer.puts:,} PUT",
        f"{ratio:.1f} times faster",
        "≥ 10, 0 PUT",
        ratio >= 10 and not written,
        UNCHANGED_RUNS,
    )


def _changed(s3: EmulatedS3, project: Path, where: str, *, forget: bool) -> Comparison:
    """Deploy one edited file, and list the bucket once each time before."""
    own, peer = [], []
    for number in range(CHANGED_RUNS):
        with statement_of(project, number).open("a", encoding="utf-8") as file:
            file.write(f"-- changed {where}\n")
        peer.append(_listing_seconds(s3))
        if forget:
            _forget(project)
        own.append(run_mwaactl(s3, project, "deploy"))
    ratio = _seconds(own) / statistics.median(peer)
    return Comparison(
        f"one changed file among {FILES:,}, {where}",
        f"{_seconds(own):.1f} s, {own[-1].puts} PUT",
        f"a LIST of the bucket with boto3: {statistics.median(peer):.1f} s",
        f"{ratio:.2f} times its time",
        "≤ 1.5",
        ratio <= 1.5,
        CHANGED_RUNS,
    )


def _listing_seconds(s3: EmulatedS3) -> float:
    client = s3.client()
    started = time.perf_counter()
    pages = client.get_paginator("list_objects_v2").paginate(Bucket=BUCKET)
    listed = sum(len(page["Contents"]) for page in pages)
    seconds = time.perf_counter() - started
    assert listed > FILES
    return seconds


def _memory(s3: EmulatedS3, project: Path) -> Iterator[Comparison]:
    s3.make_bucket(BUCKET)
    yield _peak(
        f"memory of the plan of a first deployment of {MANY_FILES:,} files", run_mwaactl(s3, project, "plan")
    )
    _forget(project)
    s3.plant(BUCKET, "dags/", project / "dags")
    subprocess.run(
        [sys.executable, "-m", "benchmarks.s3.record", str(project)], cwd=ROOT, env=s3.environment, check=True
    )
    for where in ("from a fresh checkout", "again"):
        run = run_mwaactl(s3, project, "deploy")
        what = f"memory of a deployment of {MANY_FILES:,} unchanged files, {where}"
        yield _peak(what, run, writes=False)


def _peak(what: str, run: Run, *, writes: bool = True) -> Comparison:
    kept = run.memory <= MOST_MEMORY and (writes or not run.puts)
    return Comparison(
        what, f"{run.seconds:.1f} s", "", f"{run.memory:.0f} MiB", f"≤ {MOST_MEMORY} MiB", kept, 1
    )


def _forget(project: Path) -> None:
    """Make a checkout fresh again."""
    shutil.rmtree(project / ".mwaactl", ignore_errors=True)


def _seconds(runs: list[Run]) -> float:
    return statistics.median(each.seconds for each in runs)
