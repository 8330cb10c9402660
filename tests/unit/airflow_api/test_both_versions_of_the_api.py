from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from mwaactl.airflow_api.connect import connect
from mwaactl.airflow_api.transient import is_transient
from mwaactl.airflow_api.values import Dag, DagRun, ParseFailure, TaskInstance, is_at
from mwaactl.aws.mwaa import Environments
from mwaactl.errors import MwaactlError, NotFound, OperationError, Throttled

if TYPE_CHECKING:
    from collections.abc import Mapping

NOON = "2026-11-23T12:00:00+00:00"


@dataclass
class Answers:
    """Answers requests from a script, and remembers them."""

    script: list[Any]
    asked: list[tuple[str, str, Any, Any]] = field(default_factory=list)

    def __call__(
        self,
        method: str,
        path: str,
        query: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> Any:
        self.asked.append((method, path, query, body))
        answer = self.script.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


RUN = {"dag_id": "a", "dag_run_id": "r1", "state": "success", "start_date": NOON, "end_date": NOON}


def test_airflow_3_is_asked_with_a_logical_date_and_airflow_2_without() -> None:
    three, two = Answers([RUN]), Answers([RUN])

    connect("3.3.1", three).trigger("a", {"x": 1})
    connect("2.11.2", two).trigger("a", {"x": 1}, run_id="r1")

    assert three.asked == [("POST", "/dags/a/dagRuns", None, {"logical_date": None, "conf": {"x": 1}})]
    assert two.asked == [("POST", "/dags/a/dagRuns", None, {"conf": {"x": 1}, "dag_run_id": "r1"})]


def test_dags_are_read_page_by_page_in_the_shape_of_either_version() -> None:
    first = {"dag_id": "a", "is_paused": True, "relative_fileloc": "a.py", "last_parsed_time": NOON}
    second = {"dag_id": "b", "fileloc": "/usr/local/airflow/dags/b.py", "last_parsed_time": None}
    pages = Answers([{"dags": [first], "total_entries": 2}, {"dags": [second], "total_entries": 2}])

    dags = connect("3.3.1", pages).dags()

    assert dags == (
        Dag("a", "a.py", is_paused=True, parsed_at=datetime(2026, 11, 23, 12, tzinfo=UTC)),
        Dag("b", "/usr/local/airflow/dags/b.py", is_paused=False, parsed_at=None),
    )
    assert [each[2] for each in pages.asked] == [{"limit": 100, "offset": 0}, {"limit": 100, "offset": 1}]


def test_runs_are_asked_for_newest_first() -> None:
    three, two = Answers([{"dag_runs": [RUN]}]), Answers([{"dag_runs": []}])

    runs = connect("3.3.1", three).runs("a", 5)
    connect("2.10.3", two).runs("a", 500)

    noon = datetime(2026, 11, 23, 12, tzinfo=UTC)
    assert runs == (DagRun("a", "r1", "success", None, noon, noon),)
    first = {"dag_ids": ["a"], "page_offset": 0}
    assert three.asked[0][3] == {**first, "order_by": "-run_after", "page_limit": 5}
    assert two.asked[0][3] == {**first, "order_by": "-execution_date", "page_limit": 100}


def page_of_runs(numbers: range) -> dict[str, Any]:
    runs = [{"dag_id": "a", "dag_run_id": f"r{number}", "state": "running"} for number in numbers]
    return {"dag_runs": runs, "total_entries": 150}


def test_a_run_is_found_behind_the_newest_hundred() -> None:
    answers = Answers([page_of_runs(range(100)), page_of_runs(range(100, 150))])

    run = connect("3.3.1", answers).run("a", "r120")

    assert run == DagRun("a", "r120", "running")
    assert [each[3]["page_offset"] for each in answers.asked] == [0, 100]


def test_a_run_that_is_not_there_is_looked_for_among_all() -> None:
    answers = Answers([page_of_runs(range(100)), page_of_runs(range(100, 150))])

    assert connect("3.3.1", answers).run("a", "r150") is None
    assert len(answers.asked) == 2


def test_as_many_runs_are_listed_as_are_wanted() -> None:
    answers = Answers([page_of_runs(range(100)), page_of_runs(range(100, 150))])

    runs = connect("3.3.1", answers).runs("a", 120)

    assert [run.run_id for run in runs] == [f"r{number}" for number in range(120)]


def test_failures_of_other_tasks_push_none_out() -> None:
    def failed(task_id: str, number: int) -> dict[str, Any]:
        return {"dag_id": "a", "task_id": task_id, "dag_run_id": f"r{number}"}

    others = [failed("b.check", number) for number in range(100)]
    ours = [failed("a.check", number) for number in range(3)]
    answers = Answers([{"task_instances": part, "total_entries": 103} for part in (others, ours)])

    found = connect("3.3.1", answers).failed_answers({("a", "a.check"), ("b", "b.check")}, 2)

    assert found == ours[:2]
    assert answers.asked[0][3]["dag_ids"] == ["a", "b"]
    assert answers.asked[0][3]["task_ids"] == ["a.check", "b.check"]


def test_without_tasks_nobody_is_asked_for_failures() -> None:
    answers = Answers([])

    assert connect("3.3.1", answers).failed_answers(set(), 2) == []
    assert answers.asked == []


def test_task_instances_are_sorted_and_named_with_their_map_index() -> None:
    found = [
        {"task_id": "load", "map_index": 1, "state": None, "try_number": 0},
        {"task_id": "load", "map_index": 0, "state": "success", "try_number": 2},
    ]
    answers = Answers([{"task_instances": found, "total_entries": 2}])

    tasks = connect("3.3.1", answers).task_instances("a", "manual__2026-11-23T12:00:00.000000+00:00")

    assert tasks == (TaskInstance("load", 0, "success", 2), TaskInstance("load", 1, None, 0))
    assert tasks[1].name == "load[1]"
    assert len(answers.asked[0][1]) <= 64


def test_import_errors_carry_file_and_trace() -> None:
    error = {"filename": "a.py", "stack_trace": "NameError", "timestamp": NOON}
    answers = Answers([{"import_errors": [error], "total_entries": 1}])

    failures = connect("3.3.1", answers).import_errors()

    assert failures == (ParseFailure("a.py", "NameError", datetime(2026, 11, 23, 12, tzinfo=UTC)),)


def test_only_airflow_3_tells_the_source() -> None:
    assert connect("3.3.1", Answers([{"content": "DAG"}])).source("a") == "DAG"
    assert connect("2.11.2", Answers([])).source("a") is None


def test_an_id_is_quoted_wherever_it_stands_in_a_path() -> None:
    answers = Answers([{"content": "DAG"}, {"dag_id": "ä b"}])
    api = connect("3.3.1", answers)

    api.source("ä b")
    api.dag("ä b")

    assert [each[1] for each in answers.asked] == ["/dagSources/%C3%A4%20b", "/dags/%C3%A4%20b"]


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (OperationError("no", context={"status": "503"}), True),
        (OperationError("no", context={"status": "404"}), False),
        (OperationError("no"), False),
        (Throttled("no", service="mwaa", operation="InvokeRestApi", error_code="Throttling"), True),
        (NotFound("no", service="mwaa", operation="InvokeRestApi", error_code="404"), False),
    ],
)
def test_only_what_passes_by_itself_is_transient(error: MwaactlError, expected: object) -> None:
    assert is_transient(error) is expected


def test_a_source_that_cannot_be_asked_for_is_none_and_other_errors_are_not_swallowed() -> None:
    absent = OperationError("no", code="airflow.http-404")
    broken = OperationError("no", code="airflow.http-500")

    assert connect("3.3.1", Answers([absent])).source("a") is None
    with pytest.raises(OperationError):
        connect("3.3.1", Answers([broken])).source("a")


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("lib/a.py", True),
        ("/usr/local/airflow/dags/lib/a.py", True),
        ("dags/lib/a.py", True),
        ("a.py", False),
        ("/usr/local/airflow/dags/other/lib/a.py", False),
    ],
)
def test_a_location_is_an_object_of_the_bucket(location: str, expected: object) -> None:
    assert is_at(location, "dags/lib/a.py") is expected


def test_a_path_that_mwaa_does_not_take_is_refused_before_it_is_sent() -> None:
    client: Any = None

    with pytest.raises(OperationError, match="no REST path longer than 64"):
        Environments(client).invoke("env", "GET", "/dags/" + "x" * 60)
