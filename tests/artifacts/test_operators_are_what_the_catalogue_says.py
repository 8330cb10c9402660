"""The catalogue of operators' arguments, beside the operators that the runtimes have."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.airflow.runtimes import VERSIONS, runtime

ROOT = Path(__file__).parents[2]


@pytest.mark.whole
def test_every_operator_takes_what_the_catalogue_says() -> None:
    pythons = [f"{version}={runtime(version) / 'bin' / 'python'}" for version in VERSIONS]
    command = [sys.executable, str(ROOT / "scripts" / "read_operators.py"), "--check", *pythons]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=500)
    assert (done.returncode, done.stdout, done.stderr) == (0, EXPECTED, "")


EXPECTED = "3.0.6: 245 operators\n3.2.1: 252 operators\n3.3.1: 308 operators\n\n"
