"""A DAG run to its end in the test's own process."""

import json
import os
from datetime import timedelta
from pathlib import Path
from threading import Lock
from typing import Any

import pytest
from airflow.configuration import AIRFLOW_HOME
from airflow.sdk import DAG, Asset, BaseOperator, Metadata, get_current_context, task
from airflow.triggers.base import BaseTrigger, TriggerEvent

from typed_assets.testing import DagRunResult, metadata, run_dag

LAKE = Asset("kit.lake", uri="s3://bucket/lake")


class AtOnce(BaseTrigger):
    """A trigger that fires at once."""

    def serialize(self) -> tuple[str, dict[str, Any]]:
        return f"{__name__}.AtOnce", {}

    async def run(self) -> Any:
        yield TriggerEvent({"fired": True})


class Deferring(BaseOperator):
    """Defers, and returns what it resumes with."""

    def execute(self, context: Any) -> None:
        del context
        self.defer(trigger=AtOnce(), method_name="resume", kwargs={"kept": [1, 2]})

    def resume(self, context: Any, event: Any, kept: Any = None) -> Any:
        del context
        return {"event": event, "kept": kept}


def everything() -> DAG:
    with DAG("kit_everything", schedule=None) as dag:

        @task
        def numbers() -> list[int]:
            return [1, 2]

        @task
        def double(number: int) -> int:
            return number * 2

        @task(outlets=[LAKE], retries=3, retry_delay=timedelta(hours=1))
        def publish(doubled: Any) -> Any:
            context = get_current_context()
            context["ti"].xcom_push(key="conf", value=dict(context["dag_run"].conf))
            yield Metadata(LAKE, {"rows": sum(doubled)})

        publish(double.expand(number=numbers()))
    return dag


@pytest.fixture(scope="module")
def result() -> DagRunResult:
    return run_dag(everything(), conf={"day": "2013-01-01"})


def test_states_are_those_of_every_task_instance(result: DagRunResult) -> None:
    assert result.state == "success"
    assert result.tasks == {
        "double[0]": "success",
        "double[1]": "success",
        "numbers": "success",
        "publish": "success",
    }


def test_values_and_xcoms_are_what_tasks_pushed(result: DagRunResult) -> None:
    assert {name: result.values[name] for name in ("numbers", "double[0]", "double[1]")} == {
        "numbers": [1, 2],
        "double[0]": 2,
        "double[1]": 4,
    }
    assert result.xcoms["publish"]["conf"]["day"] == "2013-01-01"


def test_events_are_those_of_the_run(result: DagRunResult) -> None:
    (event,) = result.events
    assert (event.asset, event.uri, event.task, event.extra) == (
        "kit.lake",
        "s3://bucket/lake",
        "publish",
        {"rows": 6},
    )
    assert event.record is None


def test_a_failing_task_fails_the_run_without_being_tried_again() -> None:
    with DAG("kit_failing", schedule=None) as dag:

        @task(outlets=[LAKE], retries=2, retry_delay=timedelta(hours=1))
        def wrong() -> None:
            message = "no such file"
            raise FileNotFoundError(message)

        @task
        def after() -> None: ...

        wrong() >> after()

    result = run_dag(dag)
    assert (result.state, result.tasks) == ("failed", {"wrong": "failed", "after": "upstream_failed"})
    assert repr(result.errors["wrong"]) == "FileNotFoundError('no such file')"
    assert result.events == ()
    assert dag.get_task("wrong").retries == 2


class Telling:
    """A callback that holds what cannot be copied, as a notifier does that has made a client."""

    def __init__(self) -> None:
        self.lock, self.told = Lock(), list[str]()

    def __call__(self, context: Any) -> None:
        self.told.append(str(context["exception"]))


def test_a_dag_whose_callback_cannot_be_copied_runs_and_its_log_shows_no_local_variables(
    capfd: pytest.CaptureFixture[str],
) -> None:
    telling = Telling()
    with DAG("kit_telling", schedule=None) as dag:

        @task(on_failure_callback=telling)
        def wrong() -> None:
            token = "NOT-TO-BE-SHOWN".lower()
            raise PermissionError(len(token))

        wrong()

    states = [run_dag(dag).state for _ in range(2)]

    said = "".join(capfd.readouterr())
    assert (states, telling.told) == (["failed"] * 2, ["15"] * 2)
    assert "PermissionError" in said
    assert "not-to-be-shown" not in said


def test_a_task_that_defers_resumes_with_what_it_deferred_with() -> None:
    with DAG("kit_deferring", schedule=None) as dag:
        Deferring(task_id="wait")

    result = run_dag(dag)
    assert result.values == {"wait": {"event": {"fired": True}, "kept": [1, 2]}}


def test_the_partition_is_the_runs(airflow_version: tuple[int, int]) -> None:
    with DAG("kit_partition", schedule=None) as dag:

        @task(outlets=[LAKE])
        def publish() -> Any:
            run = get_current_context()["dag_run"]
            return getattr(run, "partition_key", None) or run.conf.get("partition")

        publish()

    result = run_dag(dag, partition="2013-01-01")
    assert result.values == {"publish": "2013-01-01"}
    assert [event.partition for event in result.events] == [
        "2013-01-01" if airflow_version >= (3, 2) else None
    ]


def test_a_changed_dag_of_the_same_id_runs_as_it_is_now() -> None:
    for task_id in ("first", "second"):
        with DAG("kit_changing", schedule=None) as dag:
            task(task_id=task_id)(lambda: 1)()
        assert run_dag(dag).values == {task_id: 1}


def test_the_bundle_that_airflow_looks_into_is_empty_and_goes_with_its_home() -> None:
    with metadata.own_bundle():
        [bundle] = json.loads(os.environ["AIRFLOW__DAG_PROCESSOR__DAG_BUNDLE_CONFIG_LIST"])
        folder = Path(bundle["kwargs"]["path"])

        assert folder.is_relative_to(AIRFLOW_HOME)
        assert list(folder.iterdir()) == []
