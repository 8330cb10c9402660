"""Killed at any request, a publication is tried again: readers see one or the other, and it is told once."""

from dataclasses import replace
from datetime import date

import pytest

from tests.fakes.killed_publications import Publishing, matrix
from tests.fakes.killed_requests import Clock, Moment, Requests
from tests.fakes.lake import Lake
from typed_assets import Asset, Column, ColumnType, Contract, Daily
from typed_assets.spec.assets import Quarantine

CONTRACT = Contract(
    columns=(
        Column(name="carrier", type=ColumnType.TEXT),
        Column(name="flight", type=ColumnType.INTEGER, minimum=1),
    ),
    keys=(("flight",),),
)
FLIGHTS = Asset(
    name="lake.flights",
    uri="s3://{data_bucket}/lake/flights/",
    contract=CONTRACT,
    partitions=Daily(start=date(2013, 1, 1)),
)
OLD = [{"carrier": "UA", "flight": number} for number in (1, 2)]
NEW = [{"carrier": "AA", "flight": number} for number in (0, 3, 4)]


@pytest.mark.parametrize("moment", ["before", "after"])
def test_files_are_those_of_one_publication_and_told_once(lake: Lake, moment: Moment) -> None:
    clock = Clock()

    def prepare(name: str) -> Publishing:
        asset = replace(FLIGHTS, name=f"lake.{name}", uri=f"s3://{{data_bucket}}/lake/{name}/")
        return Publishing(asset, "2013-01-31", replace(lake.services, now=clock))

    assert matrix(prepare, (OLD, NEW[1:]), moment) > 10


@pytest.mark.parametrize("moment", ["before", "after"])
def test_bad_rows_are_in_quarantine_once(lake: Lake, moment: Moment) -> None:
    clock, aside = Clock(), Quarantine(uri="s3://{data_bucket}/bad/", max_share=1)

    def prepare(name: str) -> Publishing:
        uri = f"s3://{{data_bucket}}/lake/{name}/"
        asset = replace(FLIGHTS, name=f"lake.{name}", uri=uri, quarantine=aside)
        return Publishing(asset, "2013-01-31", replace(lake.services, now=clock))

    count = matrix(prepare, (OLD, NEW), moment)
    assert count > 15
    for number in range(1, count + 2):
        (bad,) = lake.json_lines(f"bad/lake.{moment}{number}/")
        assert (bad["rule"], bad["row"]["flight"]) == ("flight.range", 0)


def published_beside_another(lake: Lake, number: int, moment: Moment, clock: Clock) -> int:
    """Publish while another does all of that at one request; return how many requests there were."""
    other, name = [{"carrier": "DL", "flight": 9}], f"{moment}{number}"
    asset = replace(FLIGHTS, name=f"lake.{name}", uri=f"s3://{{data_bucket}}/lake/{name}/")
    made = Publishing(asset, "2013-01-31", replace(lake.services, now=clock))
    made.publish(OLD, "first")
    requests = Requests(number, moment, lambda: made.publish(other, "other"))
    made.publish_killed(NEW[1:], "second", requests, lambda: None)
    assert made.seen() in (other, NEW[1:]), f"another at request {number} of {requests.sent}"
    made.publish(OLD, "third")
    assert made.seen() == OLD
    return len(requests.sent)


@pytest.mark.parametrize("moment", ["before", "after"])
def test_who_publishes_at_the_same_time_takes_no_file_away(lake: Lake, moment: Moment) -> None:
    clock, number = Clock(), 1
    while published_beside_another(lake, number, moment, clock) >= number:
        number += 1
    assert number > 10
