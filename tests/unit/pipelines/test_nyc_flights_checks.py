"""What keeps a raw table or a mart from being published."""

from types import ModuleType
from typing import Any

import pytest


@pytest.fixture
def checks(nyc_flights: dict[str, ModuleType]) -> Any:
    return nyc_flights["checks"]


def counts(read: int = 1000, rejected: int = 0) -> dict[str, Any]:
    return {
        "table": "flights",
        "read": read,
        "accepted": read - rejected,
        "rejected": rejected,
        "reasons": {"carrier": rejected} if rejected else {},
        "quarantine_key": "quarantine/flights",
    }


@pytest.mark.parametrize(("rejected", "passed"), [(0, True), (1, True), (2, False), (1000, False)])
def test_more_bad_rows_than_tolerable_are_found(checks: Any, rejected: int, passed: bool) -> None:  # noqa: FBT001
    found = checks.rejected(counts(rejected=rejected), 0.001)

    assert (found.passed, found.violations) == (passed, rejected)


def test_a_finding_about_bad_rows_names_their_reasons_and_the_quarantine(checks: Any) -> None:
    found = checks.rejected(counts(rejected=5), 0.001)

    assert found.observed == "5 of 1000 rows are bad (carrier 5), see quarantine/flights"
    assert found.expected == "at most 0.10% of the rows"


def test_good_rows_are_told_too(checks: Any) -> None:
    assert checks.rejected(counts(), 0.001).observed == "all of 1000 rows are good"


@pytest.mark.parametrize(("rows", "violations"), [(1000, 0), (999, 1), (0, 1000), (1001, 1)])
def test_rows_lost_or_doubled_while_loading_are_found(checks: Any, rows: int, violations: int) -> None:
    found = checks.loaded(counts(), rows)

    assert (found.passed, found.violations) == (violations == 0, violations)
    assert (found.observed, found.expected) == (f"{rows} rows", "1000 rows")


@pytest.mark.parametrize(("stated", "findings"), [(100, 0), (102, 0), (103, 1), (10, 1)])
def test_a_distance_that_no_great_circle_has_is_found(
    nyc_flights: dict[str, ModuleType], stated: int, findings: int
) -> None:
    route = {
        "origin": "JFK",
        "dest": "LAX",
        "distance": stated,
        "origin_lat": 1.0,
        "origin_lon": 2.0,
        "dest_lat": 3.0,
        "dest_lon": 4.0,
    }
    found = nyc_flights["distances"].wrong_distances(
        [route], lambda start, end: 100.0 if (start, end) == ((1, 2), (3, 4)) else 0
    )
    assert found == [f"JFK-LAX: {stated} miles stated, 100 flown"] * findings
