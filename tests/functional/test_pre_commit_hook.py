"""The hook is run as pre-commit runs it: its entry, in the project's folder, without file names."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.fakes.command_line import CONFIGURATION

ROOT = Path(__file__).parents[2]
HOOK: dict[str, Any] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))[0]
DAG = "from airflow.sdk import DAG\n\nDAG('flights', schedule=None)\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "dags").mkdir()
    (tmp_path / "mwaactl.toml").write_text(CONFIGURATION)
    (tmp_path / "dags" / "flights.py").write_text(DAG)
    return tmp_path


def run_hook(project: Path, entry: str = HOOK["entry"]) -> subprocess.CompletedProcess[str]:
    environ = {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}", "HOME": str(project)}
    command = shlex.split(entry)
    return subprocess.run(command, cwd=project, env=environ, capture_output=True, text=True, check=False)


def test_a_project_in_order_passes(project: Path) -> None:
    done = run_hook(project)
    assert (done.returncode, done.stdout, done.stderr) == (0, "no findings\n", "")


def test_a_broken_file_stops_the_commit(project: Path) -> None:
    (project / "dags" / "flights.py").write_text("def (:\n")
    done = run_hook(project)
    assert done.returncode == 1
    assert "dags/flights.py:1: error: is not Python 3.12" in done.stdout


def test_a_project_in_a_folder_is_checked_as_the_guide_says(project: Path) -> None:
    guide = (ROOT / "docs" / "guides" / "check.md").read_text(encoding="utf-8")
    snippet = next(each for each in re.findall(r"```yaml\n(.*?)```", guide, re.DOTALL) if "entry:" in each)
    hook = yaml.safe_load(snippet.replace("FOLDER", project.name))[0]
    (project / "dags" / "flights.py").write_text("def (:\n")

    done = run_hook(project.parent, hook["entry"])

    assert hook["id"] == HOOK["id"]
    assert re.search(hook["files"], f"{project.name}/dags/flights.py")
    assert done.returncode == 1
    assert "dags/flights.py:1: error: is not Python 3.12" in done.stdout


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("dags/lib/tables.py", True),
        ("plugins/own/plugin.py", True),
        ("requirements/requirements.txt", True),
        ("startup/startup.sh", True),
        ("mwaactl.toml", True),
        ("docs/mwaactl.toml", False),
        ("infra/app.py", False),
        ("tests/dags/x.py", False),
    ],
)
def test_it_runs_when_something_that_is_shipped_changes(path: str, wanted: bool) -> None:  # noqa: FBT001
    assert bool(re.search(HOOK["files"], path)) is wanted


def test_it_checks_the_project_as_a_whole() -> None:
    assert HOOK["pass_filenames"] is False
    assert (HOOK["language"], HOOK["language_version"]) == ("python", "python3.12")
