from dataclasses import replace
from typing import Any

import pytest

from mwaactl.project.airflow_parsing.driver.watch import SPARED
from mwaactl.project.airflow_parsing.findings import parsing_findings
from mwaactl.project.airflow_parsing.parse import parse_dags
from mwaactl.project.checks.finding import Finding
from tests.fakes.scripted_driver import ENVIRONMENT, ParsedProject

TRACE = 'Traceback (most recent call last):\n  File "dags/{}", line {}, in <module>\n    x\n{}\n'


def trace(path: str, line: int, said: str) -> dict[str, Any]:
    return {"errors": [{"path": path, "text": TRACE.format(path, line, said)}]}


def task(name: str, **facts: Any) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "queue": None,
        "executor": None,
        "in_cluster": None,
        "deferrable": False,
        "operators": [],
    }
    return {"id": name, **plain, **facts}


def dag(name: str, *tasks: dict[str, Any], times: int = 1) -> dict[str, Any]:
    return {"id": name, "tasks": len(tasks), "times": times, "notable": list(tasks)}


def findings(project: ParsedProject, options: dict[str, str] | None = None, **parser: Any) -> list[Finding]:
    environment = replace(ENVIRONMENT, airflow_config_options=options or {})
    bundle = project.bundle()
    parsing = parse_dags(bundle, environment, project.parser(**parser))
    return list(parsing_findings(parsing, bundle, environment))


@pytest.fixture(autouse=True)
def both_are_fine(project: ParsedProject) -> None:
    project.driver.found = {"flights.py": {"dags": [dag("flights")]}, "planes.py": {"dags": [dag("planes")]}}


def test_files_in_order_have_no_findings(project: ParsedProject) -> None:
    assert findings(project) == []


def test_one_fault_in_a_module_is_told_once(project: ParsedProject) -> None:
    for name in ("flights.py", "planes.py"):
        project.driver.found[name] = trace("tables.py", 1, "NameError: name 'x' is not defined")
    (found,) = findings(project)
    assert (found.path, found.line) == ("dags/tables.py", 1)
    assert found.message == (
        "cannot be imported: NameError: name 'x' is not defined (imported by `dags/flights.py` and 1 more)"
    )


@pytest.mark.parametrize(
    ("text", "within"),
    [
        (TRACE.format("all.zip/late.py", 3, "NameError: name 'x' is not defined"), "late.py:3"),
        ("NameError: name 'x' is not defined", "late.py"),
    ],
)
def test_a_fault_in_an_archive_names_the_file_within(project: ParsedProject, text: str, within: str) -> None:
    (project.root / "dags" / "all.zip").write_bytes(b"DAG")
    project.driver.found["all.zip"] = {"errors": [{"path": "dags/all.zip/late.py", "text": text}]}
    (found,) = findings(project)
    assert (found.path, found.line) == ("dags/all.zip", None)
    assert found.message.endswith(f"NameError: name 'x' is not defined (`{within}` in the archive)")


def test_what_the_library_for_assets_refuses_is_told_where_it_was_called(project: ParsedProject) -> None:
    text = (
        'Traceback (most recent call last):\n  File "dags/flights.py", line 2, in <module>\n    asset()\n'
        '  File "plugins/typed_assets/authoring/places.py", line 35, in placed\n    raise\n'
        "typed_assets.spec.errors.SpecError: dags/flights.py:2: the contract has no column `x`\n"
    )
    project.driver.found["flights.py"] = {"errors": [{"path": "dags/flights.py", "text": text}]}
    (found,) = findings(project)
    assert (found.path, found.line) == ("dags/flights.py", 2)
    assert found.message == "cannot be imported: the contract has no column `x`"


@pytest.mark.parametrize(
    ("said", "hint"),
    [
        ("ModuleNotFoundError: No module named 'pandas'", "add its package to requirements.in"),
        (
            "ModuleNotFoundError: No module named 'airflow.providers.apache.spark'",
            "add `apache-airflow-providers-apache-spark` to requirements.in",
        ),
        (
            "ModuleNotFoundError: No module named 'airflow.providers.docker.operators'",
            "add `apache-airflow-providers-docker` to requirements.in",
        ),
        (
            "ModuleNotFoundError: No module named 'airflow.operators.dummy'",
            "import it from where this version",
        ),
        ("ModuleNotFoundError: No module named 'venv'", "`dags/venv` is not shipped: it"),
    ],
)
def test_a_missing_module_comes_with_the_remedy(project: ParsedProject, said: str, hint: str) -> None:
    project.write("dags/venv/x.py", "X = 1\n")
    project.driver.found["planes.py"] = trace("planes.py", 1, said)
    (found,) = findings(project)
    assert found.hint is not None
    assert found.hint.startswith(hint)


