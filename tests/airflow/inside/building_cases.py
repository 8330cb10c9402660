"""What DAGs are made of pipelines, and what is refused while a file is read."""

import textwrap
from datetime import date, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from airflow.configuration import conf
from airflow.sdk import DAG

from typed_assets import (
    Asset,
    Dependency,
    Retries,
    SpecError,
    Watcher,
    asset,
    build,
    multi_asset,
    operator,
    pipeline,
)
from typed_assets.building.options import AirflowOptions, option
from typed_assets.building.services import airflow_services
from typed_assets.spec.catalogue import described

EMPTY = "airflow.providers.standard.operators.empty.EmptyOperator"
BASH = "airflow.providers.standard.operators.bash.BashOperator"
PYTHON = "airflow.providers.standard.operators.python.PythonOperator"
QUEUE = "airflow.providers.amazon.aws.triggers.sqs.SqsSensorTrigger"
LANDED = Asset(name="landed.flights", uri="s3://{data_bucket}/landed/", owners=("others",))


def edges(dag: Any) -> dict[str, list[str]]:
    return {task.task_id: sorted(task.upstream_task_ids) for task in dag.topological_sort()}


def whole() -> Any:
    with pipeline(
        "whole",
        description="All there is",
        documentation="# All",
        tags=["b", "a"],
        owners=["team", "other"],
        start=date(2013, 1, 1),
        default_arguments={"pool": "small"},
    ) as draft:
        wait = operator("wait", EMPTY)

        @asset(
            uri="s3://{data_bucket}/lake/",
            name="lake.flights",
            upstream=[LANDED],
            after=[wait],
            owners=["a", "b"],
            retries=Retries(count=4, delay=timedelta(seconds=7), exponential=True),
            timeout=timedelta(minutes=3),
            watchers=[Watcher("queue", QUEUE, {"sqs_queue": "{data_bucket}-queue", "max_messages": 2})],
        )
        def lake() -> None:
            """Flights."""

        @multi_asset(
            assets=[
                Asset(name="mart.a", uri="redshift://{warehouse_workgroup}/w/mart/a"),
                Asset(name="mart.b", uri="s3://b/b/", upstream=(Dependency("lake.flights"),)),
            ]
        )
        def both() -> None: ...

        operator("end", EMPTY, after=[both])

    return build(draft)


@pytest.fixture(scope="module")
def dag() -> Any:
    return whole()


def test_an_asset_step_is_a_group_and_waits_for_the_checks_of_what_it_is_made_of(dag: Any) -> None:
    assert isinstance(dag, DAG)
    assert edges(dag) == {
        "wait": [],
        "lake.write": ["wait"],
        "lake.check": ["lake.write"],
        "both.write": ["lake.check"],
        "both.check_mart__a": ["both.write"],
        "both.check_mart__b": ["both.write"],
        "end": ["both.check_mart__a", "both.check_mart__b"],
    }


def test_only_checks_have_outlets(dag: Any) -> None:
    outlets = {task.task_id: [each.name for each in task.outlets] for task in dag.tasks if task.outlets}
    assert outlets == {
        "lake.check": ["lake.flights"],
        "both.check_mart__a": ["mart.a"],
        "both.check_mart__b": ["mart.b"],
    }
    inlets = {task.task_id: [each.name for each in task.inlets] for task in dag.tasks if task.inlets}
    assert inlets == {"lake.write": ["landed.flights"], "both.write": ["lake.flights"]}


def test_the_airflow_asset_carries_declaration_uri_with_holes_and_watchers(dag: Any) -> None:
    (outlet,) = dag.get_task("lake.check").outlets
    assert outlet.uri == "s3://{data_bucket}/lake"
    assert described(outlet.extra["typed_assets"]).owners == ("a", "b")
    (watcher,) = outlet.watchers
    assert watcher.name == "queue"
    arguments = watcher.trigger.serialize()[1]
    assert arguments["sqs_queue"] == f"{conf.get('pipelines', 'data_bucket')}-queue"
    assert arguments["max_messages"] == 2


def test_the_dag_is_as_its_author_said(dag: Any) -> None:
    assert (dag.description, dag.doc_md, dag.tags, dag.catchup) == (
        "All there is",
        "# All",
        {"a", "b"},
        False,
    )
    assert (dag.max_active_runs, str(dag.start_date)) == (1, "2013-01-01 00:00:00+00:00")
    assert dag.fileloc == __file__
    assert {task.pool for task in dag.tasks} == {"small"}
    assert (dag.get_task("wait").owner, dag.get_task("lake.check").owner) == ("team, other", "a, b")


def test_tries_and_time_are_as_the_step_says(dag: Any) -> None:
    for task in (dag.get_task("lake.write"), dag.get_task("lake.check")):
        assert (task.retries, task.retry_delay) == (4, timedelta(seconds=7))
        assert task.execution_timeout == timedelta(minutes=3)
        assert task.retry_exponential_backoff
    assert dag.get_task("lake.check").doc_md == "Flights."


def test_where_a_step_says_nothing_the_defaults_of_the_pipeline_hold() -> None:
    with pipeline("defaults", default_arguments={"retries": 9, "execution_timeout": None}) as draft:

        @asset(uri="s3://b/a/")
        def quiet() -> None: ...

        @asset(uri="s3://b/b/", retries=Retries(count=1), timeout=timedelta(minutes=1))
        def loud() -> None: ...

    made = build(draft)
    tasks = [made.get_task(name) for name in ("quiet.write", "loud.write")]
    assert [(task.retries, task.execution_timeout) for task in tasks] == [
        (9, None),
        (1, timedelta(minutes=1)),
    ]
    assert {task.retry_delay for task in tasks} == {timedelta(seconds=30)}


