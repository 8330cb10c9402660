"""The Python of MWAA's default Airflow version, with MWAA's package set and nothing else."""

import json
import os
import subprocess
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from mwaactl.emulator.runtime.locks import read_lock
from mwaactl.emulator.runtime.packages import PackageStore
from mwaactl.emulator.settings import EmulatorSettings

ROOT = Path(__file__).parents[2]
AIRFLOW_VERSION = "3.3.1"

RunPython = Callable[..., Any]


@pytest.fixture(scope="session")
def airflow_environment() -> Path:
    """The folder of the Python environment; built once and kept with the emulator's own."""
    settings = EmulatorSettings.for_project(ROOT)
    return PackageStore(settings.runtimes_dir, settings.uv).base(read_lock(AIRFLOW_VERSION))


@pytest.fixture
def bare_airflow(airflow_environment: Path, tmp_path: Path) -> RunPython:
    """Run a script with MWAA's Python, an empty AIRFLOW_HOME and no variable of the developer's.

    The script prints one JSON document as its last line; that is returned.
    """
    return partial(run_bare, airflow_environment, tmp_path)


def run_bare(airflow_environment: Path, folder: Path, script: str, **variables: str) -> Any:
    """Run a script in a folder as `bare_airflow` says, and return what it prints last."""
    environment = {
        "PATH": os.defpath,
        "HOME": str(folder),
        "AIRFLOW_HOME": str(folder / "airflow"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__UNIT_TEST_MODE": "False",
        "AIRFLOW__LOGGING__LOGGING_LEVEL": "ERROR",
        **variables,
    }
    done = subprocess.run(
        [str(airflow_environment / "bin" / "python"), "-c", script],
        env=environment,
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])
