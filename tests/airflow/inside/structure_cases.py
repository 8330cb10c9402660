"""Golden structures, parse budgets and imports without effects."""

import os
from pathlib import Path

import pytest
from airflow.sdk import DAG, Asset, task

from typed_assets.testing import assert_no_effects, assert_parse_cost, assert_structure, parse, structure
from typed_assets.testing.structures import UPDATE

LAKE = Asset("kit.golden", uri="s3://bucket/golden")


def golden(trigger_rule: str = "all_done") -> DAG:
    with DAG("kit_golden", schedule=[LAKE], tags=["b", "a"]) as dag:

        @task
        def numbers() -> list[int]:
            return [1]

        @task(retries=3)
        def double(number: int) -> int:
            return number

        @task(outlets=[LAKE], trigger_rule=trigger_rule)
        def publish() -> None: ...

        double.expand(number=numbers()) >> publish()
    return dag


def test_a_structure_is_text() -> None:
    assert structure(golden()) == (
        "dag kit_golden\n"
        "  schedule: kit.golden\n"
        "  tags: a, b\n"
        "task double: _PythonDecoratedOperator (mapped)\n"
        "  after: numbers\n"
        "  retries: 3\n"
        "task numbers: _PythonDecoratedOperator\n"
        "  retries: 0\n"
        "task publish: _PythonDecoratedOperator\n"
        "  after: double\n"
        "  outlets: kit.golden\n"
        "  trigger rule: all_done\n"
        "  retries: 0\n"
    )


def test_a_changed_structure_is_shown_until_it_is_written_anew(tmp_path: Path) -> None:
    file = tmp_path / "golden" / "kit.txt"
    with pytest.raises(AssertionError, match="--update-structures"):
        assert_structure(golden(), file)
    os.environ[UPDATE] = "1"
    try:
        assert_structure(golden(), file)
    finally:
        del os.environ[UPDATE]
    assert_structure(golden(), file)
    with pytest.raises(AssertionError, match="-  trigger rule: all_done"):
        assert_structure(golden("all_success"), file)


@pytest.mark.newest
def test_a_file_that_only_makes_a_dag_costs_little_and_reaches_for_nothing(tmp_path: Path) -> None:
    file = tmp_path / "plain.py"
    file.write_text("from airflow.sdk import DAG\nwith DAG('plain', schedule=None):\n    pass\n")
    assert_no_effects(file)
    assert_parse_cost(file, max_ms=1000)
    assert 0 < parse(file).cpu_ms < 1000


@pytest.mark.newest
def test_what_a_file_reaches_for_is_told_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "reaching.py"
    file.write_text(
        "import socket\nimport subprocess\nfrom airflow.sdk import DAG\n"
        "try:\n    socket.create_connection(('127.0.0.1', 9))\nexcept Exception:\n    pass\n"
        "subprocess.run(['true'])\n"
    )
    with pytest.raises(AssertionError) as caught:
        assert_no_effects(file)
    said = str(caught.value).splitlines()
    assert said[1].startswith(f"{file}:5: socket.")
    assert "127.0.0.1" in said[1]
    assert said[2] == f"{file}:8: subprocess.Popen ['true']"


@pytest.mark.newest
def test_a_file_over_its_budget_fails(tmp_path: Path) -> None:
    file = tmp_path / "slow.py"
    file.write_text("from airflow.sdk import DAG\nsum(range(3_000_000))\n")
    with pytest.raises(AssertionError, match=r"takes \d+ ms of CPU, and its budget is 1 ms"):
        assert_parse_cost(file, max_ms=1)


@pytest.mark.newest
def test_a_file_that_cannot_be_imported_fails_both(tmp_path: Path) -> None:
    file = tmp_path / "broken.py"
    file.write_text("from airflow.sdk import DAGG\n")
    for assertion in (assert_no_effects, lambda path: assert_parse_cost(path, 1000)):
        with pytest.raises(AssertionError, match="cannot be imported: ImportError"):
            assertion(file)
