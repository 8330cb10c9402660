"""Assets made in the test's process, in memory."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from typed_assets import (
    Asset,
    AssetContext,
    Column,
    ColumnType,
    Contract,
    Daily,
    Load,
    Quarantine,
    RowCount,
    Severity,
    SpecError,
    Sql,
    asset,
    multi_asset,
    operator,
    pipeline,
)
from typed_assets.io.errors import DataError, NotPublishedError
from typed_assets.spec.history import asset_prefix
from typed_assets.spec.pipelines import AssetStep, Pipeline
from typed_assets.testing import materialize, memory_services

DAYS = Daily(start=date(2013, 1, 1))
DELAY = Column(name="delay", type=ColumnType.INTEGER, maximum=100)
FLIGHTS = Contract(columns=(Column(name="carrier", type=ColumnType.TEXT), DELAY), rows=RowCount(minimum=1))
NOW = datetime(2013, 2, 1, tzinfo=UTC)


def flights(delays: list[int]) -> Pipeline:
    """Flights of a day as files, their mean delay as a table, and a report of that."""

    @pipeline("flights")
    def made() -> None:
        @asset(uri="s3://{data_bucket}/lake/flights/", contract=FLIGHTS, partitions=DAYS)
        def lake__flights(context: AssetContext) -> Iterator[dict[str, Any]]:
            assert context.partition == "2013-01-31"
            yield from ({"carrier": "UA", "delay": delay} for delay in delays)

        @asset(
            uri="redshift://{warehouse_workgroup}/{warehouse_database}/mart/delays",
            contract=Contract(columns=(Column(name="mean", type=ColumnType.FLOAT),)),
            partitions=DAYS,
            upstream=["lake.flights"],
        )
        def mart__delays(context: AssetContext) -> list[dict[str, Any]]:
            found = [row["delay"] for row in context.read("lake.flights")]
            return [{"mean": sum(found) / len(found)}]

        @asset(uri="s3://{data_bucket}/reports/", partitions=DAYS, upstream=["mart.delays"])
        def report(context: AssetContext) -> list[dict[str, Any]]:
            return [{"text": f"{row['mean']} minutes"} for row in context.read("mart.delays")]

    return made


def test_assets_are_written_checked_and_published_in_order() -> None:
    result = materialize(flights([10, 20]), partition="2013-01-31")
    assert result.states == {"lake.flights": "published", "mart.delays": "published", "report": "published"}
    assert result.ok
    assert result.rows("report") == [{"text": "15.0 minutes"}]
    record = result.records["lake.flights"]
    assert (record.rows, record.partition, record.dag_id, record.task_id) == (
        2,
        "2013-01-31",
        "flights",
        "lake__flights.check",
    )


def test_a_blocking_check_publishes_nothing_and_skips_what_is_made_of_it() -> None:
    result = materialize(flights([10, 500]), partition="2013-01-31")
    assert result.states == {"lake.flights": "refused", "mart.delays": "skipped", "report": "skipped"}
    assert not result.ok
    check = result.checks("lake.flights")["delay.range"]
    assert (check.passed, check.violations) == (False, 1)
    assert result.checks("report") == {}
    with pytest.raises(NotPublishedError, match="has not been published"):
        result.rows("lake.flights")
    kept = result.services.client("s3").list_objects_v2(Bucket="data", Prefix=asset_prefix("lake.flights"))
    assert kept["KeyCount"] == 1


def test_fixed_data_heals_it_in_the_same_services() -> None:
    services = memory_services(now=lambda: NOW)
    for delays, state in (([500], "refused"), ([5], "published")):
        result = materialize(flights(delays), partition="2013-01-31", services=services)
        assert set(result.states.values()) == ({state} if state == "published" else {state, "skipped"})
    assert result.rows("report") == [{"text": "5.0 minutes"}]
    assert result.records["report"].at == "2013-02-01T00:00:00.000+00:00"


def test_one_asset_is_made_of_what_is_published() -> None:
    services = memory_services()
    materialize(flights([7]), partition="2013-01-31", services=services)
    result = materialize(flights([]), partition="2013-01-31", services=services, only=["report"])
    assert result.states == {"report": "published"}
    assert result.rows("report") == [{"text": "7.0 minutes"}]


def test_a_name_that_nothing_makes_is_refused_with_the_nearest() -> None:
    with pytest.raises(SpecError, match=r"makes `reports` \(did you mean `report`\?\)"):
        materialize(flights([7]), partition="2013-01-31", only=["reports"])


def broken() -> AssetStep:
    @asset(uri="s3://{data_bucket}/broken/")
    def broken() -> list[dict[str, Any]]:
        message = "the source is away"
        raise ConnectionError(message)

    return broken


def test_an_error_of_a_step_is_raised() -> None:
    with pytest.raises(ConnectionError, match="the source is away"):
        materialize([broken()])


def test_an_error_of_a_step_can_be_kept() -> None:
    step = broken()

    @asset(uri="s3://{data_bucket}/after/", upstream=[step])
    def after() -> list[dict[str, Any]]:
        return []

    result = materialize([after, step], raise_errors=False)
    assert result.states == {"broken": "failed", "after": "skipped"}
    assert str(result.outcomes["broken"].error) == "the source is away"


def test_of_several_assets_of_a_step_each_has_its_own_outcome() -> None:
    good = Asset(name="good", uri="s3://{data_bucket}/good/", contract=FLIGHTS)
    bad = Asset(name="bad", uri="s3://{data_bucket}/bad/", contract=FLIGHTS)

    @multi_asset(assets=[good, bad])
    def both() -> dict[str, Any]:
        return {"good": [{"carrier": "UA", "delay": 1}], "bad": [{"carrier": "UA", "delay": 999}]}

    @asset(uri="s3://{data_bucket}/of_good/", upstream=[good])
    def of_good(context: AssetContext) -> Any:
        return context.read("good")

    @asset(uri="s3://{data_bucket}/of_bad/", upstream=[bad])
    def of_bad(context: AssetContext) -> Any:
        return context.read("bad")

    @asset(uri="s3://{data_bucket}/later/", after=[both])
    def later() -> Any:
        return [{"a": 1}]

    result = materialize([both, of_good, of_bad, later])
    assert result.states == {
        "good": "published",
        "bad": "refused",
        "of_good": "published",
        "of_bad": "skipped",
        "later": "skipped",
    }
    assert {name: record.task_id for name, record in result.records.items()} == {
        "good": "both.check_good",
        "bad": "both.check_bad",
        "of_good": "of_good.check",
    }


def test_a_warning_publishes() -> None:
    lenient = Contract(
        columns=(Column(name="delay", type=ColumnType.INTEGER, maximum=1, severity=Severity.WARN),)
    )

    @asset(uri="s3://{data_bucket}/lenient/", contract=lenient)
    def warned() -> Any:
        return [{"delay": 2}]

    result = materialize([warned])
    assert result.ok
    assert [check.name for check in result.records["warned"].warnings] == ["delay.range"]


def test_operators_are_left_out_and_said_so_and_their_outputs_can_be_given() -> None:
    @pipeline("with_operator")
    def made() -> None:
        operator("fetch", "airflow.providers.http.operators.http.HttpOperator", endpoint="/")

        @asset(uri="s3://{data_bucket}/fetched/", after=["fetch"])
        def fetched(context: AssetContext) -> Any:
            return context.output("fetch")

    result = materialize(made, outputs={"fetch": [{"id": 1}]})
    assert result.left_out == ("fetch",)
    assert result.rows("fetched") == [{"id": 1}]


def test_sql_needs_a_warehouse() -> None:
    @asset(uri="redshift://w/d/mart/t")
    def selected() -> Sql:
        return Sql("select 1 as a")

    with pytest.raises(SpecError, match="`selected` is made by SQL, which nothing in memory runs"):
        materialize([selected])


def test_other_services_are_not_in_memory() -> None:
    with pytest.raises(SpecError, match="`sqs` is not in memory"):
        memory_services().client("sqs")


def test_a_table_is_loaded_from_what_is_published_of_a_data_set() -> None:
    with pipeline("loading") as draft:

        @asset(uri="s3://{data_bucket}/lake/carriers/")
        def carriers() -> list[dict[str, Any]]:
            return [{"carrier": "UA"}]

        @asset(
            uri="redshift://{warehouse_workgroup}/{warehouse_database}/mart/loaded",
            contract=Contract(columns=(Column(name="carrier", type=ColumnType.TEXT),)),
            upstream=[carriers],
        )
        def loaded() -> Load:
            return Load("carriers")

    assert materialize(draft).rows("loaded") == [{"carrier": "UA"}]


def test_bad_rows_of_a_table_go_to_its_quarantine() -> None:
    @pipeline("gated")
    def made() -> None:
        @asset(
            uri="redshift://{warehouse_workgroup}/{warehouse_database}/mart/gated",
            contract=FLIGHTS,
            quarantine=Quarantine(
                uri="redshift://{warehouse_workgroup}/{warehouse_database}/aside/gated", max_share=0.5
            ),
        )
        def mart__gated() -> list[dict[str, Any]]:
            return [{"carrier": "UA", "delay": 1}, {"carrier": "UA", "delay": 1000}]

    result = materialize(made)
    assert result.states == {"mart.gated": "published"}
    assert result.rows("mart.gated") == [{"carrier": "UA", "delay": 1}]
    assert result.records["mart.gated"].quarantined == 1


@pytest.mark.parametrize(
    ("partition", "said"),
    [
        (None, "`lake.flights` has partitions, and none is named (give `partition=` its key)"),
        ("2013-02-30", "`2013-02-30` is not a day (write a day of UTC as `2013-01-31`)"),
    ],
)
def test_an_asset_with_partitions_is_made_one_partition_at_a_time(partition: str | None, said: str) -> None:
    with pytest.raises(SpecError) as caught:
        materialize(flights([1]), partition=partition, only=["lake.flights"])
    assert caught.value.sentence == said


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("carrier", "a row is of the type str, and no mapping of columns to values"),
        (["UA", 1], "a row is of the type list, and no mapping of columns to values"),
        ({None: ["x"]}, "a column is called by the NoneType `None`, and names are text"),
    ],
)
def test_what_is_no_row_is_told(row: Any, said: str) -> None:
    @asset(uri="s3://{data_bucket}/odd/")
    def odd() -> list[Any]:
        return [row]

    with pytest.raises(DataError) as caught:
        materialize([odd])
    assert caught.value.message == said


def test_a_row_with_other_columns_than_the_contract_is_told_whatever_they_are_called() -> None:
    @asset(uri="s3://{data_bucket}/odd/", contract=FLIGHTS)
    def odd() -> list[Any]:
        return [{"carrier": "UA", "delay": 1, None: 2, "x": 3}]

    with pytest.raises(DataError, match="a row has the column `None`"):
        materialize([odd])
