from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.fakes.command_line import CONFIGURATION, CommandLine

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def mwaactl(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    """A small project in an empty account."""
    monkeypatch.delenv("MWAACTL_ENVIRONMENT", raising=False)
    monkeypatch.setenv("COLUMNS", "80")
    command = CommandLine(tmp_path)
    command.write("mwaactl.toml", CONFIGURATION)
    command.write("dags/tables.py", "TABLES = ()\n")
    command.write("dags/flights.py", "import tables\nfrom airflow.sdk import DAG\nDAG('flights')\n")
    command.write("requirements/requirements.txt", "cowsay==6.1\n")
    return command
