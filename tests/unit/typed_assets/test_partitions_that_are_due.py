"""Which partitions a second DAG starts runs for, and what a run tells of its own."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta

import pytest

from typed_assets.spec.assets import Asset, Dependency
from typed_assets.spec.history import Attempt, attempt_of, record_key
from typed_assets.spec.partition_due import ASKED_AT_ONCE, Span, completed, missing, newest, newest_open
from typed_assets.spec.partition_runs import run_name, run_partition
from typed_assets.spec.partitions import Daily, Hourly, LastPartition, Product, Rollup, Static
from typed_assets.spec.publication import Record

DAYS = Daily(start=date(2013, 1, 1))
NOW = datetime(2013, 1, 4, 12, tzinfo=UTC)
HOURS = Asset(name="hours", uri="s3://b/h/", partitions=Hourly(start=datetime(2013, 1, 1, 22, tzinfo=UTC)))
NAMES = Asset(name="names", uri="s3://b/n/")
KNOWN = {"hours": HOURS, "names": NAMES}
FIRST_DAY = ("2013-01-01T22", "2013-01-01T23")
PUBLISHED: dict[str, frozenset[str | None]] = {
    "mart": frozenset({"2013-01-03"}),
    "hours": frozenset(FIRST_DAY),
    "names": frozenset({None}),
}


def test_missing_are_partitions_that_have_ended_and_could_be_made() -> None:
    needs = (Dependency("hours", Rollup()), Dependency("names"))

    assert missing(DAYS, ["mart"], (), {}, PUBLISHED.__getitem__, NOW) == ("2013-01-01", "2013-01-02")
    assert missing(DAYS, ["mart"], needs, KNOWN, PUBLISHED.__getitem__, NOW) == ("2013-01-01",)
    assert missing(DAYS, ["mart"], needs, KNOWN, {**PUBLISHED, "names": frozenset()}.__getitem__, NOW) == ()


def test_a_partition_is_missing_until_all_assets_of_the_pipeline_have_it() -> None:
    both = {"a": frozenset({"2013-01-01", "2013-01-02", "2013-01-03"}), "b": frozenset({"2013-01-02"})}

    assert missing(DAYS, ["a", "b"], (), {}, both.__getitem__, NOW) == ("2013-01-01", "2013-01-03")


def test_the_newest_are_those_of_the_last_day_with_every_name() -> None:
    assert newest(Product(DAYS, Static(("east", "west"))), NOW) == ("2013-01-03|east", "2013-01-03|west")
    assert newest(DAYS, datetime(2013, 1, 1, tzinfo=UTC)) == ()


@pytest.mark.parametrize("failed", [(), range(700), range(500, 700), range(0, 700, 3), [0, 699], range(699)])
def test_partitions_whose_runs_are_over_let_the_older_ones_through(failed: Iterable[int]) -> None:
    keys, over = tuple(map(str, range(700))), {str(number) for number in failed}
    asked: list[int] = []

    def count(some: Sequence[str]) -> int:
        asked.append(len(some))
        return len(over.intersection(some))

    found = newest_open(keys, count, 100)

    assert found == tuple(key for key in keys if key not in over)[-100:]
    assert max(asked) <= ASKED_AT_ONCE
    assert len(asked) < 700


def minute(number: int) -> datetime:
    return datetime(2013, 1, 2, 0, number, tzinfo=UTC)


def once(number: int) -> Span:
    return Span(minute(number), minute(number))


type Known = dict[str, dict[str | None, Span]]
SPANS: Known = {
    "hours": {FIRST_DAY[0]: once(2), FIRST_DAY[1]: once(1)},
    "names": {None: once(9)},
}
NEEDS = (Dependency("hours", Rollup()), Dependency("names"))


@pytest.mark.parametrize(("key", "days"), [(FIRST_DAY[0], ("2013-01-01",)), (FIRST_DAY[1], ())])
def test_a_day_is_completed_by_the_hour_that_comes_last(key: str, days: tuple[str, ...]) -> None:
    events = [("hours", key), ("hours", "2013-01-02T03"), ("names", None), ("other", "x")]

    assert completed(DAYS, events, NEEDS, KNOWN, SPANS.__getitem__) == days
    assert completed(DAYS, events, NEEDS, KNOWN, SPANS.__getitem__, mended=True) == ()


def test_hours_of_the_same_second_complete_their_day_rather_than_none() -> None:
    same: Known = {**SPANS, "hours": {FIRST_DAY[0]: once(2), FIRST_DAY[1]: once(2)}}

    for key in FIRST_DAY:
        assert completed(DAYS, [("hours", key)], NEEDS, KNOWN, same.__getitem__) == ("2013-01-01",)


def test_a_mended_hour_completes_its_day_anew() -> None:
    mended: Known = {**SPANS, "hours": {**SPANS["hours"], FIRST_DAY[1]: Span(minute(1), minute(3), 2)}}
    event = [("hours", FIRST_DAY[1])]

    assert completed(DAYS, event, NEEDS, KNOWN, mended.__getitem__) == ("2013-01-01",)
    assert completed(DAYS, event, NEEDS, KNOWN, mended.__getitem__, mended=True) == ("2013-01-01",)


def test_an_hour_that_is_mended_before_its_day_is_complete_completes_nothing() -> None:
    early: Known = {**SPANS, "hours": {FIRST_DAY[0]: once(4), FIRST_DAY[1]: Span(minute(1), minute(3), 2)}}
    half: Known = {**SPANS, "hours": {FIRST_DAY[1]: Span(minute(1), minute(3), 2)}}
    event = [("hours", FIRST_DAY[1])]

    assert completed(DAYS, event, NEEDS, KNOWN, early.__getitem__) == ()
    assert completed(DAYS, event, NEEDS, KNOWN, half.__getitem__) == ()


def test_a_partition_of_all_completes_none_and_a_stray_key_neither() -> None:
    events = [("hours", "2013-01-01T22"), ("hours", "2012-01-01T00"), ("hours", "east")]

    assert completed(DAYS, events, [Dependency("hours", LastPartition())], KNOWN, SPANS.__getitem__) == ()


@pytest.mark.parametrize(
    ("key", "conf", "hours", "found"),
    [
        ("2013-01-01", {"partition": "2013-01-02"}, None, "2013-01-01"),
        (None, {"partition": "2013-01-02"}, 24, "2013-01-02"),
        ("*", None, None, None),
        (None, None, 24, "2013-01-01"),
        (None, {}, 1, "2013-01-01T02"),
        (None, {}, 0, None),
        (None, None, None, None),
    ],
)
def test_a_run_tells_its_partition(
    key: str | None, conf: dict[str, str] | None, hours: int | None, found: str | None
) -> None:
    start = datetime(2013, 1, 1, 2, 30, tzinfo=UTC)
    interval = None if hours is None else (start, start + timedelta(hours=hours))

    assert run_partition(key, conf, interval) == found


def test_a_key_stands_in_a_run_id_in_letters_that_airflow_takes() -> None:
    assert run_name("2013-01-31T05|US~CA&ü") == "2013-01-31T05~7CUS~7ECA~26~C3~BC"


@pytest.mark.parametrize("published", [True, False])
@pytest.mark.parametrize("partition", ["2013-01-31|US", None])
def test_a_record_s_key_tells_what_became_of_the_attempt(published: bool, partition: str | None) -> None:  # noqa: FBT001
    record = Record(
        asset="mart",
        published=published,
        at="2026-01-02T03:04:05+00:00",
        dag_id="d",
        run_id="r",
        task_id="t",
        partition=partition,
    )

    found = attempt_of("mart", record_key(record))

    assert found == Attempt(partition, datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), published)
    assert attempt_of("mart", "_assets/history/mart/x/readme.txt") is None
    assert attempt_of("mart", "_assets/history/mart/x/then.json") is None
