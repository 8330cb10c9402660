from __future__ import annotations

import json
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from tests.fakes.in_memory_gate import ABSENT

if TYPE_CHECKING:
    from tests.fakes.command_line import CommandLine

TRACE = 'Traceback (most recent call last):\n  File "dags/flights.py", line 3, in <module>\nNameError: no x\n'


@pytest.fixture(autouse=True)
def flights_are_parsed(mwaactl: CommandLine) -> None:
    dag = {"id": "flights", "tasks": 0, "times": 1, "notable": []}
    mwaactl.checks.driver.found["flights.py"] = {"dags": [dag], "seconds": 0.1}


def break_flights(mwaactl: CommandLine) -> None:
    mwaactl.checks.driver.found["flights.py"] = {"errors": [{"path": "flights.py", "text": TRACE}]}
    mwaactl.checks.ruff["dags/tables.py"] = ("AIR301", 1, "`x` is removed in Airflow 3.0")


# mwaactl check
def test_a_project_in_order_is_told_in_one_line(mwaactl: CommandLine) -> None:
    result = mwaactl("check")
    assert (result.code, result.stdout) == (0, "no findings: 1 DAG in 1 file\n")
    assert result.stderr.splitlines() == [
        "trying requirements.txt out",
        "preparing the packages of Airflow 3.3.1",
        "starting Airflow 3.3.1",
        "parsing 1 of 1 DAG files",
    ]


# mwaactl check; mwaactl check
def test_the_second_time_nothing_is_run_but_ruff(mwaactl: CommandLine) -> None:
    mwaactl("check")
    mwaactl.checks.runs.clear()
    result = mwaactl("check")
    assert (result.stdout, result.stderr) == ("no findings: 1 DAG in 1 file, 1 known from before\n", "")
    assert mwaactl.checks.runs == ["ruff"]
    assert len(mwaactl.checks.driver.parsed) == 1


# mwaactl check --no-cache
def test_no_cache_parses_again(mwaactl: CommandLine) -> None:
    mwaactl("check")
    assert mwaactl("check", "--no-cache").stdout == "no findings: 1 DAG in 1 file\n"


# mwaactl check
def test_findings_come_with_file_line_rule_and_remedy_and_errors_fail(mwaactl: CommandLine) -> None:
    break_flights(mwaactl)
    result = mwaactl("check")
    assert result.code == 1
    assert result.stdout == dedent("""\
        dags/flights.py:3: error: cannot be imported: NameError: no x [dag-import-error]
        dags/tables.py:1: warning: `x` is removed in Airflow 3.0 [AIR301]
        1 error and 1 warning: 0 DAGs in 1 file
    """)


# mwaactl check
def test_warnings_alone_do_not_fail(mwaactl: CommandLine) -> None:
    mwaactl.checks.ruff["dags/tables.py"] = ("AIR002", 1, "no schedule")
    assert mwaactl("check").code == 0


# mwaactl check --static
def test_static_asks_neither_airflow_nor_a_registry(mwaactl: CommandLine) -> None:
    break_flights(mwaactl)
    result = mwaactl("check", "--static")
    assert (result.code, result.stderr) == (0, "")
    assert result.stdout == ("dags/tables.py:1: warning: `x` is removed in Airflow 3.0 [AIR301]\n1 warning\n")
    assert mwaactl.checks.runs == ["ruff"]
    assert mwaactl.checks.driver.parsed == []


# mwaactl check
def test_requirements_that_cannot_be_installed_fail_and_the_dags_are_parsed_all_the_same(
    mwaactl: CommandLine,
) -> None:
    mwaactl.write("requirements/requirements.txt", "no-such-package==1.0\n")
    result = mwaactl("check")
    assert result.code == 1
    assert "requirements/requirements.txt:1: error: `no-such-package==1.0` has no file" in result.stdout
    assert "requirements-runtime" not in result.stdout
    assert mwaactl.checks.driver.parsed == [["flights.py"]]
    assert ABSENT not in result.stdout


