"""A change of a contract is breaking where data may come that could not come before."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from typed_assets.spec.contract_changes import Change, broken_expectations, contract_changes
from typed_assets.spec.contracts import Column, ColumnType, Contract, FreshData, RowCount, Severity, SqlRule

CARRIER = Column(
    name="carrier",
    type=ColumnType.TEXT,
    allowed=("UA", "AA"),
    pattern="[A-Z]+",
    min_length=2,
    max_length=3,
    max_bytes=2,
)
DELAY = Column(name="delay", type=ColumnType.INTEGER, minimum=-60, maximum=1440, unique=True)
DAY = Column(name="day", type=ColumnType.DATE, minimum="2013-01-01")
OLD = Contract(
    columns=(CARRIER, DELAY, DAY),
    keys=(("carrier", "day"),),
    rows=RowCount(minimum=10),
    fresh=FreshData(column="day", within=timedelta(days=2)),
    rules=(SqlRule(name="sums", sql="SELECT 0"),),
)


def column(name: str, **values: Any) -> Contract:
    changed = (replace(each, **values) if each.name == name else each for each in OLD.columns)
    return replace(OLD, columns=tuple(changed))


BREAKING: dict[str, tuple[Contract, str]] = {
    "column delay: it is gone": (replace(OLD, columns=(CARRIER, DAY)), ""),
    "column carrier: its type is integer, not text": (
        column("carrier", type=ColumnType.INTEGER, pattern=None, min_length=None, max_length=None,
               max_bytes=None, allowed=()), ""),
    "column carrier: a value may be missing": (
        column("carrier", nullable=True), "no value is missing any more"),
    "column delay: a value may come twice": (
        column("delay", unique=False), "its values are unique now"),
    "column delay: its least value is -90, not -60": (
        column("delay", minimum=-90), "its least value is -60, not -90"),
    "column delay: its greatest value was 1440, and there is no bound any more": (
        column("delay", maximum=None), "its greatest value is 1440"),
    "column day: its least value is 2012-12-31, not 2013-01-01": (
        column("day", minimum="2012-12-31"), "its least value is 2013-01-01, not 2012-12-31"),
    "column carrier: it may be DL too": (
        column("carrier", allowed=("UA", "AA", "DL")), "fewer values are allowed"),
    "column carrier: any value may come, not only those of a list": (
        column("carrier", allowed=()), "fewer values are allowed"),
    "column carrier: it is any text, not text like [A-Z]+": (
        column("carrier", pattern=None), "it is text like [A-Z]+"),
    "column carrier: its shortest value was 2, and there is no bound any more": (
        column("carrier", min_length=None), "its shortest value is 2"),
    "column carrier: its longest (in characters) value is 4, not 3": (
        column("carrier", max_length=4), "its longest (in characters) value is 3, not 4"),
    "column carrier: its longest value is 3, not 2": (
        column("carrier", max_bytes=3), "its longest value is 2, not 3"),
    "column carrier: what breaks its rules only warns now": (
        column("carrier", severity=Severity.WARN), ""),
    "key carrier, day: it is no key any more": (replace(OLD, keys=()), "it is a key now"),
    "rows: there may be 0, not at least 10": (replace(OLD, rows=None), "another number of rows is expected"),
    "fresh: the data may be of any age": (replace(OLD, fresh=None), "another age is expected"),
    "fresh: the data may be 3 days, 0:00:00 old, not 2 days, 0:00:00": (
        replace(OLD, fresh=FreshData(column="day", within=timedelta(days=3))),
        "the data may be 2 days, 0:00:00 old, not 3 days, 0:00:00"),
    "rule sums: it is not checked any more": (replace(OLD, rules=()), "it is new"),
    "rule sums: something else is checked": (replace(OLD, rules=(SqlRule(name="sums", sql="SELECT 1"),)), ""),
}  # fmt: skip


def told(change: Change) -> str:
    return f"{change.what}: {change.reason}"


@pytest.mark.parametrize("expected", BREAKING)
def test_what_lets_other_data_come_is_breaking_and_the_way_back_is_harmless(expected: str) -> None:
    new, back = BREAKING[expected]
    assert [(told(change), change.breaking) for change in contract_changes(OLD, new)] == [(expected, True)]
    if back:
        (change,) = contract_changes(new, OLD)
        assert (change.breaking, change.reason) == (False, back)


def test_the_same_contract_has_no_changes_and_words_for_readers_are_none() -> None:
    assert contract_changes(OLD, column("carrier", description="The airline")) == ()


def test_a_rule_that_only_warned_was_no_promise() -> None:
    soft = column("delay", severity=Severity.WARN)
    loose = column("delay", severity=Severity.WARN, minimum=None, unique=False)
    assert [change.breaking for change in contract_changes(soft, loose)] == [False, False]


def test_a_key_that_a_smaller_one_implies_may_go() -> None:
    smaller = replace(OLD, keys=(("carrier",),))
    assert [told(change) for change in contract_changes(OLD, smaller) if change.breaking] == []
    single = replace(column("delay", unique=False), keys=(("carrier", "day"), ("delay",)))
    assert [change.breaking for change in contract_changes(OLD, single)] == [False, False]


def test_new_columns_and_rules_are_harmless() -> None:
    gate = Column(name="gate", type=ColumnType.TEXT)
    new = replace(OLD, columns=(*OLD.columns, gate), closed=True)
    assert [(told(change), change.breaking) for change in contract_changes(OLD, new)] == [
        ("column gate: it is new", False),
        ("closed: no further columns may come", False),
    ]


def test_a_reader_expects_only_what_it_reads() -> None:
    reader = Contract(
        columns=(replace(DELAY, minimum=-30, unique=False), Column(name="gate", type=ColumnType.TEXT))
    )
    assert [told(change) for change in broken_expectations(OLD, reader)] == [
        "column delay: its least value is -60, not -30",
        "column gate: it is gone",
    ]