def test_a_variable_that_startup_sh_computes_is_a_warning(project: ParsedProject) -> None:
    project.write("startup/startup.sh", "export STAGE=$(cat /stage)\n")
    project.driver.found["planes.py"] = trace("planes.py", 3, "KeyError: 'STAGE'")
    (found,) = findings(project)
    assert (found.severity, found.line) == ("warning", 3)
    assert found.message == "needs the variable 'STAGE', which startup.sh computes; the rest was not checked"


def test_another_variable_that_is_not_there_is_an_error(project: ParsedProject) -> None:
    project.driver.found["planes.py"] = trace("planes.py", 3, "KeyError: 'STAGE'")
    (found,) = findings(project)
    assert (found.severity, found.message) == ("error", "cannot be imported: KeyError: 'STAGE'")


def test_a_password_in_a_message_is_not_repeated(project: ParsedProject) -> None:
    said = "OperationalError: cannot reach postgresql://admin:Hunter2Hunter2@db.internal/x"
    project.driver.found["planes.py"] = trace("planes.py", 3, said)
    (found,) = findings(project)
    assert found.message.endswith("postgresql://admin:**************@db.internal/x")


@pytest.mark.parametrize(
    ("ended", "words"),
    [
        (0, "ends Airflow's process while it is imported, with exit code 0"),
        (-9, "crashes Airflow's process while it is imported: SIGKILL"),
        (-99, "crashes Airflow's process while it is imported: signal 99"),
        ("late", "is still being imported when Airflow kills the process that does it"),
    ],
)
def test_a_process_that_ended_is_an_error(project: ParsedProject, ended: int | str, words: str) -> None:
    project.driver.found["planes.py"] = {"ended": ended, "trace": ""}
    (found,) = findings(project)
    assert (found.rule, found.severity, found.message) == ("dag-process", "error", words)


_KILLS = f"_mwaactl_watch.SignalRefusedError: SIGKILL: {SPARED}"


@pytest.mark.parametrize(
    "told",
    [
        {"raised": "", "trace": TRACE.format("planes.py", 2, _KILLS)},
        trace("planes.py", 2, _KILLS),
    ],
)
def test_a_file_that_ends_what_parses_all_files_is_an_error_with_a_remedy(
    project: ParsedProject, told: dict[str, Any]
) -> None:
    project.driver.found["planes.py"] = told
    (found,) = findings(project)
    assert (found.rule, found.path, found.line) == ("dag-process", "dags/planes.py", 2)
    assert found.message == (
        "ends the process of Airflow that parses all files, while it is imported: SIGKILL"
    )
    assert found.hint
    assert found.hint.startswith("take it out: MWAA's DAG processor would end each time")


def test_a_plugin_that_ends_what_loads_it_is_an_error_once(project: ParsedProject) -> None:
    trace = TRACE.replace("dags/", "plugins/").format("menu.py", 1, "SystemExit: 1")
    project.write("plugins/menu.py", "raise SystemExit(1)\n")
    project.driver.plugins = {"raised": "SystemExit(1)", "trace": trace}
    project.driver.found["planes.py"] = {"raised": "SystemExit(1)", "trace": trace}
    (found,) = findings(project)
    assert (found.rule, found.path, found.line) == ("dag-process", "plugins/menu.py", 1)


def test_sys_exit_is_an_error_with_its_line(project: ParsedProject) -> None:
    text = TRACE.format("planes.py", 2, "SystemExit: 1")
    project.driver.found["planes.py"] = {"raised": "SystemExit(1)", "trace": text}
    (found,) = findings(project)
    assert (found.line, found.message) == (2, "ends Airflow's process while it is imported: SystemExit: 1")


def test_two_dags_of_one_id_in_one_file_have_both_lines(project: ParsedProject) -> None:
    project.write("dags/planes.py", "from airflow.sdk import DAG\na = DAG('planes')\nb = DAG('planes')\n")
    project.driver.found["planes.py"] = {"dags": [dag("planes", times=2)]}
    found = findings(project)
    assert [(each.path, each.line) for each in found] == [("dags/planes.py", 2), ("dags/planes.py", 3)]
    assert found[0].message.startswith("`planes` is defined in `dags/planes.py:3` too")


def test_a_file_without_the_word_airflow_is_passed_over(project: ParsedProject) -> None:
    project.write("dags/planes.py", "from factory import Dag as DAG_\ndag = DAG_.DAG('planes')\n")
    project.driver.found["planes.py"] = {"dags": []}
    project.write("dags/quiet.py", "from factory import Flow\n\nflow = Flow.dag('x')\n")
    assert [(each.path, each.rule) for each in findings(project)] == [("dags/planes.py", "dag-missing")]


