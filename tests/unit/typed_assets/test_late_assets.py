"""An asset is late when it was published longer ago than its policy allows, and is told of once."""

from datetime import UTC, datetime, timedelta
from typing import cast

import pytest

from typed_assets.spec.assets import Asset, FreshnessPolicy
from typed_assets.spec.errors import SpecError
from typed_assets.spec.freshness import Freshness, ages, turned

NOW = datetime(2026, 1, 2, 12, tzinfo=UTC)
POLICY = FreshnessPolicy(within=timedelta(hours=24), warn_within=timedelta(hours=20))
DAILY = Asset(name="daily", uri="s3://b/d/", freshness=POLICY)


@pytest.mark.parametrize(
    ("hours", "state"),
    [
        (0, Freshness.FRESH),
        (20, Freshness.FRESH),
        (21, Freshness.AGEING),
        (24, Freshness.AGEING),
        (25, Freshness.LATE),
    ],
)
def test_age_is_judged_by_the_policy(hours: int, state: Freshness) -> None:
    (found,) = ages([DAILY], {"daily": NOW - timedelta(hours=hours)}, NOW)

    assert (found.state, found.is_late) == (state, state is Freshness.LATE)


def test_what_has_never_been_published_is_late_and_what_has_no_policy_is_left_out() -> None:
    found = ages([DAILY, Asset(name="free", uri="s3://b/f/")], {}, NOW)

    assert [(each.asset, each.state, each.is_late) for each in found] == [("daily", Freshness.NEVER, True)]
    assert found[0].sentence == "`daily` has never been published; every 1 day it should be"


def test_people_are_told_of_what_has_changed_since_they_were_told_last() -> None:
    (late,) = ages([DAILY], {"daily": NOW - timedelta(hours=25)}, NOW)
    (fresh,) = ages([DAILY], {"daily": NOW}, NOW)

    assert turned([late], {}) == (late,)
    assert turned([late], {"daily": "ageing"}) == (late,)
    assert turned([late], {"daily": "late"}) == ()
    assert turned([fresh], {"daily": "late"}) == ()


def test_a_person_is_told_in_days_hours_and_minutes() -> None:
    (found,) = ages([DAILY], {"daily": NOW - timedelta(days=2, hours=1, minutes=30)}, NOW)

    assert found.sentence == "`daily` was published 2 days 1 hour 30 minutes ago; every 1 day it should be"


def test_a_warning_that_would_come_after_the_asset_is_late_is_refused() -> None:
    day = timedelta(days=1)

    with pytest.raises(SpecError) as refused:
        FreshnessPolicy(within=day, warn_within=day + timedelta(seconds=1))

    assert refused.value.sentence == (
        "`within` is 1 day, 0:00:00 and `warn_within`, which is longer, 1 day, 0:00:01 "
        "(the warning comes before the asset is late)"
    )
    assert FreshnessPolicy(within=day, warn_within=day).warn_within == day


@pytest.mark.parametrize(("within", "warn_within", "named"), [(0, None, "within"), (1, 0, "warn_within")])
def test_a_policy_by_which_no_asset_could_be_fresh_is_refused(
    within: int, warn_within: int | None, named: str
) -> None:
    with pytest.raises(SpecError) as refused:
        FreshnessPolicy(
            within=timedelta(hours=within),
            warn_within=None if warn_within is None else timedelta(hours=warn_within),
        )

    assert refused.value.sentence == (
        f"`{named}` is 0:00:00, and no asset is younger than that "
        "(write how long after a publication the next one is due)"
    )


def test_a_policy_in_numbers_is_refused() -> None:
    with pytest.raises(SpecError, match="`within` cannot be `3600`, which is of the type int"):
        FreshnessPolicy(within=cast("timedelta", 3600))
