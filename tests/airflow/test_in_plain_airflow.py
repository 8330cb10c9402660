"""The reference pipelines in an Airflow as PyPI has it: no package, no setting and no service of MWAA's."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from mwaactl.emulator.settings import find_uv
from tests.airflow.inside_airflow import INSIDE, InsideAirflow, Results
from tests.airflow.runtimes import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from mwaactl.emulator.services_for_tests import EmulatedServices

pytestmark = [pytest.mark.whole, pytest.mark.timeout(900)]
VERSION = "3.3.1"
PACKAGES = (f"apache-airflow=={VERSION}", "apache-airflow-providers-amazon", "haversine")
NEWEST = "2026-11-20"
"""Packages of a later day are not looked at: Airflow names ranges, and what is in them changes."""
FILES = sorted(path.name for path in INSIDE.glob("reference_*_cases.py"))


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python environment with Airflow and the provider of Amazon."""
    folder, uv = tmp_path_factory.mktemp("plain") / "venv", find_uv(ROOT)
    subprocess.run([uv, "venv", "--quiet", "--python", "3.12", str(folder)], check=True)
    install = [uv, "pip", "install", "--quiet", "--python", str(folder), "--exclude-newer", NEWEST]
    subprocess.run([*install, *PACKAGES], check=True)
    return folder


@pytest.fixture(scope="module")
def passed(plain: Path, account: EmulatedServices, tmp_path_factory: pytest.TempPathFactory) -> Results:
    """What became of all files, which one process runs."""
    options = account.warehouse("plain-airflow")
    variables = {f"AIRFLOW__PIPELINES__{key.upper()}": value for key, value in options.items()}
    known = {**account.variables, **variables, "MWAACTL_WHOLE": "1", "AIRFLOW_UNDER_TEST": VERSION}
    return InsideAirflow(VERSION, tmp_path_factory.mktemp("airflow"), known, plain).pytest(FILES)


@pytest.mark.parametrize("file", FILES)
def test_passes(passed: Results, file: str) -> None:
    if failures := passed.failures(file):
        pytest.fail("\n\n".join(failures), pytrace=False)


def test_nothing_was_left_out(passed: Results) -> None:
    assert {each["outcome"] for each in passed.reports} == {"passed"}
