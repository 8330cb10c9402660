from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.airflow.inside.ten_mistakes import GOOD, MISTAKES, STEPS

if TYPE_CHECKING:
    from tests.fakes.command_line import CommandLine

EXPLAINED = """\
good: Is right
runs at `@daily` (UTC)

STEP  WHAT                  AFTER
load  RedshiftDataOperator
done  EmptyOperator         load
"""
RENDERED = '''\
"""Is right."""

from datetime import UTC, datetime, timedelta

from airflow.providers.amazon.aws.operators.redshift_data import RedshiftDataOperator
from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG, CronTriggerTimetable

with DAG(
    "good",
    description="Is right",
    start_date=datetime(2024, 1, 1, tzinfo=UTC),
    schedule=CronTriggerTimetable("@daily", timezone="UTC"),
    catchup=False,
    max_active_runs=1,
):
    load = RedshiftDataOperator(
        task_id="load",
        database="dev",
        workgroup_name="wg",
        sql="select 1",
        execution_timeout=timedelta(minutes=15),
    )
    done = EmptyOperator(task_id="done")

    load >> done
'''


@pytest.fixture
def good(mwaactl: CommandLine) -> str:
    """A pipeline that is right, and what loads it; its path."""
    mwaactl("pipeline", "new", "first")
    (mwaactl.root / "dags" / "pipelines" / "first.yaml").unlink()
    mwaactl.write("dags/sql/load.sql", "select 1")
    mwaactl.write("dags/pipelines/good.yaml", GOOD)
    return str(mwaactl.root / "dags" / "pipelines" / "good.yaml")


# mwaactl pipeline new sales; mwaactl pipeline new returns; mwaactl check --static
def test_new_pipelines_are_written_with_what_loads_them_and_pass_the_check(mwaactl: CommandLine) -> None:
    first = mwaactl("pipeline", "new", "sales")
    assert (first.code, first.stdout.splitlines()) == (
        0,
        ["wrote dags/pipelines/sales.yaml", "wrote dags/pipelines.py", "wrote dags/pipelines_mistakes.py"],
    )
    assert mwaactl("pipeline", "new", "returns").stdout == "wrote dags/pipelines/returns.yaml\n"
    assert json.loads((mwaactl.root / ".mwaactl" / "pipeline.schema.json").read_text())["title"] == "Pipeline"
    assert mwaactl("check", "--static").code == 0


# mwaactl pipeline new sales; mwaactl pipeline new sales; mwaactl pipeline new Sales
def test_a_pipeline_is_not_overwritten_and_has_a_good_name(mwaactl: CommandLine) -> None:
    mwaactl("pipeline", "new", "sales")
    again = mwaactl("pipeline", "new", "sales")
    assert (again.code, "`dags/pipelines/sales.yaml` is there already" in again.stderr) == (1, True)
    assert "cannot be the name of a pipeline" in mwaactl("pipeline", "new", "Sales").stderr


# mwaactl pipeline explain dags/pipelines/good.yaml
def test_a_pipeline_is_explained_step_by_step(mwaactl: CommandLine, good: str) -> None:
    assert mwaactl("pipeline", "explain", good).stdout == EXPLAINED
    (found,) = json.loads(mwaactl("pipeline", "explain", good, "--json").stdout)["pipelines"]
    assert found["steps"][0] == {
        "id": "load",
        "after": [],
        "place": "pipelines/good.yaml:5 `steps[0]`",
        "operator": "airflow.providers.amazon.aws.operators.redshift_data.RedshiftDataOperator",
        "arguments": {
            "database": "dev",
            "workgroup_name": "wg",
            "sql": "select 1",
            "execution_timeout": "0:15:00",
        },
        "expand": {},
    }


# mwaactl pipeline render dags/pipelines/good.yaml
def test_a_pipeline_is_rendered_as_plain_python(mwaactl: CommandLine, good: str) -> None:
    result = mwaactl("pipeline", "render", good)
    assert (result.code, result.stdout) == (0, RENDERED)


# mwaactl pipeline explain dags/pipelines/bad.yaml
def test_mistakes_keep_a_pipeline_from_being_explained(mwaactl: CommandLine, good: str) -> None:
    mwaactl.write("dags/pipelines/bad.yaml", MISTAKES["misspelt_key"][0])
    result = mwaactl("pipeline", "explain", good.replace("good", "bad"))
    assert result.code == 1
    assert "pipelines/bad.yaml:1 `schedul`: there is no key `schedul` here" in result.stderr


# mwaactl pipeline explain dags/other/good.yaml
def test_a_file_that_nothing_loads_is_told(mwaactl: CommandLine) -> None:
    mwaactl.write("dags/other/good.yaml", STEPS)
    result = mwaactl("pipeline", "explain", str(mwaactl.root / "dags" / "other" / "good.yaml"))
    assert (result.code, "no DAG file loads `dags/other/good.yaml`" in result.stderr) == (1, True)


# mwaactl check --static
def test_the_check_finds_mistakes_with_file_and_line(mwaactl: CommandLine, good: str) -> None:
    assert good
    mwaactl.write("dags/pipelines/bad.yaml", MISTAKES["misspelt_key"][0])
    result = mwaactl("check", "--static")
    assert result.code == 1
    assert "dags/pipelines/bad.yaml:1" in result.stdout
    assert "`schedul`: there is no key `schedul` here" in result.stdout
    assert "did you mean `schedule`?" in result.stdout


TRACE = (
    'Traceback (most recent call last):\n  File "dags/pipelines_mistakes.py", line 7, in <module>\n'
    "typed_assets.loading.PipelineMistakesError: \npipelines/bad.yaml:1 `schedul`: there is no key\n"
)


# mwaactl check
def test_a_mistake_that_airflow_finds_too_is_told_once(mwaactl: CommandLine, good: str) -> None:
    assert good
    mwaactl.write("dags/pipelines/bad.yaml", MISTAKES["misspelt_key"][0])
    dag = {"id": "flights", "tasks": 0, "times": 1, "notable": []}
    driver = mwaactl.checks.driver
    driver.found["flights.py"] = {"dags": [dag], "seconds": 0.1}
    driver.found["pipelines.py"] = {"dags": [{**dag, "id": "good"}], "seconds": 0.1}
    driver.found["pipelines_mistakes.py"] = {"errors": [{"path": "pipelines_mistakes.py", "text": TRACE}]}
    found = json.loads(mwaactl("check", "--json").stdout)["findings"]
    assert [(each["rule"], each["path"], each["line"]) for each in found] == [
        ("yaml-pipeline", "dags/pipelines/bad.yaml", 1)
    ]


# mwaactl pipeline schema; mwaactl pipeline schema --defaults
def test_the_schema_is_printed_for_pipelines_and_for_defaults(mwaactl: CommandLine) -> None:
    found = json.loads(mwaactl("pipeline", "schema").stdout)
    assert "steps" in found["properties"]
    defaults = json.loads(mwaactl("pipeline", "schema", "--defaults").stdout)
    assert (defaults["title"], "steps" in defaults["properties"]) == ("Defaults of pipelines", False)