# mwaactl check
def test_a_syntax_error_is_told_once(mwaactl: CommandLine) -> None:
    mwaactl.write("dags/flights.py", "# airflow DAG\ndef (:\n")
    text = TRACE.replace("line 3", "line 2").replace("NameError: no x", "SyntaxError: invalid syntax")
    mwaactl.checks.driver.found["flights.py"] = {"errors": [{"path": "flights.py", "text": text}]}
    assert mwaactl("check").stdout == (
        "dags/flights.py:2: error: is not Python 3.12: invalid syntax [python-syntax]\n"
        "1 error: 0 DAGs in 1 file\n"
    )


# mwaactl check
def test_what_ruff_knows_about_a_failing_import_is_its_hint(mwaactl: CommandLine) -> None:
    break_flights(mwaactl)
    mwaactl.checks.ruff = {"dags/flights.py": ("AIR301", 3, "`x` is removed in Airflow 3.0")}
    assert mwaactl("check").stdout == dedent("""\
        dags/flights.py:3: error: cannot be imported: NameError: no x [dag-import-error]
          hint: `x` is removed in Airflow 3.0 (AIR301)
        1 error: 0 DAGs in 1 file
    """)


# mwaactl check
def test_what_is_left_out_is_listed_once(mwaactl: CommandLine) -> None:
    mwaactl.write("dags/.env", "A=1\n")
    result = mwaactl("check")
    assert result.stderr.count("left out 1 file or folder") == 1
    assert "dags/.env" in result.stderr


# mwaactl check --json
def test_json_has_findings_and_dags(mwaactl: CommandLine) -> None:
    data = json.loads(mwaactl("check", "--json").stdout)
    assert data == {
        "findings": [],
        "failed": False,
        "dags": [{"id": "flights", "path": "dags/flights.py"}],
        "infrastructure": None,
        "skipped": [],
    }
    assert json.loads(mwaactl("check", "--json", "--static").stdout)["dags"] is None


# mwaactl check --format github
def test_annotations_are_all_of_stdout_and_the_text_is_beside(mwaactl: CommandLine) -> None:
    break_flights(mwaactl)
    result = mwaactl("check", "--format", "github")
    assert result.code == 1
    assert result.stdout == (
        "::error file=dags/flights.py,title=mwaactl dag-import-error,line=3::"
        "cannot be imported: NameError: no x\n"
        "::warning file=dags/tables.py,title=mwaactl AIR301,line=1::`x` is removed in Airflow 3.0\n"
    )
    assert "dags/flights.py:3: error:" in result.stderr


# mwaactl check --format github
def test_annotations_begin_at_the_workspace(mwaactl: CommandLine) -> None:
    break_flights(mwaactl)
    mwaactl.environ["GITHUB_WORKSPACE"] = str(mwaactl.root.parent)
    annotation = mwaactl("check", "--format", "github").stdout.splitlines()[0]
    assert annotation.startswith(f"::error file={mwaactl.root.name}/dags/flights.py,")


# mwaactl check --format sarif --sarif found.sarif
def test_sarif_goes_to_stdout_and_to_a_file(mwaactl: CommandLine) -> None:
    break_flights(mwaactl)
    file = mwaactl.root / "found.sarif"
    result = mwaactl("check", "--format", "sarif", "--sarif", str(file))
    log = json.loads(result.stdout)
    assert [each["ruleId"] for each in log["runs"][0]["results"]] == ["dag-import-error", "AIR301"]
    assert json.loads(file.read_text()) == log


# mwaactl check --format xml
@pytest.mark.parametrize("words", [("--format", "xml"), ("--parse-budget", "0"), ("--fast",)])
def test_what_is_not_an_option_is_a_usage_error(mwaactl: CommandLine, words: tuple[str, ...]) -> None:
    assert mwaactl("check", *words).code == 2
