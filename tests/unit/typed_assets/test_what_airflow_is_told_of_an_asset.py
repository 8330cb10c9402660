"""What an author declares reaches Airflow's API as JSON and can be read back whole."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from typed_assets.spec.assets import Asset, Check, Dependency, FreshnessPolicy, Quarantine, Watcher
from typed_assets.spec.catalogue import asset_extra, describe, described, event_extra
from typed_assets.spec.catalogue_contracts import contract_terms
from typed_assets.spec.contracts import Column, ColumnType, Contract, FreshData, RowCount, Severity, SqlRule
from typed_assets.spec.errors import SpecError
from typed_assets.spec.partitions import (
    AllPartitions,
    Daily,
    Hourly,
    Identity,
    LastPartition,
    Partitions,
    Product,
    Rollup,
    Static,
)
from typed_assets.spec.publication import Record, from_json, to_json

CONTRACT = Contract(
    columns=(
        Column(name="carrier", type=ColumnType.TEXT, allowed=("AA", "UA"), max_bytes=2, unique=True),
        Column(name="delay", type=ColumnType.INTEGER, nullable=True, minimum=-60, severity=Severity.WARN),
        Column(name="day", type=ColumnType.DATE, minimum="2013-01-01"),
        Column(name="tail", type=ColumnType.TEXT, pattern=r"N\d.*"),
    ),
    keys=(("carrier", "day"),),
    rows=RowCount(minimum=1, maximum=9),
    fresh=FreshData(column="day", within=timedelta(days=2), severity=Severity.WARN),
    rules=(SqlRule(name="late", sql="SELECT count(*) FROM {table}"),),
    closed=True,
)
EVERYTHING = Asset(
    name="mart.delays",
    uri="redshift://{warehouse_workgroup}/dev/mart/delays",
    owners=("team-flights",),
    description="Delays by carrier and day.",
    group="flights",
    tags=("mart",),
    contract=CONTRACT,
    partitions=Product(Daily(start=date(2013, 1, 1), end=date(2013, 2, 1)), Static(("EWR", "JFK"))),
    checks=(Check(name="sum", run="checks:add_up", severity=Severity.WARN, description="Adds up."),),
    upstream=(Dependency("lake.flights", Rollup()), Dependency("lake.carriers", AllPartitions())),
    freshness=FreshnessPolicy(within=timedelta(hours=26), warn_within=timedelta(hours=25)),
    quarantine=Quarantine(uri="redshift://{warehouse}/dev/aside/delays", max_share=0.1),
    watchers=(
        Watcher("landed", "airflow.providers.common.messaging.triggers.msg_queue.MessageQueueTrigger"),
    ),
)
RECORD = Record(
    asset="mart.delays", published=True, at="2026-01-01T00:00:00+00:00", dag_id="d", run_id="r", task_id="t"
)


@pytest.mark.parametrize("asset", [EVERYTHING, Asset(name="lake.flights", uri="s3://b/flights/")])
def test_an_asset_is_read_back_from_json_as_it_was_declared(asset: Asset) -> None:
    assert described(json.loads(json.dumps(describe(asset)))) == asset


@pytest.mark.parametrize(
    "partitions",
    [
        Hourly(start=datetime(2013, 1, 1, tzinfo=UTC)),
        Hourly(start=datetime(2013, 1, 1, tzinfo=UTC), end=datetime(2013, 1, 2, tzinfo=UTC)),
        Daily(start=date(2013, 1, 1)),
        Static(("a", "b")),
    ],
)
def test_all_kinds_of_partitions_are_read_back(partitions: Partitions) -> None:
    asset = Asset(name="a", uri="s3://b/a/", partitions=partitions)
    assert described(describe(asset)).partitions == partitions


def test_all_mappings_are_read_back() -> None:
    upstream = (Dependency("a", Identity()), Dependency("b", LastPartition()))
    assert described(describe(Asset(name="c", uri="s3://b/c/", upstream=upstream))).upstream == upstream


def test_arguments_of_a_watcher_stay_with_the_author() -> None:
    watched = Asset(name="a", uri="s3://b/a/", watchers=(Watcher("w", "m.Trigger", {"token": "secret"}),))
    assert describe(watched)["watchers"] == [{"name": "w", "trigger": "m.Trigger"}]


def test_an_asset_that_declares_nothing_is_told_in_two_words() -> None:
    extra = asset_extra(Asset(name="lake.flights", uri="s3://b/flights/"))
    assert extra == {"typed_assets": {"name": "lake.flights", "uri": "s3://b/flights/"}}


def test_the_event_tells_the_record_and_the_terms_that_held() -> None:
    extra = event_extra(EVERYTHING, RECORD)
    assert extra == {"typed_assets": {**to_json(RECORD), "contract": contract_terms(CONTRACT)}}
    assert from_json(extra["typed_assets"]) == RECORD


def test_each_thing_that_a_contract_says_is_a_term() -> None:
    assert contract_terms(CONTRACT) == {
        "column carrier": "text, required, unique, one of AA, UA, at most 2 bytes",
        "column delay": "integer, from -60, only warns",
        "column day": "date, required, from 2013-01-01",
        "column tail": r"text, required, like N\d.*",
        "key carrier, day": "no two rows are alike",
        "rows": "from 1 to 9",
        "fresh": "`day` at most 2 days, 0:00:00 old, only warns",
        "rule late": "SELECT count(*) FROM {table}",
        "closed": "no further columns",
    }


@pytest.mark.parametrize(
    ("part", "message"),
    [
        ({"partitions": {"kind": "dayly", "start": "2013-01-01"}}, "no partitions of the kind `dayly`"),
        ({"upstream": [{"asset": "b", "mapping": "rolup"}]}, "no mapping `rolup`"),
        ({"contract": {"columns": [{}]}}, "it has no `type`"),
        ({"partitions": {"kind": "daily", "start": "soon"}}, "soon"),
        ({"freshness": {"within": "a day"}}, "."),
        ({"quarantine": {"url": "s3://b/q/"}}, "url"),
        ({"checks": ["sums"]}, "."),
        ({"contract": []}, "."),
        ({"partitions": {"kind": "daily", "start": "2013-01-01", "end": 10**400}}, "."),
    ],
)
def test_a_part_that_is_not_known_missing_or_of_another_kind_is_a_mistake_of_the_declaration(
    part: dict[str, object], message: str
) -> None:
    with pytest.raises(SpecError, match=message):
        described({"name": "a", "uri": "s3://b/a/", **part})
