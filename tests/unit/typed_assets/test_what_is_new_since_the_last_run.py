"""What came after the last run had begun to read is new to it, whenever either of them was recorded."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from typed_assets.building.history import keep
from typed_assets.scheduling.gates import holds_now
from typed_assets.scheduling.published import spans_by
from typed_assets.services import Services
from typed_assets.spec.assets import Asset
from typed_assets.spec.automation import AllOf, AnyOf, Updated
from typed_assets.spec.history import attempt_key
from typed_assets.spec.pipelines import AssetStep, Pipeline
from typed_assets.spec.publication import Record
from typed_assets.testing.memory_s3 import MemoryS3

START = datetime(2026, 1, 2, 3, 0, 0, 500_000, tzinfo=UTC)
ASSETS = tuple(Asset(name=name, uri=f"s3://data/{name}/") for name in ("first", "second"))
STEPS = tuple(AssetStep(id=asset.name, assets=(asset,), make=lambda: ()) for asset in ASSETS)
PIPELINE = Pipeline(id="made", steps=STEPS)


@dataclass
class ClockedS3:
    """S3 in memory that tells to the second since when it has had an object."""

    s3: MemoryS3 = field(default_factory=MemoryS3)
    now: datetime = START
    since: dict[str, datetime] = field(default_factory=dict)
    listed: list[str] = field(default_factory=list)

    def put_object(self, **words: Any) -> Any:
        self.since[words["Key"]] = self.now.replace(microsecond=0)
        return self.s3.put_object(**words)

    def get_object(self, **words: Any) -> Any:
        return self.s3.get_object(**words)

    def get_paginator(self, _: str) -> Any:
        return self

    def paginate(self, **words: Any) -> list[Any]:
        self.listed.append(words["Prefix"])
        answer = self.s3.list_objects_v2(**words)
        found = [{**item, "LastModified": self.since[item["Key"]]} for item in answer.get("Contents", ())]
        return [{"Contents": found}]


@pytest.fixture
def s3() -> ClockedS3:
    return ClockedS3()


def publish(s3: ClockedS3, asset: str, *, began: int, at: int, run: str = "r") -> None:
    """Keep the record of a publication, at a second after the start."""
    s3.now = START + timedelta(seconds=at)
    record = Record(
        asset=asset,
        published=True,
        at=s3.now.isoformat(),
        dag_id="made",
        run_id=run,
        task_id="t",
        began=(START + timedelta(seconds=began)).isoformat(),
    )
    keep(record, services=services(s3))


def services(s3: ClockedS3) -> Services:
    return Services(client={"s3": s3}.__getitem__, options={"data_bucket": "data"})


def is_new(s3: ClockedS3) -> bool:
    return holds_now(Updated("raw"), PIPELINE, services(s3), spans_by(services(s3)))


def test_what_comes_while_the_last_run_writes_is_new(s3: ClockedS3) -> None:
    assert not is_new(s3)
    publish(s3, "raw", began=0, at=10)
    assert is_new(s3)
    publish(s3, "first", began=20, at=40)
    assert not is_new(s3)
    publish(s3, "raw", began=5, at=30)
    assert is_new(s3)


def test_what_the_last_run_began_before_the_record_of_is_new_however_old_its_data_is(s3: ClockedS3) -> None:
    publish(s3, "first", began=20, at=21)
    publish(s3, "raw", began=0, at=25)
    assert is_new(s3)


def test_what_comes_in_the_second_in_which_the_run_begins_is_new(s3: ClockedS3) -> None:
    publish(s3, "raw", began=0, at=20)
    publish(s3, "first", began=20, at=21)
    assert is_new(s3)


def test_a_run_begins_with_the_first_of_its_assets(s3: ClockedS3) -> None:
    publish(s3, "first", began=10, at=12, run="1")
    publish(s3, "raw", began=0, at=15)
    publish(s3, "second", began=20, at=22, run="1")
    assert is_new(s3)
    publish(s3, "second", began=30, at=32, run="2")
    assert not is_new(s3), "the newest run has made one asset only"


def test_records_of_before_there_was_a_beginning_count_by_their_time(s3: ClockedS3) -> None:
    key = attempt_key("first", None, (START + timedelta(seconds=9)).isoformat(), published=True)
    s3.put_object(Bucket="data", Key=key, Body=json.dumps({}).encode())
    publish(s3, "raw", began=0, at=5)
    assert not is_new(s3)


def test_each_history_is_listed_once_however_often_a_condition_names_the_asset(s3: ClockedS3) -> None:
    publish(s3, "raw", began=0, at=10)
    twice = AnyOf((AllOf((Updated("raw"), Updated("other"))), AllOf((Updated("other"), Updated("raw")))))

    assert not holds_now(twice, PIPELINE, services(s3), spans_by(services(s3)))

    assert sorted(s3.listed) == [f"_assets/history/{name}/" for name in ("first", "other", "raw", "second")]
