"""Cron expressions that never strike are refused as those are that cannot be read."""

import pytest

from typed_assets.yaml.cron_expressions import cron_fault


@pytest.mark.parametrize("text", ["0 0 31 2 *", "0 0 30,31 feb *", "0 0 31 4,6,9,nov *", "0 0 31 2 mon"])
def test_a_day_that_no_month_has_is_told(text: str) -> None:
    fault = cron_fault(text)
    assert fault is not None
    assert fault[0].endswith("so it would never run")
    assert fault[1] == "`L` is the last day of a month"


@pytest.mark.parametrize(
    "text",
    [
        "0 0 29 2 *",
        "0 0 31 2,3 *",
        "0 0 1,31 2 *",
        "0 0 31 * *",
        "0 0 L 2 *",
        "0 0 28-31 2 *",
    ],
)
def test_a_day_that_comes_at_times_is_taken(text: str) -> None:
    assert cron_fault(text) is None