def test_many_tasks_are_told_in_one_finding(project: ParsedProject) -> None:
    tasks = [task(name, queue="fast") for name in "abcde"]
    project.driver.found["planes.py"] = {"dags": [dag("planes", *tasks)]}
    (found,) = findings(project)
    named = "each of the tasks `a`, `b`, `c` and 2 more of `planes`"
    assert found.message == f"{named} asks for the queue `fast`, which no worker serves"


DOCKER = "airflow.providers.docker.operators.docker.DockerOperator"
POD = "airflow.providers.cncf.kubernetes.operators.pod.KubernetesPodOperator"


@pytest.mark.parametrize(
    ("facts", "rules"),
    [
        ({"operators": [DOCKER]}, ["task-operator"]),
        ({"operators": [POD], "in_cluster": True}, ["task-operator"]),
        ({"operators": [POD], "in_cluster": False}, []),
        ({"operators": [POD]}, []),
        ({"executor": "KubernetesExecutor"}, ["task-executor"]),
        ({"executor": "CeleryExecutor"}, []),
        ({"executor": "airflow.providers.celery.executors.celery_executor.CeleryExecutor"}, []),
        ({"deferrable": True}, []),
    ],
)
def test_tasks_that_workers_cannot_run(
    project: ParsedProject, facts: dict[str, Any], rules: list[str]
) -> None:
    project.driver.found["planes.py"] = {"dags": [dag("planes", task("a", **facts))]}
    assert [each.rule for each in findings(project)] == rules


def test_deferrable_tasks_need_the_triggerer(project: ParsedProject) -> None:
    project.driver.found["planes.py"] = {"dags": [dag("planes", task("a", deferrable=True))]}
    (found,) = findings(project, {"mwaa.triggerer_enabled": "False"})
    assert (found.rule, found.severity) == ("task-deferrable", "error")


def test_a_slow_file_says_what_it_spent_its_time_on(project: ParsedProject) -> None:
    project.write("dags/planes.py", "import pandas\nfrom airflow.sdk import DAG\nDAG('planes', x='secret')\n")
    costs = {
        "lines": [
            {"path": "dags/planes.py", "line": 1, "seconds": 4.0},
            {"path": "dags/tables.py", "line": 1, "seconds": 2.0},
            {"path": "dags/planes.py", "line": 3, "seconds": 1.0},
        ],
        "imports": {"pandas": 4.0, "numpy": 3.0, "pytz": 0.01},
        "calls": {},
    }
    project.driver.found["planes.py"] = {
        "seconds": 7.0,
        "dags": [dag("planes")],
        "sampled": {"seconds": 7.5, "costs": costs},
    }
    (found,) = findings(project)
    assert (found.rule, found.severity, found.line) == ("dag-slow", "warning", 1)
    assert found.message == (
        "takes 7.0 s to import, which Airflow does every 30 s: 4.0 s in line 1 `import pandas`, "
        "2.0 s in dags/tables.py:1 `TABLES = ()`, 1.0 s in line 3 `DAG('…', x='…')`; "
        "imports: pandas 4.0 s, numpy 3.0 s"
    )


def test_a_file_that_was_slow_only_once_is_not_told(project: ParsedProject) -> None:
    costs: dict[str, Any] = {"lines": [], "imports": {}, "calls": {}}
    sampled = {"seconds": 1.0, "costs": costs}
    project.driver.found["planes.py"] = {"seconds": 7.0, "dags": [dag("planes")], "sampled": sampled}
    assert findings(project) == []


def test_a_slow_file_is_told_also_where_its_second_import_gave_no_result(project: ParsedProject) -> None:
    late = {"ended": "late", "trace": ""}
    project.driver.found["planes.py"] = {"seconds": 7.0, "dags": [dag("planes")], "sampled": late}
    (found,) = findings(project)
    assert (found.rule, found.severity, found.line) == ("dag-slow", "warning", None)
    assert found.message == (
        "takes 7.0 s to import, which Airflow does every 30 s: "
        "on what is not known, as a second import did not come to its end"
    )


def test_a_database_query_for_a_variable_is_told_as_the_variable(project: ParsedProject) -> None:
    place = {"path": "dags/planes.py", "line": 3}
    accesses = [{"kind": "variable", "what": "stage", **place}, {"kind": "database", "what": "", **place}]
    project.driver.found["planes.py"] = {"accesses": accesses, "dags": [dag("planes")]}
    assert [each.rule for each in findings(project)] == ["dag-variable"]


def test_airflow_that_does_not_start_hides_all_else(project: ParsedProject) -> None:
    project.driver.failure = TRACE.format("airflow_local_settings.py", 4, "ValueError: no")
    (found,) = findings(project)
    assert (found.rule, found.path, found.line) == ("airflow-start", "dags/airflow_local_settings.py", 4)
