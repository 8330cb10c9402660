"""ruff's own words are what the findings are made of, so they meet a real ruff."""

import os
from pathlib import Path

import pytest

from mwaactl.catalog.versions import airflow_version, airflow_versions
from mwaactl.errors import ProjectError
from mwaactl.project.bundle import read_bundle
from mwaactl.project.checks.airflow_migration import AirflowMigration
from mwaactl.project.checks.finding import Finding
from mwaactl.project.requirements.process import run_process

OLD = """from airflow import DAG
from airflow.operators.bash import BashOperator

with DAG("old", schedule_interval="@daily"):
    first = BashOperator(task_id="second", bash_command="true")
"""


def write(root: Path, path: str, content: str) -> None:
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(content)


def rules(root: Path, version: str) -> list[Finding]:
    migration = AirflowMigration(run_process, os.environ)
    return list(migration(read_bundle(root), airflow_version(version)))


@pytest.mark.parametrize("version", airflow_versions())
def test_removals_are_told_to_environments_with_airflow_3_only(tmp_path: Path, version: str) -> None:
    write(tmp_path, "dags/old.py", OLD)
    found = {(each.rule, each.line) for each in rules(tmp_path, version)}
    assert ("AIR001", 5) in found
    removals = {("AIR301", 4), ("AIR312", 5), ("AIR311", 4)}
    assert found & removals == (removals if version.startswith("3") else set())


def test_a_finding_is_a_warning_with_ruff_s_advice(tmp_path: Path) -> None:
    write(tmp_path, "dags/old.py", OLD)
    (found,) = [each for each in rules(tmp_path, "3.3.1") if each.rule == "AIR301"]
    assert found == Finding(
        "AIR301",
        "warning",
        "dags/old.py",
        4,
        "`schedule_interval` is removed in Airflow 3.0",
        "Use `schedule` instead",
    )


def test_the_project_s_own_configuration_and_ignored_files_change_nothing(tmp_path: Path) -> None:
    write(tmp_path, "dags/old.py", OLD)
    write(tmp_path, "plugins/own/plugin.py", OLD)
    expected = rules(tmp_path, "3.3.1")
    write(tmp_path, "pyproject.toml", '[tool.ruff]\nexclude = ["dags"]\n[tool.ruff.lint]\nignore = ["AIR"]\n')
    write(tmp_path, ".gitignore", "*\n")
    (tmp_path / ".git").mkdir()
    assert {each.path for each in expected} == {"dags/old.py", "plugins/own/plugin.py"}
    assert rules(tmp_path, "3.3.1") == expected


# "é" in Latin-1 at the end, and two of the three bytes of "€" within.
@pytest.mark.parametrize("name", [b"proj\xe9", b"\xe2\x82proj\xff\xfe"])
def test_a_project_s_folder_may_have_a_name_that_is_not_utf_8(tmp_path: Path, name: bytes) -> None:
    root = Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name))
    write(root, "dags/old.py", OLD)
    assert {each.path for each in rules(root, "3.3.1")} == {"dags/old.py"}


def test_what_is_not_shipped_is_not_checked(tmp_path: Path) -> None:
    write(tmp_path, "dags/fine.py", "X = 1\n")
    write(tmp_path, "dags/.venv/old.py", OLD)
    assert rules(tmp_path, "3.3.1") == []


def test_a_comment_in_the_line_silences_a_rule(tmp_path: Path) -> None:
    write(tmp_path, "dags/old.py", OLD.replace('"@daily"):', '"@daily"):  # noqa: AIR301, AIR311'))
    assert {each.rule for each in rules(tmp_path, "3.3.1")} == {"AIR001", "AIR312"}


def test_syntax_errors_are_left_to_the_rule_for_them(tmp_path: Path) -> None:
    write(tmp_path, "dags/broken.py", "def (:\n")
    assert rules(tmp_path, "3.3.1") == []


def test_a_ruff_that_does_not_run_is_an_error(tmp_path: Path) -> None:
    write(tmp_path, "dags/old.py", OLD)
    migration = AirflowMigration(run_process, os.environ, ("false",))
    with pytest.raises(ProjectError, match="ruff could not check the DAG files"):
        list(migration(read_bundle(tmp_path), airflow_version("3.3.1")))
