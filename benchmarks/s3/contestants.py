"""Who copies a DAG folder to S3: mwaactl, the AWS CLI and s5cmd, each as a process of its own."""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks.measure import BIN
from benchmarks.root import ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from benchmarks.s3.emulated import EmulatedS3

BUCKET = "bench-local-source-123456789012-us-east-1"
DAGS = f"s3://{BUCKET}/dags/"


@dataclass(frozen=True, slots=True)
class Run:
    """One run of one contestant.

    Attributes:
        seconds: Wall time of the whole process.
        counts: Requests by method, and the most at once.
        memory: Peak of the resident memory in MiB; 0 where it was not measured.
    """

    seconds: float
    counts: Mapping[str, int]
    memory: float = 0.0

    @property
    def puts(self) -> int:
        """How many objects were written."""
        return self.counts.get("PUT", 0)


def run_mwaactl(s3: EmulatedS3, project: Path, *arguments: str) -> Run:
    """Run a command line of mwaactl in a project."""
    seconds, said = _timed([sys.executable, "-m", "benchmarks.s3.ours", str(project), *arguments], s3)
    return Run(seconds, s3.taken_counts(), float(said.splitlines()[-1]))


def run_aws(s3: EmulatedS3, project: Path) -> Run:
    """Copy a project's DAG folder with `aws s3 sync`."""
    seconds, _ = _timed(
        [str(BIN / "aws"), "s3", "sync", str(project / "dags"), DAGS, "--only-show-errors"], s3
    )
    return Run(seconds, s3.taken_counts())


def run_s5cmd(s3: EmulatedS3, project: Path) -> Run:
    """Copy a project's DAG folder with `s5cmd cp`, which does not even look at what is there."""
    seconds, _ = _timed([str(BIN / "s5cmd"), "--log", "error", "cp", f"{project / 'dags'}/", DAGS], s3)
    return Run(seconds, s3.taken_counts())


def _timed(command: list[str], s3: EmulatedS3) -> tuple[float, str]:
    """Return seconds and standard error of a program that must succeed."""
    s3.taken_counts()
    started = time.perf_counter()
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=s3.environment,
        check=False,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    seconds = time.perf_counter() - started
    if done.returncode:
        message = f"{' '.join(command)} ended with {done.returncode}: {done.stderr[-2000:]}"
        raise RuntimeError(message)
    return seconds, done.stderr
