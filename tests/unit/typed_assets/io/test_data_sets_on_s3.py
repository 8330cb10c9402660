"""Data sets on S3 are staged where nobody looks, and published at once."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from typed_assets.audit import audit
from typed_assets.io import (
    DataError,
    Form,
    NotPublishedError,
    NotStagedError,
    discard,
    publish,
    read,
    stage_files,
    stage_rows,
)
from typed_assets.spec.partitions import Daily
from typed_assets.staging import Staged

if TYPE_CHECKING:
    from tests.fakes.lake import Lake
    from typed_assets.spec.assets import Asset

FORMS = [Form(kind, gzipped) for kind in ("csv", "jsonl") for gzipped in (False, True)]


def flight(number: int, **values: Any) -> dict[str, Any]:
    row: dict[str, Any] = {
        "carrier": "UA",
        "flight": number,
        "day": date(2013, 1, 31),
        "left_at": datetime.fromisoformat("2013-01-31 05:17:00.25"),
        "fare": Decimal("120.50"),
        "delay": -2.5,
        "cancelled": False,
    }
    return row | values


FLIGHTS = [flight(1), flight(2, left_at=None, fare=None, delay=None, cancelled=None)]


@pytest.mark.parametrize("form", FORMS)
def test_rows_come_back_with_their_types(lake: Lake, flights: Asset, form: Form) -> None:
    staged = stage_rows(flights, iter(FLIGHTS), services=lake.services, token="t", form=form)
    assert (staged.rows, len(staged.files)) == (2, 1)
    with pytest.raises(NotPublishedError, match=r"raw\.flights has not been published"):
        list(read(flights, services=lake.services))
    publish(flights, staged, services=lake.services)
    assert list(read(flights, services=lake.services)) == FLIGHTS


def test_the_manifest_is_the_one_that_copy_reads(lake: Lake, flights: Asset) -> None:
    staged = stage_rows(flights, FLIGHTS, services=lake.services, token="t")
    publish(flights, staged, services=lake.services)
    manifest = json.loads(lake.get("lake/flights/_manifest.json"))
    (entry,) = manifest["entries"]
    size = lake.s3.head_object(Bucket=lake.bucket, Key=entry["url"].split("/", 3)[3])["ContentLength"]
    assert entry["meta"] == {"content_length": size}
    assert entry["mandatory"] is True
    assert manifest["meta"] == {"content_length": size, "record_count": 2}


def test_publishing_again_leaves_the_same_and_other_content_replaces_it(lake: Lake, flights: Asset) -> None:
    def run(rows: list[dict[str, Any]]) -> list[str]:
        staged = stage_rows(flights, rows, services=lake.services, token="t")
        publish(flights, staged, services=lake.services)
        publish(flights, staged, services=lake.services)
        discard(flights, staged, services=lake.services)
        return lake.listed()

    first = run(FLIGHTS)
    assert run(FLIGHTS) == first
    assert sorted(key.rsplit("/", 1)[1] for key in first) == ["_manifest.json", "part-00000.jsonl.gz"]
    second = run(FLIGHTS[:1])
    assert set(first) < set(second), "who reads the publication before still can"
    third = run([flight(3)])
    assert not set(first) & set(third) - {"lake/flights/_manifest.json"}
    assert [row["flight"] for row in read(flights, services=lake.services)] == [3]


def test_partitions_are_replaced_one_by_one(lake: Lake, flights: Asset) -> None:
    daily = replace(flights, partitions=Daily(start=date(2013, 1, 1)))
    for partition, numbers in (("2013-01-30", [1, 2]), ("2013-01-31", [3]), ("2013-01-30", [4])):
        rows = [flight(number) for number in numbers]
        staged = stage_rows(daily, rows, services=lake.services, token=str(numbers), partition=partition)
        publish(daily, staged, services=lake.services)
    assert [row["flight"] for row in read(daily, services=lake.services, partition="2013-01-30")] == [4]
    assert [row["flight"] for row in read(daily, services=lake.services)] == [4, 3]
    with pytest.raises(NotPublishedError, match=r"partition 2013-02-01 of raw\.flights has not been"):
        list(read(daily, services=lake.services, partition="2013-02-01"))


def test_what_is_published_is_what_was_checked(lake: Lake, flights: Asset) -> None:
    key = lake.put("landed/flights.csv", "carrier,flight,day\nUA,1,2013-01-31\n")
    staged = stage_files(flights, [key], services=lake.services, token="t")
    audit(flights, staged, services=lake.services)
    lake.put("landed/flights.csv", "carrier,flight,day\nUA,2,2013-01-31\n")
    with pytest.raises(NotStagedError, match=r"landed/flights\.csv as it was checked"):
        publish(flights, staged, services=lake.services)
    with pytest.raises(NotPublishedError):
        list(read(flights, services=lake.services))


def test_discarding_takes_only_what_was_staged(lake: Lake, flights: Asset) -> None:
    key = lake.put("landed/flights.csv", "carrier,flight,day\nUA,1,2013-01-31\n")
    staged = stage_files(flights, [key], services=lake.services, token="t")
    audit(flights, staged, services=lake.services)
    publish(flights, staged, services=lake.services)
    discard(flights, staged, services=lake.services)
    names = sorted(name.rsplit("/", 1)[1] for name in lake.listed())
    assert names == ["_manifest.json", "flights.csv", "part-00000.csv"]
    foreign = replace(staged, place=f"s3://{lake.bucket}/landed/")
    with pytest.raises(DataError, match=r"is not where raw\.flights stages"):
        discard(flights, foreign, services=lake.services)
    assert key in lake.listed()


def test_in_another_bucket_an_attempt_stages_below_the_prefix_of_its_asset(
    lake: Lake, flights: Asset
) -> None:
    elsewhere = replace(flights, uri="s3://other/lake/flights/")
    own = stage_rows(flights, FLIGHTS, services=lake.services, token="t")
    other = stage_rows(elsewhere, FLIGHTS, services=lake.services, token="t")

    assert own.place.startswith("s3://data/_assets/staging/lake/flights/")
    assert other.place.startswith("s3://other/lake/flights/_staging/")
    publish(elsewhere, other, services=lake.services)
    discard(elsewhere, other, services=lake.services)
    assert len(list(read(elsewhere, services=lake.services))) == len(FLIGHTS)
    pages = lake.s3.get_paginator("list_objects_v2").paginate(Bucket="other", Prefix="")
    assert not [item for page in pages for item in page.get("Contents", ()) if "_staging" in item["Key"]]


def test_what_an_earlier_version_has_staged_is_published_and_discarded(lake: Lake, flights: Asset) -> None:
    staged = stage_rows(flights, FLIGHTS, services=lake.services, token="t")
    attempt = staged.place.rstrip("/").rpartition("/")[2]
    older = f"lake/flights/_staging/{attempt}/"
    for key in staged.files:
        name = key.rpartition("/")[2]
        source = {"Bucket": lake.bucket, "Key": key}
        lake.s3.copy_object(Bucket=lake.bucket, Key=older + name, CopySource=source)
    before = replace(
        staged,
        place=f"s3://{lake.bucket}/{older}",
        files=tuple(older + key.rpartition("/")[2] for key in staged.files),
    )

    publish(flights, before, services=lake.services)
    discard(flights, before, services=lake.services)

    assert len(list(read(flights, services=lake.services))) == len(FLIGHTS)
    assert lake.listed(older) == []


def test_a_second_try_replaces_what_the_first_left(lake: Lake, flights: Asset) -> None:
    left = lake.put("_assets/staging/lake/flights/cc/part-00001.jsonl.gz", "")
    staged = stage_rows(flights, FLIGHTS, services=lake.services, token="t")
    again = stage_rows(flights, FLIGHTS[:1], services=lake.services, token="t")
    assert (again.place, again.files) == (staged.place, staged.files)
    assert lake.listed() == sorted([*again.files, left])
    told = json.loads(json.dumps({**again.to_json(), "of_a_later_version": 1}))
    assert Staged.from_json(told) == again


def test_what_another_try_has_written_over_a_file_is_not_what_was_staged(lake: Lake, flights: Asset) -> None:
    staged = stage_rows(flights, FLIGHTS, services=lake.services, token="t")
    stage_rows(flights, FLIGHTS[:1], services=lake.services, token="t")
    with pytest.raises(NotStagedError, match=r"part-00000\.jsonl\.gz` is not there any more"):
        audit(flights, staged, services=lake.services)
    with pytest.raises(NotStagedError):
        publish(flights, staged, services=lake.services)


def test_files_without_a_manifest_are_what_somebody_landed(lake: Lake, flights: Asset) -> None:
    lake.put("lake/flights/a.csv.gz", "carrier,flight,day\nUA,1,2013-01-31\n")
    lake.put("lake/flights/b.jsonl", '{"carrier":"UA","flight":2,"day":"2013-01-31"}\n')
    assert [row["flight"] for row in read(flights, services=lake.services)] == [1, 2]


def test_what_files_cannot_hold_is_refused_with_the_column(lake: Lake, flights: Asset) -> None:
    def stage(row: dict[str, Any], form: Form = FORMS[0]) -> None:
        stage_rows(flights, [row], services=lake.services, token="t", form=form)

    with pytest.raises(DataError, match="has the column `gate`, which is not in the contract"):
        stage(flight(1, gate="B2"))
    with pytest.raises(DataError, match="column `carrier`: a column cannot hold a list"):
        stage(flight(1, carrier=["UA"]))
    with pytest.raises(DataError, match="column `carrier`: CSV cannot tell an empty text"):
        stage(flight(1, carrier=""))
    for form in FORMS:
        with pytest.raises(DataError, match="column `carrier`: half of a surrogate pair is no text"):
            stage(flight(1, carrier="U\ud800"), form)
    with pytest.raises(DataError, match="is neither CSV, JSON Lines nor Parquet by its name"):
        stage_files(flights, ["landed/flights.xml"], services=lake.services, token="t")


def test_a_published_row_that_cannot_be_read_says_where_it_stands(lake: Lake, flights: Asset) -> None:
    lake.put("lake/flights/a.csv", "carrier,flight,day\nUA,one,2013-01-31\n")
    with pytest.raises(DataError, match=r"a\.csv:2 column `flight`: 'one' is not integer"):
        list(read(flights, services=lake.services))


def test_a_name_of_a_column_that_no_file_holds_is_told(lake: Lake, flights: Asset) -> None:
    bare = replace(flights, contract=None)
    with pytest.raises(DataError, match=r"column `\\ud800`: half of a surrogate pair is no text"):
        stage_rows(bare, [{"\ud800": 1}], services=lake.services, token="t", form=FORMS[2])
