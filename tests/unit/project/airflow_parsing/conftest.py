from pathlib import Path

import pytest

from tests.fakes.scripted_driver import ParsedProject


@pytest.fixture
def project(tmp_path: Path) -> ParsedProject:
    """A project with two DAG files, of which one imports a module."""
    project = ParsedProject(tmp_path / "project")
    project.write("dags/flights.py", "from airflow.sdk import DAG\nimport tables\n\nDAG('flights')\n")
    project.write("dags/planes.py", "from airflow.sdk import DAG\n\nDAG('planes')\n")
    project.write("dags/tables.py", "TABLES = ()\n")
    return project
