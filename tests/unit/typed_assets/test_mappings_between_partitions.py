"""What a partition is made of, and what it belongs to, agree with each other."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from typed_assets.spec.errors import SpecError
from typed_assets.spec.partition_mapping import check_mapping, downstream_keys, upstream_keys
from typed_assets.spec.partitions import (
    AllPartitions,
    Daily,
    Hourly,
    Identity,
    LastPartition,
    Mapping,
    Partitions,
    Product,
    Rollup,
    Static,
)

DAYS = Daily(start=date(2013, 1, 1))
HOURS = Hourly(start=datetime(2013, 1, 1, 5, tzinfo=UTC))
COASTS = Static(("east", "west"))


def test_a_partition_is_made_of_the_one_with_its_key() -> None:
    assert upstream_keys(Identity(), "2013-01-02", upstream=DAYS, downstream=DAYS) == ("2013-01-02",)
    assert downstream_keys(Identity(), "2013-01-02", upstream=DAYS, downstream=DAYS) == ("2013-01-02",)


def test_a_day_is_made_of_its_24_hours_and_the_first_of_those_there_are() -> None:
    whole = upstream_keys(Rollup(), "2013-01-02", upstream=HOURS, downstream=DAYS)
    first = upstream_keys(Rollup(), "2013-01-01", upstream=HOURS, downstream=DAYS)

    assert whole == tuple(f"2013-01-02T{hour:02}" for hour in range(24))
    assert (first[0], len(first)) == ("2013-01-01T05", 19)


def test_a_rollup_keeps_the_other_half_of_a_pair() -> None:
    found = upstream_keys(
        Rollup(), "2013-01-02|west", upstream=Product(HOURS, COASTS), downstream=Product(DAYS, COASTS)
    )

    assert (found[0], found[-1], len(found)) == ("2013-01-02T00|west", "2013-01-02T23|west", 24)


def test_a_pair_rolls_up_into_either_half() -> None:
    pairs = Product(DAYS, COASTS)

    assert upstream_keys(Rollup(), "2013-01-02", upstream=pairs, downstream=DAYS) == (
        "2013-01-02|east",
        "2013-01-02|west",
    )
    assert downstream_keys(Rollup(), "2013-01-02|east", upstream=pairs, downstream=DAYS) == ("2013-01-02",)


def test_all_and_the_last_are_chosen_from_what_exists_in_the_order_of_partitions() -> None:
    existing = ["west", "gone", "east"]

    assert upstream_keys(AllPartitions(), None, upstream=COASTS, downstream=None, existing=existing) == (
        "east",
        "west",
    )
    assert upstream_keys(
        LastPartition(), "2013-01-01", upstream=COASTS, downstream=DAYS, existing=existing
    ) == ("west",)
    assert upstream_keys(LastPartition(), None, upstream=COASTS, downstream=None) == ()


def test_an_upstream_asset_without_partitions_is_taken_whole() -> None:
    assert upstream_keys(Identity(), "2013-01-01", upstream=None, downstream=DAYS) == (None,)


def test_one_of_all_partitions_belongs_to_an_asset_without_partitions_only() -> None:
    assert downstream_keys(AllPartitions(), "east", upstream=COASTS, downstream=None) == (None,)
    assert downstream_keys(LastPartition(), "east", upstream=COASTS, downstream=DAYS) == ()


def test_a_key_before_the_downstream_asset_begins_belongs_to_nothing() -> None:
    early = Daily(start=date(2012, 1, 1))

    assert downstream_keys(Identity(), "2012-06-01", upstream=early, downstream=DAYS) == ()


@pytest.mark.parametrize(
    ("mapping", "upstream", "downstream", "hint"),
    [
        (Identity(), HOURS, DAYS, "use Rollup"),
        (Identity(), DAYS, None, "use AllPartitions or LastPartition"),
        (Identity(), COASTS, Static(("north",)), "use AllPartitions or LastPartition"),
        (Rollup(), DAYS, HOURS, "hours roll up into days, and a product into one of its halves"),
        (Rollup(), DAYS, DAYS, "hours roll up into days, and a product into one of its halves"),
        (AllPartitions(), None, DAYS, "leave the mapping out"),
    ],
)
def test_a_mapping_that_cannot_connect_is_refused_with_one_that_would(
    mapping: Mapping, upstream: Partitions | None, downstream: Partitions | None, hint: str
) -> None:
    with pytest.raises(SpecError) as caught:
        check_mapping(mapping, upstream, downstream)
    assert caught.value.hint == hint


@settings(deadline=None, max_examples=25)
@given(some.dates(date(2013, 1, 1), date(9999, 12, 31)), some.integers(0, 23))
def test_an_hour_belongs_to_the_day_that_is_made_of_it(day: date, hour: int) -> None:
    hours, key = Hourly(start=datetime(2013, 1, 1, tzinfo=UTC)), f"{day.isoformat()}T{hour:02}"
    (whole,) = downstream_keys(Rollup(), key, upstream=hours, downstream=DAYS)

    assert key in upstream_keys(Rollup(), whole, upstream=hours, downstream=DAYS)
