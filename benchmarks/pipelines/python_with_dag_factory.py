"""A Python with Airflow 3.3.1 as MWAA pins it, and dag-factory beside it; kept, because it takes a minute."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING

from benchmarks.root import ROOT

if TYPE_CHECKING:
    from pathlib import Path

VERSION, DAG_FACTORY = "3.3.1", "1.1.0"
_LOCK = ROOT / "src" / "mwaactl" / "catalog" / "locks" / f"airflow-{VERSION}.txt"
_FOLDER = ROOT / ".mwaactl" / "benchmarks" / f"airflow-{VERSION}-dag-factory-{DAG_FACTORY}"


def python_with_dag_factory() -> Path:
    """Return its path, after it was made if need be."""
    python = _FOLDER / "bin" / "python"
    ready = _FOLDER / ".ready"
    if not ready.exists():
        uv = subprocess.run(
            [str(ROOT / "scripts" / "ensure-uv")], check=True, capture_output=True, text=True, cwd=ROOT
        ).stdout.strip()
        pins = _FOLDER.with_suffix(".pins.txt")
        pins.parent.mkdir(parents=True, exist_ok=True)
        pins.write_text(
            "\n".join(re.findall(r"^[\w.\[\],-]+==\S+", _LOCK.read_text(encoding="utf-8"), re.MULTILINE))
        )
        install = [uv, "pip", "install", "--quiet", "--python", str(python)]
        subprocess.run(
            [uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(_FOLDER)], check=True
        )
        subprocess.run([*install, "--require-hashes", "-r", str(_LOCK)], check=True)
        subprocess.run([*install, "-c", str(pins), f"dag-factory=={DAG_FACTORY}"], check=True)
        ready.touch()
    return python
