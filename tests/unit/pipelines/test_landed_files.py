"""Rows of landed files: what is not as its column wants it is for the contract's check to find."""

import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.fakes.lake import Lake, lake_in_memory
from typed_assets import Column, ColumnType, Contract, Quarantine, SpecError, asset
from typed_assets.services import Services
from typed_assets.testing import materialize

HEADER = "origin,time_hour,temp,humid,wind_speed,precip,pressure,visib"
GOOD = "EWR,2013-01-01T05:00:00Z,39,59,10,0,1012,10"


@pytest.fixture
def lake() -> Lake:
    return lake_in_memory()


@pytest.fixture
def berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A worker whose own time zone is not UTC."""
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def test_a_time_without_a_zone_is_one_of_utc_wherever_the_worker_stands(
    reference: Callable[[str], Any], berlin: None
) -> None:
    del berlin
    typed = reference("landed").typed

    assert typed("2013-01-01 05:00:00", ColumnType.TIMESTAMP) == datetime(2013, 1, 1, 5, tzinfo=UTC)
    assert typed("2013-01-01T05:00:00-05:00", ColumnType.TIMESTAMP) == datetime(2013, 1, 1, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("bad", "count"), [("JFK,2013-01-01T05:00:00Z", 2), (f"{GOOD.replace('EWR', 'JFK')},extra", 9)]
)
@pytest.mark.parametrize("name", ["a.csv", "a.csv.gz"])
def test_a_row_with_another_number_of_fields_goes_to_quarantine_and_says_why(
    reference: Callable[[str], Any], lake: Lake, name: str, bad: str, count: int
) -> None:
    contract = reference("observations").OBSERVATIONS
    lake.put(f"landing/w/{name}", f"{HEADER}\n{GOOD}\n{bad}\n\n")

    @asset(
        name="w",
        uri="s3://{data_bucket}/lake/w/",
        contract=contract,
        quarantine=Quarantine(uri="s3://{data_bucket}/quarantine/w/", max_share=0.5),
    )
    def weather() -> Any:
        return reference("landed").rows(lake.services, "landing/w/", contract)

    made = materialize([weather], services=lake.services)

    [row] = lake.json_lines("quarantine/w/")
    told = f"{count} fields where the header has 8: {bad}"
    assert (made.states, [each["origin"] for each in made.rows("w")]) == ({"w": "published"}, ["EWR"])
    assert told in str(row)


def test_where_all_columns_are_text_such_a_row_is_an_error_that_names_its_place(
    reference: Callable[[str], Any], lake: Lake
) -> None:
    landed = reference("landed")
    lake.put("landing/w/a.csv", "origin,dest\nEWR,BOS\nJFK\n")
    texts = Contract(columns=(Column(name="origin", type=ColumnType.TEXT),))

    with pytest.raises(landed.UnreadableRowError, match=r"s3://data/landing/w/a\.csv:3 has 1 fields where"):
        list(landed.rows(lake.services, "landing/w/", texts))


def test_a_bucket_that_is_not_set_is_named(reference: Callable[[str], Any], lake: Lake) -> None:
    bare = Services(client=lake.services.client, options={"data_buckets": "data"})

    with pytest.raises(SpecError) as refused:
        list(reference("landed").keys(bare, "landing/"))

    assert refused.value.sentence == (
        "the option `pipelines.data_bucket` is not set (did you mean `data_buckets`?)"
    )


def test_files_that_differ_in_folder_or_ending_are_cleaned_to_different_keys(
    reference: Callable[[str], Any], lake: Lake
) -> None:
    names = ("a/b.csv", "a_b.csv", "a/b.csv.gz", "b.csv")
    for name in names:
        lake.put(f"landing/flights_by_file/{name}", "x\n")

    payloads = [json.loads(each) for each in reference("file_etl.files").payloads(lake.services)]

    assert len({each["normalised_key"] for each in payloads}) == len(names)
    assert len({each["quarantine_key"] for each in payloads}) == len(names)
    assert payloads[0]["normalised_key"] == "normalised/flights_by_file/a/b.csv.csv.gz"