def test_arguments_of_the_author_win() -> None:
    with pipeline("own", arguments={"max_active_runs": 7, "catchup": True}) as draft:
        operator("end", EMPTY)
    assert (build(draft).max_active_runs, build(draft).catchup) == (7, True)


def test_an_argument_that_came_later_is_refused_with_its_version(airflow_version: tuple[int, int]) -> None:
    with pipeline("late", arguments={"rerun_with_latest_version": True}) as draft:
        operator("end", EMPTY)
    if airflow_version >= (3, 3):
        assert build(draft).rerun_with_latest_version
        return
    with pytest.raises(SpecError) as caught:
        build(draft)
    major, minor = airflow_version
    assert caught.value.message == (
        f"`rerun_with_latest_version` came with Airflow 3.3, and this is {major}.{minor}"
    )


def test_outputs_pass_from_operator_to_operator_mapped_or_not() -> None:
    with pipeline("passing") as draft:
        plan = operator("plan", PYTHON, python_callable=list)
        operator("mapped", BASH, bash_command="true", expand={"env": plan})
        operator("plain", PYTHON, python_callable=print, op_args=[plan])
    assert edges(build(draft)) == {"plan": [], "mapped": ["plan"], "plain": ["plan"]}


@pytest.mark.parametrize(
    ("kind", "arguments", "message"),
    [
        (EMPTY.replace("Empty", "Empti"), {}, "has no class `EmptiOperator`"),
        ("airflow.providers.mars.Rover", {}, "`airflow.providers.mars.Rover` cannot be imported"),
        (BASH, {"bash_comand": "true"}, f"`{BASH}` does not take these arguments"),
    ],
)
def test_an_operator_that_cannot_be_made_is_named_with_its_place(
    kind: str, arguments: dict[str, Any], message: str
) -> None:
    with pipeline("wrong") as draft:
        operator("step", kind, **arguments)
    with pytest.raises(SpecError) as caught:
        build(draft)
    assert message in caught.value.message
    assert caught.value.place is not None
    assert caught.value.place.file == __file__


def parsed(folder: Path, name: str, text: str, version: tuple[int, int]) -> Any:
    """What Airflow makes of a DAG file. It passes over files without the words `dag` and `airflow`."""
    (folder / name).write_text(f"# a DAG of Airflow\n{textwrap.dedent(text)}")
    place = "airflow.dag_processing.dagbag" if version >= (3, 2) else "airflow.models.dagbag"
    return import_module(place).DagBag(str(folder))


def test_a_mistake_is_an_import_error_with_file_and_line(
    tmp_path: Path, airflow_version: tuple[int, int]
) -> None:
    text = """
    from typed_assets import asset, build, pipeline

    with pipeline("typo") as draft:

        @asset(uri="s3://b/lake/")
        def lake(): ...

        @asset(uri="s3://b/mart/", upstream=["laek"])
        def mart(): ...

    build(draft)
    """
    (error,) = parsed(tmp_path, "typo.py", text, airflow_version).import_errors.values()
    assert f"{tmp_path}/typo.py:10: step `mart` is made of `laek`, which no step makes" in error
    assert "(did you mean `lake`?)" in error


def test_a_dag_is_found_even_if_nobody_keeps_what_build_returns(
    tmp_path: Path, airflow_version: tuple[int, int]
) -> None:
    text = """
    from typed_assets import asset, build, pipeline

    with pipeline("kept") as draft:

        @asset(uri="s3://b/lake/")
        def lake(): ...

    build(draft)
    """
    bag = parsed(tmp_path, "kept.py", text, airflow_version)
    assert bag.import_errors == {}
    assert (list(bag.dags), bag.dags["kept"].fileloc) == (["kept"], f"{tmp_path}/kept.py")


def test_a_task_process_makes_only_the_assets_of_its_task(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_AIRFLOW_PARSING_CONTEXT_DAG_ID", "whole")
    monkeypatch.setenv("_AIRFLOW_PARSING_CONTEXT_TASK_ID", "lake.check")
    with_assets = [task.task_id for task in whole().tasks if task.inlets or task.outlets]
    assert with_assets == ["lake.check"]


def test_options_are_those_of_the_section_wherever_they_are_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIRFLOW__PIPELINES__EMPTY", "")
    options = AirflowOptions()
    assert options["data_bucket"] == conf.get("pipelines", "data_bucket")
    assert "data_bucket" in list(options)
    assert "empty" not in set(options)
    assert len(options) == len(list(options))
    with pytest.raises(SpecError) as caught:
        option("data_buket")
    assert caught.value.hint == "did you mean `data_bucket`?"


def test_the_services_of_a_task_speak_to_aws() -> None:
    services = airflow_services()
    assert services.client("s3") is services.client("s3")
    services.client("s3").head_bucket(Bucket=services.options["data_bucket"])


def test_a_connection_that_says_something_is_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIRFLOW__PIPELINES__AWS_CONN_ID", "elsewhere")
    monkeypatch.setenv("AIRFLOW_CONN_ELSEWHERE", "aws://key:secret@/?region_name=eu-west-3")
    client = airflow_services().client("s3")
    assert client.meta.region_name == "eu-west-3"
