"""Parquet as PyArrow reads it: in Airflow's own packages, of the version that MWAA's constraints allow."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING

import pytest

from mwaactl.catalog.constraints import airflow_constraints
from mwaactl.emulator.settings import find_uv
from tests.airflow.runtimes import ROOT, runtime

if TYPE_CHECKING:
    from pathlib import Path

VERSION = "3.3.1"
PYARROW = airflow_constraints(VERSION)["pyarrow"]


@pytest.fixture(scope="module")
def pyarrow(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with PyArrow alone."""
    folder = tmp_path_factory.mktemp("pyarrow")
    python = runtime(VERSION) / "bin" / "python"
    subprocess.run(
        [find_uv(ROOT), "pip", "install", "--quiet", "--python", str(python), "--target", str(folder),
         "--no-deps", f"pyarrow=={PYARROW}"],
        check=True,
    )  # fmt: skip
    return folder


@pytest.mark.whole
def test_pyarrow_parts_a_file_as_duckdb_does(pyarrow: Path) -> None:
    script = ROOT / "tests" / "airflow" / "inside" / "parted_by_pyarrow.py"
    done = subprocess.run(
        [str(runtime(VERSION) / "bin" / "python"), "-W", "error", str(script)],
        env={"PYTHONPATH": f"{ROOT / 'plugins'}:{pyarrow}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout) == {
        "duckdb": False,
        "pyarrow": PYARROW,
        "failed": [],
        "counted": [24_997, 3],
        "schema": True,
        "read": [24_997, "2013-01-31 05:00:00", "12.50", 24_998],
        "damaged": "s3://data/g.parquet cannot be read as Parquet",
    }
