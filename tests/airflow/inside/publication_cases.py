"""Write, audit, publish in a running DAG: the event comes from the check, and only where the data is good."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from airflow.configuration import conf

from typed_assets import (
    Asset,
    Column,
    ColumnType,
    Contract,
    Dependency,
    Retries,
    RowCount,
    Severity,
    asset,
    build,
    multi_asset,
    pipeline,
)
from typed_assets.building.refusal import AssetRefusedError
from typed_assets.spec.publication import from_json
from typed_assets.testing import DagRunResult, run_dag

GOOD: list[dict[str, Any]] = [{"carrier": "AA", "delay": 3}, {"carrier": "UA", "delay": 5}]
LATE: list[dict[str, Any]] = [{"carrier": "AA", "delay": 3}, {"carrier": "UA", "delay": 5000}]
BAD: list[dict[str, Any]] = [{"carrier": "AA", "delay": 3}, {"carrier": None, "delay": 5}]
CONTRACT = Contract(
    columns=(
        Column(name="carrier", type=ColumnType.TEXT),
        Column(name="delay", type=ColumnType.INTEGER, maximum=1000, severity=Severity.WARN),
    ),
    rows=RowCount(minimum=1),
)


def flights(rows: list[dict[str, Any]]) -> Any:
    """The DAG of two assets, the second made of the first, with rows that are good or bad."""
    with pipeline("wap_flights", owners=["team"]) as draft:

        @asset(
            name="wap.flights",
            uri="s3://{data_bucket}/wap/flights/",
            contract=CONTRACT,
            retries=Retries(count=2, delay=timedelta(hours=1)),
        )
        def write_flights() -> list[dict[str, Any]]:
            return rows

        @asset(name="wap.count", uri="s3://{data_bucket}/wap/count/", upstream=[write_flights])
        def count_flights(context: Any) -> list[dict[str, Any]]:
            return [{"count": len(list(context.read("wap.flights")))}]

    return build(draft)


@pytest.fixture(scope="module")
def history(aws: Callable[[str], Any]) -> Callable[[str], list[dict[str, Any]]]:
    """The records of an asset in the history, oldest first."""

    def of(name: str) -> list[dict[str, Any]]:
        s3, bucket = aws("s3"), conf.get("pipelines", "data_bucket")
        listed = s3.list_objects_v2(Bucket=bucket, Prefix=f"_assets/history/{name}/").get("Contents", [])
        return [json.load(s3.get_object(Bucket=bucket, Key=each["Key"])["Body"]) for each in listed]

    return of


@pytest.fixture(scope="module")
def good() -> DagRunResult:
    return run_dag(flights(GOOD))


@pytest.fixture(scope="module")
def late(good: DagRunResult) -> DagRunResult:
    assert good.state == "success"
    return run_dag(flights(LATE))


@pytest.fixture(scope="module")
def bad(good: DagRunResult) -> DagRunResult:
    assert good.state == "success"
    return run_dag(flights(BAD))


@pytest.fixture(scope="module")
def healed(bad: DagRunResult) -> DagRunResult:
    assert bad.state == "failed"
    return run_dag(flights(GOOD))


def test_good_data_is_published_and_the_check_tells_of_it(good: DagRunResult) -> None:
    assert good.state == "success", good.errors
    assert [(event.asset, event.task) for event in good.events] == [
        ("wap.flights", "write_flights.check"),
        ("wap.count", "count_flights.check"),
    ]
    record = good.events[0].record
    assert record is not None
    assert (record.published, record.rows, record.warnings, record.run_id) == (True, 2, (), good.run_id)
    assert record.task_id == "write_flights.check"
    assert record.schema_hash
    assert {check.name: check.passed for check in record.checks}["rows"]


def test_the_event_is_what_the_history_has(
    good: DagRunResult, history: Callable[[str], list[dict[str, Any]]]
) -> None:
    kept = [from_json(each) for each in history("wap.flights") if each["run_id"] == good.run_id]
    assert kept == [good.events[0].record]
    assert good.xcoms["write_flights.check"]["typed_assets"] == good.events[0].extra["typed_assets"]


@pytest.mark.newest
def test_a_warning_is_published_with_the_warning(late: DagRunResult) -> None:
    record = late.events[0].record
    assert record is not None
    assert [(check.name, check.violations) for check in record.warnings] == [("delay.range", 1)]
    assert late.tasks["count_flights.check"] == "success"


def test_a_blocking_finding_fails_the_run_emits_nothing_and_holds_back_what_comes_after(
    bad: DagRunResult, history: Callable[[str], list[dict[str, Any]]]
) -> None:
    assert bad.tasks == {
        "write_flights.write": "success",
        "write_flights.check": "failed",
        "count_flights.write": "upstream_failed",
        "count_flights.check": "upstream_failed",
    }
    assert bad.events == ()
    (record,) = [from_json(each) for each in history("wap.flights") if each["run_id"] == bad.run_id]
    assert (record.published, [check.name for check in record.blocking]) == (False, ["carrier.nullable"])
    assert from_json(bad.xcoms["write_flights.check"]["typed_assets"]) == record


def test_a_finding_ends_the_task_for_good_and_says_what_was_found(bad: DagRunResult) -> None:
    error = bad.errors["write_flights.check"]
    assert type(error).__name__ == "AirflowFailException"
    assert "`wap.flights` was not published: carrier.nullable (1 violation," in str(error)
    assert isinstance(error.__cause__, AssetRefusedError)


@pytest.mark.newest
def test_readers_saw_the_data_before_until_fixed_data_came(
    bad: DagRunResult, healed: DagRunResult, aws: Callable[[str], Any]
) -> None:
    assert bad.run_id != healed.run_id
    assert (healed.state, len(healed.events)) == ("success", 2)
    bucket = conf.get("pipelines", "data_bucket")
    listed = aws("s3").list_objects_v2(Bucket=bucket, Prefix="_assets/staging/wap/flights/")
    assert listed.get("Contents", []) == []


@pytest.mark.newest
def test_each_asset_of_a_step_is_published_by_its_own_check() -> None:
    kept = Asset(name="wap.kept", uri="s3://{data_bucket}/wap/kept/", contract=CONTRACT)
    refused = Asset(name="wap.refused", uri="s3://{data_bucket}/wap/refused/", contract=CONTRACT)
    follower = Asset(name="wap.follower", uri="s3://{data_bucket}/wap/f/", upstream=(Dependency("wap.kept"),))
    with pipeline("wap_two") as draft:

        @multi_asset(assets=[kept, refused])
        def split() -> dict[str, Any]:
            return {"wap.kept": GOOD, "wap.refused": BAD}

        @multi_asset(assets=[follower])
        def follow(context: Any) -> Any:
            return {"wap.follower": context.read("wap.kept")}

    result = run_dag(build(draft))
    assert result.state == "failed"
    assert {event.asset: event.task for event in result.events} == {
        "wap.kept": "split.check_wap__kept",
        "wap.follower": "follow.check",
    }
    assert result.tasks["split.check_wap__refused"] == "failed"
