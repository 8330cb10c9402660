"""A watermark moves over gaps, and not over what another run has done."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest

from typed_assets.services import Services
from typed_assets.state import StateConflictError, state
from typed_assets.testing import memory_services

ASSET = "incremental.flights"


@dataclass
class HoursInMemory:
    """A warehouse that knows the hours of flights: those that have landed, and those that are published."""

    landed: list[str]
    published: list[str] = field(default_factory=list)
    asked: str = ""

    def batch_execute_statement(self, *, Sqls: list[str], **_: str) -> dict[str, Any]:  # noqa: N803
        (self.asked,) = Sqls
        return {"Id": str(uuid4()), "CreatedAt": datetime.now(UTC)}

    def describe_statement(self, *, Id: str) -> dict[str, Any]:  # noqa: N803
        return {"Status": "FINISHED", "SubStatements": [{"Id": Id, "HasResultSet": True}]}

    def get_paginator(self, _: str) -> Any:
        if "MIN(" in self.asked:
            beyond = self.asked.rpartition("> ")[2].strip().strip("'")
            name, found = "hour", min((hour for hour in self.landed if hour > beyond), default=None)
        else:
            name, found = "newest", max(self.published)
        value = {"isNull": True} if found is None else {"stringValue": found}
        page = {"ColumnMetadata": [{"name": name}], "Records": [[value]]}
        return SimpleNamespace(paginate=lambda **_: [page])

    def services(self) -> Services:
        memory = memory_services()
        return Services(
            client=lambda name: self if name == "redshift-data" else memory.client(name),
            options=memory.options,
        )


@pytest.fixture
def watermark(reference: Callable[[str], Any]) -> Any:
    return reference("incremental.watermark")


def hours(seen: dict[str, Any]) -> tuple[str, str]:
    return seen["first"][:13], seen["last"][:13]


def test_a_window_reaches_back_for_late_rows_and_a_month_on(watermark: Any) -> None:
    services = HoursInMemory(["2013-01-31 05:00:00", "2013-02-01 05:00:00"]).services()

    assert hours(watermark.look(services)) == ("2012-12-30T00", "2013-02-01T00")
    assert hours(watermark.look(services, "2013-01-31T23:00:00")) == ("2013-01-29T23", "2013-03-03T23")


def test_a_gap_that_is_longer_than_a_window_is_stepped_over(watermark: Any) -> None:
    hours_of = HoursInMemory(["2013-01-05 10:00:00", "2013-04-01 06:00:00"])
    services = hours_of.services()
    state(ASSET, services=services).compare_and_set(None, "2013-01-05T10:00:00+00:00")

    seen = watermark.look(services)
    hours_of.published = hours_of.landed

    assert hours(seen) == ("2013-01-03T10", "2013-05-02T06")
    assert "time_hour < '2013-05-02 06:00:00'" in watermark.select(seen)
    assert watermark.advance(services, seen) == "2013-04-01T06:00:00+00:00"


def test_where_nothing_is_new_the_window_is_as_it_was(watermark: Any) -> None:
    services = HoursInMemory(["2013-01-05 10:00:00"]).services()

    assert hours(watermark.look(services, "2013-01-05T10:00:00")) == ("2013-01-03T10", "2013-02-05T10")


def test_a_watermark_that_another_run_has_moved_stays_and_a_second_try_finds_it_moved(watermark: Any) -> None:
    flights = HoursInMemory(["2013-01-05 10:00:00"], ["2013-01-05 10:00:00"])
    services = flights.services()
    mine, other = watermark.look(services), watermark.look(services)
    assert watermark.advance(services, other) == watermark.advance(services, other)

    flights.published.append("2013-01-06 10:00:00")
    with pytest.raises(StateConflictError, match="another task has written it"):
        watermark.advance(services, mine)

    entry = state(ASSET, services=services).get()
    assert entry is not None
    assert (entry.value, entry.version) == ("2013-01-05T10:00:00+00:00", 1)
    assert watermark.advance(services, watermark.look(services)) == "2013-01-06T10:00:00+00:00"
