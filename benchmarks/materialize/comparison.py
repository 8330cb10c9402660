"""In-process `materialize` of two partitioned assets with a failing check, beside Dagster's."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.report import Section
from benchmarks.root import ROOT
from mwaactl.emulator.settings import find_uv

if TYPE_CHECKING:
    from collections.abc import Mapping

DAGSTER = "dagster==1.13.27"
TURNS, REPEATS = 3, 10
PROMISED = 1.5  # times Dagster's time in the same run
HERE = Path(__file__).parent
TEXT = (
    "Two assets of one daily partition; the first has 1,000 rows and a blocking check that fails, so that\n"
    "the second is skipped. Dagster keeps its values in memory; `typed_assets.testing.materialize` stages,\n"
    "checks and records on S3 in memory. Each in a process of its own, in turns: medians of\n"
    f"{TURNS} processes, with {REPEATS} runs in each after the first."
)


def measure() -> Section:
    """Measure both in turns."""
    programs = {
        DAGSTER: [str(_dagster() / "bin" / "python"), str(HERE / "with_dagster.py")],
        "typed_assets": [sys.executable, str(HERE / "with_typed_assets.py")],
    }
    said = [{name: _run(argv) for name, argv in programs.items()} for _ in range(TURNS)]
    found = {name: _median([turn[name] for turn in said]) for name in programs}
    own, peer = found["typed_assets"], found[DAGSTER]
    rows = tuple(_cells(what, own[what], peer[what]) for what in ("run", "first", "import"))
    for cells in rows:
        print(" | ".join(cells), flush=True)
    kept = own["run"] <= PROMISED * peer["run"]
    columns = ("what", "seconds", "Dagster", "figure", "promised")
    return Section("In-process materialise and Dagster", TEXT, columns, rows, kept)


def _dagster() -> Path:
    """Return the environment with Dagster, made if it is missing."""
    folder = ROOT / ".mwaactl" / "benchmarks" / DAGSTER.replace("==", "-")
    uv, python = find_uv(ROOT), folder / "bin" / "python"
    if not (folder / ".ready").exists():
        subprocess.run(
            [uv, "venv", "--quiet", "--clear", "--no-project", "--python", sys.executable, str(folder)],
            check=True,
        )
        install = [uv, "pip", "install", "--quiet", "--compile-bytecode", "--python", str(python), DAGSTER]
        subprocess.run(install, check=True)
        (folder / ".ready").touch()
    return folder


def _run(argv: list[str]) -> dict[str, float]:
    kept = ("HOME", "LANG", "PATH", "TMPDIR")
    env = {name: os.environ[name] for name in kept if name in os.environ}
    env |= {"DAGSTER_DISABLE_TELEMETRY": "1", "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'plugins'}"}
    done = subprocess.run(
        [*argv, str(REPEATS)], check=True, env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    answer: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return answer


def _median(turns: list[Mapping[str, float]]) -> dict[str, float]:
    return {what: sorted(turn[what] for turn in turns)[len(turns) // 2] for what in turns[0]}


def _cells(what: str, own: float, peer: float) -> tuple[str, ...]:
    names = {"run": "materialize", "first": "the first one", "import": "imports"}
    kept = own <= PROMISED * peer
    promised = f"≤ {PROMISED:g} times{'' if kept else ': **not kept**'}" if what == "run" else ""
    return names[what], f"{own:.3f}", f"{peer:.3f}", f"{own / peer:.2f} times its time", promised
