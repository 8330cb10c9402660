"""Keys of partitions are read, ordered, counted and refused as a person would."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from typed_assets.spec.errors import SpecError
from typed_assets.spec.partition_axes import length_of, start_of
from typed_assets.spec.partition_keys import (
    check_key,
    check_partitions,
    ended_keys,
    keys,
    missing_keys,
    newest_ended,
    selected_keys,
)
from typed_assets.spec.partitions import Daily, Hourly, Partitions, Product, Static

DAYS = Daily(start=date(2012, 12, 30))
HOURS = Hourly(start=datetime(2012, 12, 31, 22, tzinfo=UTC), end=datetime(2013, 1, 1, 3, tzinfo=UTC))
AIRPORTS = Static(("EWR", "JFK", "LGA"))
BOTH = Product(DAYS, AIRPORTS)
ARABIC = "\u0662\u0660\u0661\u0663-\u0660\u0661-\u0660\u0661"
BEGINNING = datetime(1, 1, 1)  # noqa: DTZ001  hypothesis adds the zone
END = datetime(9999, 12, 31)  # noqa: DTZ001  hypothesis adds the zone
days = some.dates(date(1, 1, 1), date(9999, 12, 31))


def test_a_range_of_days_includes_both_ends_and_goes_over_the_end_of_a_year() -> None:
    assert list(keys(DAYS, "2012-12-31", "2013-01-02")) == ["2012-12-31", "2013-01-01", "2013-01-02"]


def test_a_range_of_hours_goes_over_midnight_and_the_end_of_a_year() -> None:
    assert list(keys(HOURS, "2012-12-31T22", "2013-01-01T01")) == [
        "2012-12-31T22",
        "2012-12-31T23",
        "2013-01-01T00",
        "2013-01-01T01",
    ]


@pytest.mark.parametrize("day", ["2013-03-10", "2013-03-31", "2013-10-27", "2013-11-03"])
def test_a_day_on_which_clocks_are_changed_has_24_hours(day: str) -> None:
    hours = list(keys(Hourly(start=datetime(2013, 1, 1)), f"{day}T00", f"{day}T23"))  # noqa: DTZ001  UTC is meant

    assert hours == [f"{day}T{hour:02}" for hour in range(24)]


def test_a_range_of_names_goes_in_their_order_and_one_of_pairs_over_both_halves() -> None:
    assert list(keys(AIRPORTS, "JFK", "LGA")) == ["JFK", "LGA"]
    assert list(keys(BOTH, "2013-01-01|EWR", "2013-01-02|JFK")) == [
        "2013-01-01|EWR",
        "2013-01-01|JFK",
        "2013-01-02|EWR",
        "2013-01-02|JFK",
    ]


def test_several_ranges_name_each_key_once() -> None:
    assert selected_keys(DAYS, "2013-01-02, 2013-01-01..2013-01-03") == (
        "2013-01-02",
        "2013-01-01",
        "2013-01-03",
    )
    assert selected_keys(BOTH, "2013-01-01|LGA") == ("2013-01-01|LGA",)


@pytest.mark.parametrize(
    ("partitions", "key", "sentence"),
    [
        (DAYS, "2013-02-30", "`2013-02-30` is not a day (write a day of UTC as `2013-01-31`)"),
        (DAYS, "20130101", "`20130101` is not a day (write a day of UTC as `2013-01-31`)"),
        (DAYS, "2013-W01-1", "`2013-W01-1` is not a day (write a day of UTC as `2013-01-31`)"),
        (DAYS, ARABIC, f"`{ARABIC}` is not a day (write a day of UTC as `2013-01-31`)"),
        (DAYS, "2012-12-29", "`2012-12-29` lies before the first partition, `2012-12-30`"),
        (HOURS, "2013-01-01", "`2013-01-01` is not an hour (write an hour of UTC as `2013-01-31T05`)"),
        (HOURS, "2013-01-01T24", "`2013-01-01T24` is not an hour (write an hour of UTC as `2013-01-31T05`)"),
        (HOURS, "2013-01-01T03", "`2013-01-01T03` lies after the last partition, `2013-01-01T02`"),
        (AIRPORTS, "JFC", "there is no partition `JFC` (did you mean `JFK`?)"),
        (AIRPORTS, "Berlin", "there is no partition `Berlin` (there are: EWR, JFK, LGA)"),
        (BOTH, "2013-01-01", "`2013-01-01` is not the key of a partition (join the two halves with `|`)"),
        (DAYS, "2013-01-01|a", "`2013-01-01|a` is not the key of a partition (write it without `|`)"),
    ],
)
def test_a_wrong_key_is_refused_with_the_right_form(partitions: Partitions, key: str, sentence: str) -> None:
    with pytest.raises(SpecError) as caught:
        check_key(partitions, key)
    assert caught.value.sentence == sentence


def test_a_range_that_runs_backwards_is_refused_with_the_right_one() -> None:
    with pytest.raises(SpecError) as caught:
        selected_keys(DAYS, "2013-01-02..2013-01-01")
    assert caught.value.hint == "write `2013-01-01..2013-01-02`"


@pytest.mark.parametrize(
    ("partitions", "message"),
    [
        (Daily(start=date(2013, 1, 1), end=date(2013, 1, 1)), "is not after the start"),
        (Hourly(start=datetime(2013, 1, 1, 0, 30, tzinfo=UTC)), "begin at a full hour"),
        (Static(()), "no names are given"),
        (Static(("a", "a")), "two partitions have the name `a`"),
        (Static(("a|b",)), r"`a\|b` cannot be the name"),
        (Static(("a..b",)), "cannot be the name"),
        (Static(("",)), "cannot be the name"),
        (Product(DAYS, Static(("*",))), "cannot be the name"),
    ],
)
def test_partitions_that_cannot_be_told_apart_are_refused(partitions: Partitions, message: str) -> None:
    with pytest.raises(SpecError, match=message):
        check_partitions(partitions)


def test_partitions_that_have_ended_are_those_before_now() -> None:
    now = datetime(2013, 1, 1, 0, 59, tzinfo=UTC)

    assert list(ended_keys(DAYS, now)) == ["2012-12-30", "2012-12-31"]
    assert list(ended_keys(HOURS, now)) == ["2012-12-31T22", "2012-12-31T23"]
    assert list(ended_keys(AIRPORTS, now)) == ["EWR", "JFK", "LGA"]
    assert newest_ended(BOTH, now) == "2012-12-31|LGA"
    assert newest_ended(DAYS, datetime(2012, 12, 30, 12, tzinfo=UTC)) is None


def test_now_may_be_told_in_any_zone() -> None:
    tokyo = timezone(timedelta(hours=9))

    assert newest_ended(DAYS, datetime(2013, 1, 1, 8, tzinfo=tokyo)) == "2012-12-30"


def test_what_is_missing_has_ended_and_is_not_published() -> None:
    now = datetime(2013, 1, 2, tzinfo=UTC)

    assert missing_keys(DAYS, ["2012-12-31", "2013-01-02"], now) == ("2012-12-30", "2013-01-01")


@settings(deadline=None, max_examples=25)
@given(some.dates(date(1, 1, 1), date(9998, 1, 1)), some.integers(0, 400))
def test_a_range_has_as_many_days_as_lie_between(first: date, length: int) -> None:
    last = first + timedelta(days=length)
    found = list(keys(Daily(start=date(1, 1, 1)), first.isoformat(), last.isoformat()))

    assert len(found) == length + 1
    assert found == sorted(set(found))


@settings(deadline=None, max_examples=25)
@given(some.datetimes(BEGINNING, END))
def test_an_hour_begins_where_its_key_says_and_the_next_one_an_hour_later(moment: datetime) -> None:
    hours = Hourly(start=BEGINNING)
    key = moment.strftime("%Y").zfill(4) + moment.strftime("-%m-%dT%H")

    assert start_of(hours, key) == moment.replace(minute=0, second=0, microsecond=0, tzinfo=UTC)
    assert length_of(hours) == timedelta(hours=1)


@settings(deadline=None, max_examples=25)
@given(days, some.datetimes(BEGINNING, END, timezones=some.just(UTC)))
def test_no_partition_has_ended_that_has_not(start: date, now: datetime) -> None:
    partitions = Daily(start=start)
    newest = newest_ended(partitions, now)

    assert newest is None or start_of(partitions, newest) + length_of(partitions) <= now
