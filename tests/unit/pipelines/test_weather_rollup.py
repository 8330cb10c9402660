"""The hours of landed weather: none is published while a row may be missing in it."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.fakes.lake import Lake, lake_in_memory
from typed_assets import asset
from typed_assets.testing import Materialization, materialize

HEADER = "origin,time_hour,temp,humid,wind_speed,precip,pressure,visib"
REST = "39,59,10,0,1012,10"
FIVE, SIX = f"EWR,2013-01-01T05:00:00Z,{REST}", f"EWR,2013-01-01T06:00:00Z,{REST}"


@pytest.fixture
def made(reference: Callable[[str], Any]) -> Callable[..., Materialization]:
    """Make the hour from five o'clock on of landed lines."""

    def of(*lines: str) -> Materialization:
        lake: Lake = lake_in_memory()
        lake.put("landing/w.csv", "\n".join([HEADER, *lines, ""]))
        contract = reference("observations").OBSERVATIONS

        @asset(name="w", uri="s3://{data_bucket}/lake/w/", contract=contract)
        def hours() -> Any:
            rows = reference("landed").rows(lake.services, "landing/w.csv", contract)
            return reference("weather_rollup.hours").of_hour(datetime(2013, 1, 1, 5, tzinfo=UTC), rows)

        return materialize([hours], services=lake.services)

    return of


def test_an_hour_has_the_rows_of_that_hour_alone(made: Callable[..., Materialization]) -> None:
    found = made(FIVE, SIX)

    assert [row["time_hour"].hour for row in found.rows("w")] == [5]


@pytest.mark.parametrize("time", ["half past five", "", "NA"])
def test_a_row_whose_time_cannot_be_read_fails_the_check_of_the_hour(
    made: Callable[..., Materialization], time: str
) -> None:
    found = made(FIVE, f"JFK,{time},{REST}", SIX)

    assert found.states == {"w": "refused"}
    failed = {name: check.violations for name, check in found.checks("w").items() if not check.passed}
    assert list(failed.values()) == [1]
    assert all(name.startswith("time_hour.") for name in failed)


def test_a_row_with_too_few_fields_fails_the_check_of_the_hour(made: Callable[..., Materialization]) -> None:
    assert made(FIVE, "JFK,2013-01-01T05:00:00Z").states == {"w": "refused"}
