"""A pipeline from rows to files to tables and back, step by step, as its tasks would do it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from typed_assets import (
    Asset,
    AssetContext,
    Check,
    Column,
    ColumnType,
    Contract,
    Daily,
    Load,
    Record,
    Run,
    Sql,
    asset,
    pipeline,
)
from typed_assets.building.refusal import AssetRefusedError
from typed_assets.building.steps import check_step, write_step
from typed_assets.io import read
from typed_assets.spec.order import known_assets, ordered
from typed_assets.spec.pipelines import AssetStep

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from typed_assets.services import Services

DAYS = Daily(start=date(2013, 1, 1))
TABLES = "redshift://{warehouse_workgroup}/{warehouse_database}/steps/"
COLUMNS = (
    Column(name="carrier", type=ColumnType.TEXT),
    Column(name="day", type=ColumnType.DATE),
    Column(name="delay", type=ColumnType.INTEGER, minimum=0),
)
FLIGHTS = Contract(columns=COLUMNS)
DELAYS = Contract(columns=COLUMNS, keys=(("carrier", "day"),))

with pipeline("steps") as DRAFT:

    @asset(uri="s3://{data_bucket}/steps/landed/", contract=FLIGHTS, partitions=DAYS)
    def landed(context: AssetContext) -> Iterator[dict[str, Any]]:
        """Flights as they land; a run's parameter is the delay."""
        for carrier, factor in (("AA", 1), ("AA", 2), ("UA", 3)):
            delay = context.run.params["delay"] * factor
            yield {"carrier": carrier, "day": context.partition, "delay": delay}

    @asset(uri=f"{TABLES}raw", contract=FLIGHTS, partitions=DAYS, upstream=[landed])
    def raw() -> Load:
        return Load("landed")

    @asset(
        uri=f"{TABLES}delays",
        contract=DELAYS,
        partitions=DAYS,
        upstream=[raw],
        checks=[Check(name="most", run="most.sql")],
    )
    def delays() -> Sql:
        return Sql(
            "SELECT carrier, day, sum(delay)::int AS delay FROM {raw} "
            "WHERE day = {partition} GROUP BY carrier, day"
        )

    @asset(uri="s3://{data_bucket}/steps/said/", partitions=DAYS, upstream=[delays])
    def said(context: AssetContext) -> list[dict[str, str]]:
        rows = sorted(context.read("delays"), key=lambda row: str(row["carrier"]))
        return [{"text": " ".join(f"{row['carrier']} {row['delay']}" for row in rows)}]


SPEC = DRAFT.spec
ASSETS = known_assets(SPEC)


@pytest.fixture(autouse=True)
def most(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "most.sql").write_text("SELECT count(*) FROM {table} WHERE delay > 1000")
    monkeypatch.syspath_prepend(tmp_path)


def made(services: Services, day: str, delay: int) -> dict[str, Record]:
    """Run the pipeline for a day until something is refused."""
    run = Run(dag_id="steps", run_id=f"{day}-{delay}", partition=day, params={"delay": delay}, assets=ASSETS)
    records: dict[str, Record] = {}
    for step in ordered(SPEC):
        assert isinstance(step, AssetStep)
        (staged,) = write_step(step, services=services, run=run)
        records[step.id] = check_step(step.assets[0], staged, services=services, run=run)
    return records


def text(services: Services, day: str) -> list[dict[str, Any]]:
    found: Asset = ASSETS["said"]
    return list(read(found, services=services, partition=day))


def test_rows_become_files_tables_sums_and_a_text_for_each_partition(services: Services) -> None:
    made(services, "2013-01-30", 1)
    records = made(services, "2013-01-31", 7)
    assert {name: (record.partition, record.rows) for name, record in records.items()} == {
        "landed": ("2013-01-31", 3),
        "raw": ("2013-01-31", 3),
        "delays": ("2013-01-31", 2),
        "said": ("2013-01-31", 1),
    }
    assert {check.name: check.passed for check in records["delays"].checks}["most"]
    assert text(services, "2013-01-30") == [{"text": "AA 3 UA 3"}]
    assert text(services, "2013-01-31") == [{"text": "AA 21 UA 21"}]


def test_a_table_that_is_refused_stays_as_it_was_until_the_data_is_mended(services: Services) -> None:
    made(services, "2013-02-01", 7)
    with pytest.raises(AssetRefusedError, match=r"`delays` partition 2013-02-01 was not published: most"):
        made(services, "2013-02-01", 900)
    assert text(services, "2013-02-01") == [{"text": "AA 21 UA 21"}]
    assert {(row["carrier"], row["delay"]) for row in read(ASSETS["delays"], services=services)} >= {
        ("AA", 21),
        ("UA", 21),
    }
    assert made(services, "2013-02-01", 8)["said"].published
    assert text(services, "2013-02-01") == [{"text": "AA 24 UA 24"}]
