"""Pipelines that end in the warehouse, and the one that the guide shows, run as they stand."""

import runpy
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from airflow.configuration import conf

from typed_assets import (
    AssetContext,
    Check,
    Column,
    ColumnType,
    Contract,
    Daily,
    Load,
    Severity,
    Sql,
    asset,
    build,
    operator,
    pipeline,
)
from typed_assets.testing import run_dag

pytestmark = pytest.mark.newest  # what differs between versions is looked at elsewhere

GUIDE = Path(__file__).parents[3] / "docs" / "guides" / "assets.md"
DAYS = Daily(start=date(2013, 1, 1))
MART = "redshift://{warehouse_workgroup}/{warehouse_database}/wap_mart/"
FLIGHTS = Contract(
    columns=(
        Column(name="carrier", type=ColumnType.TEXT),
        Column(name="day", type=ColumnType.DATE),
        Column(name="delay", type=ColumnType.INTEGER),
    )
)
DELAYS = Contract(
    columns=(
        Column(name="carrier", type=ColumnType.TEXT, unique=True),
        Column(name="day", type=ColumnType.DATE),
        Column(name="delay", type=ColumnType.INTEGER),
    )
)


def delays_in_the_thousands(context: AssetContext) -> int:
    """A check of the asset's own."""
    assert context.staged[context.asset.name].rows != 0
    return 0


def rolled_up() -> Any:
    with pipeline("wap_warehouse") as draft:
        operator(
            "note", "airflow.providers.standard.operators.python.PythonOperator", python_callable=lambda: 7
        )

        @asset(
            name="wap.landed",
            uri="s3://{data_bucket}/wap/landed/",
            contract=FLIGHTS,
            partitions=DAYS,
            after=["note"],
        )
        def land(context: AssetContext) -> Any:
            delay = context.output("note")
            for carrier, factor in (("AA", 1), ("AA", 2), ("UA", 3)):
                yield {"carrier": carrier, "day": context.partition, "delay": delay * factor}

        @asset(
            name="wap.raw",
            uri=f"{MART}raw",
            contract=FLIGHTS,
            partitions=DAYS,
            upstream=[land],
        )
        def load() -> Load:
            return Load("wap.landed")

        @asset(
            name="wap.delays",
            uri=f"{MART}delays",
            contract=DELAYS,
            partitions=DAYS,
            upstream=[load],
            checks=[
                Check(name="own", run=f"{__name__}:delays_in_the_thousands", severity=Severity.WARN),
            ],
        )
        def delays() -> Sql:
            return Sql(
                "SELECT carrier, day, sum(delay)::int AS delay FROM {wap.raw} "
                "WHERE day = {partition} GROUP BY carrier, day"
            )

        @asset(name="wap.said", uri="s3://{data_bucket}/wap/said/", partitions=DAYS, upstream=[delays])
        def say(context: AssetContext) -> Any:
            rows = sorted(context.read("wap.delays"), key=lambda row: row["carrier"])
            return [{"text": " ".join(f"{row['carrier']} {row['delay']}" for row in rows)}]

    return build(draft)


def test_rows_are_loaded_summed_up_and_read_for_the_partition_of_the_run(aws: Callable[[str], Any]) -> None:
    for day in ("2013-01-30", "2013-01-31"):
        result = run_dag(rolled_up(), partition=day)
        assert result.state == "success", result.errors
    records = {event.asset: event.record for event in result.events}
    assert {name: record and (record.partition, record.rows) for name, record in records.items()} == {
        "wap.landed": ("2013-01-31", 3),
        "wap.raw": ("2013-01-31", 3),
        "wap.delays": ("2013-01-31", 2),
        "wap.said": ("2013-01-31", 1),
    }
    delays = records["wap.delays"]
    assert delays is not None
    assert {check.name: check.passed for check in delays.checks}["own"]
    listed = aws("s3").list_objects_v2(Bucket=conf.get("pipelines", "data_bucket"), Prefix="wap/said/")
    assert len({each["Key"].split("/")[2] for each in listed["Contents"]}) == 2
    from typed_assets.building.services import airflow_services
    from typed_assets.io import read

    said = dag_asset("wap.said")
    (row,) = read(said, services=airflow_services(), partition="2013-01-31")
    assert row == {"text": "AA 21 UA 21"}


def dag_asset(name: str) -> Any:
    """The asset of a name, as the DAG tells Airflow of it."""
    from typed_assets.spec.catalogue import described

    outlets = (outlet for task in rolled_up().tasks for outlet in task.outlets)
    return next(described(each.extra["typed_assets"]) for each in outlets if each.name == name)


def test_the_pipeline_of_the_guide_runs_as_it_stands(aws: Callable[[str], Any], tmp_path: Path) -> None:
    text = GUIDE.read_text(encoding="utf-8").split("```python\n")[1].split("```")[0]
    (tmp_path / "carriers.py").write_text(text)
    rows = [f"{chr(65 + number)}A,Airline {number}" for number in range(10)]
    aws("s3").put_object(
        Bucket=conf.get("pipelines", "data_bucket"),
        Key="landing/nyc_flights/airlines.csv",
        Body="\n".join(["carrier,name", *rows]).encode(),
    )
    result = run_dag(runpy.run_path(str(tmp_path / "carriers.py"))["dag"])
    assert result.state == "success", result.errors
    assert result.tasks == {"lake__carriers.write": "success", "lake__carriers.check": "success"}
    (event,) = result.events
    assert event.record is not None
    assert (event.asset, event.record.rows) == ("lake.carriers", 10)
