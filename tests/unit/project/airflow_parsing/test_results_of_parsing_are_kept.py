from dataclasses import replace
from pathlib import Path

import pytest

from mwaactl.errors import ProjectError
from mwaactl.project.airflow_parsing.parse import Parsing, parse_dags
from tests.fakes.scripted_driver import ENVIRONMENT, ParsedProject


def _parse(project: ParsedProject, **options: object) -> Parsing:
    return parse_dags(project.bundle(), ENVIRONMENT, project.parser(**options))


def test_the_second_run_asks_nobody(project: ParsedProject) -> None:
    first, second = _parse(project), _parse(project)
    assert project.driver.parsed == [["flights.py", "planes.py"]]
    assert (first.fresh, second.fresh) == (2, 0)
    assert second.files == first.files


def test_each_step_is_told_before_it_is_taken(project: ParsedProject) -> None:
    _parse(project)
    assert project.stages == [
        "preparing the packages of Airflow 3.3.1",
        "starting Airflow 3.3.1",
        "parsing 2 of 2 DAG files",
    ]


def test_a_changed_file_is_parsed_alone(project: ParsedProject) -> None:
    _parse(project)
    project.write("dags/planes.py", "from airflow.sdk import DAG\n\nDAG('aircraft')\n")
    assert _parse(project).fresh == 1
    assert project.driver.parsed[-1] == ["planes.py"]
    assert project.stages[-1] == "parsing 1 of 2 DAG files"


def test_a_changed_module_is_parsed_by_those_that_read_it(project: ParsedProject) -> None:
    project.driver.found["flights.py"] = {"reads": ["dags/flights.py", "dags/tables.py"]}
    _parse(project)
    project.write("dags/tables.py", "TABLES = ('planes',)\n")
    _parse(project)
    assert project.driver.parsed[-1] == ["flights.py"]


def test_a_file_that_told_nothing_is_parsed_after_every_change(project: ParsedProject) -> None:
    project.driver.found["planes.py"] = {"reads": [], "ended": 3}
    del project.driver.found["planes.py"]["reads"]
    _parse(project)
    assert _parse(project).fresh == 0


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("dags/new.py", "X = 1\n"),
        ("dags/config.yaml", "a: 1\n"),
        ("plugins/own/plugin.py", "X = 1\n"),
        ("startup/startup.sh", "export STAGE=dev\n"),
    ],
)
def test_what_any_file_may_depend_on_has_all_parsed(project: ParsedProject, path: str, content: str) -> None:
    _parse(project)
    project.write(path, content)
    _parse(project)
    assert project.driver.parsed[-1] == ["flights.py", "planes.py"]


def test_options_of_the_environment_have_all_parsed(project: ParsedProject) -> None:
    _parse(project)
    changed = replace(ENVIRONMENT, airflow_config_options={"core.default_task_retries": "2"})
    parse_dags(project.bundle(), changed, project.parser())
    assert len(project.driver.parsed) == 2


def test_airflow_variables_of_the_caller_have_all_parsed(project: ParsedProject) -> None:
    _parse(project)
    project.environ["AIRFLOW_VAR_STAGE"] = "dev"
    _parse(project)
    project.environ["UNRELATED"] = "1"
    _parse(project)
    assert len(project.driver.parsed) == 2


def test_no_cache_has_all_parsed(project: ParsedProject) -> None:
    _parse(project)
    assert _parse(project, keep=False).fresh == 2


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"listing": 1}', '{"files": {}, "found": 3}'])
def test_damaged_results_count_as_none(project: ParsedProject, damage: str) -> None:
    _parse(project)
    (kept,) = (project.root / ".mwaactl" / "checks" / "parsed").glob("*.json")
    kept.write_text(damage)
    assert _parse(project).fresh == 2
    assert _parse(project).fresh == 0


def test_results_of_few_contents_are_kept(project: ParsedProject) -> None:
    for number in range(20):
        project.environ["AIRFLOW_VAR_NUMBER"] = str(number)
        _parse(project)
    assert len(list((project.root / ".mwaactl" / "checks" / "parsed").iterdir())) == 12


def test_a_slow_file_is_parsed_again_where_a_smaller_budget_asks_why(project: ParsedProject) -> None:
    project.driver.found["planes.py"] = {"seconds": 3.0, "reads": ["dags/planes.py"]}
    _parse(project, budget=5.0)
    assert _parse(project, budget=5.0).fresh == 0
    assert _parse(project, budget=2.0).fresh == 1


def test_a_slow_file_is_parsed_again_until_it_is_known_what_takes_its_time(project: ParsedProject) -> None:
    slow = {"seconds": 9.0, "reads": ["dags/planes.py"]}
    project.driver.found["planes.py"] = {**slow, "sampled": {"ended": "late", "trace": ""}}
    _parse(project)
    costs: dict[str, object] = {"lines": [], "imports": {}, "calls": {}}
    project.driver.found["planes.py"] = {**slow, "sampled": {"seconds": 9.0, "costs": costs}}
    assert _parse(project).fresh == 1
    assert _parse(project).fresh == 0


def test_only_what_would_be_shipped_is_seen(project: ParsedProject) -> None:
    project.write("dags/.env", "PASSWORD=secret\n")
    project.write("dags/.git/config", "[core]\n")
    project.write("notes.py", "DAG\n")
    _parse(project)
    assert project.driver.seen == ["flights.py", "planes.py", "tables.py"]


def test_nothing_of_the_caller_s_environment_is_handed_on(project: ParsedProject) -> None:
    project.environ |= {
        "AWS_PROFILE": "prod",
        "HOME": "/home/dora",
        "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
    }
    _parse(project)
    assert "AWS_PROFILE" not in project.driver.environ
    assert project.driver.environ["HOME"] != "/home/dora"
    assert project.driver.environ["AIRFLOW__CORE__EXECUTOR"] == "CeleryExecutor"


def test_a_driver_that_ends_too_early_is_an_error(project: ParsedProject) -> None:
    def silent(*_: object, **__: object) -> None:
        """End at once."""

    with pytest.raises(ProjectError, match="ended before the last one"):
        parse_dags(project.bundle(), ENVIRONMENT, replace(project.parser(), run=silent))


def test_a_failure_to_start_is_not_kept(project: ParsedProject) -> None:
    project.driver.failure = "Traceback (most recent call last):\nValueError: no"
    assert _parse(project).start_failure == project.driver.failure
    project.driver.failure = None
    assert _parse(project).start_failure is None
    assert _parse(project).fresh == 0


def test_a_project_without_dags_and_plugins_asks_nobody(tmp_path: Path) -> None:
    project = ParsedProject(tmp_path)
    assert _parse(project).files == ()
    assert project.stages == []


def test_no_password_of_a_traceback_is_kept(project: ParsedProject) -> None:
    text = "OperationalError: cannot reach postgresql://admin:Hunter2Hunter2@db.internal/x"
    project.driver.found["planes.py"] = {"errors": [{"path": "planes.py", "text": text}]}
    _parse(project)
    (kept,) = (project.root / ".mwaactl" / "checks" / "parsed").iterdir()
    assert "OperationalError" in kept.read_text()
    assert "Hunter2" not in kept.read_text()
