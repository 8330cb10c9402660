"""A look at a fresh asset lists the end of its history; only one that is not fresh costs all of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import batched
from typing import Any

import pytest

from typed_assets.scheduling.freshness import look
from typed_assets.services import Services
from typed_assets.spec.assets import Asset, FreshnessPolicy
from typed_assets.spec.freshness import Freshness
from typed_assets.spec.history import attempt_key
from typed_assets.spec.partitions import Daily, Hourly, Partitions, Product, Static

NOW = datetime(2026, 6, 1, 12, 30, tzinfo=UTC)
HOURS = Hourly(start=datetime(2013, 1, 1, tzinfo=UTC))
DAYS = Daily(start=date(2001, 1, 1))
RECORDS = 5_000
PAGE = 1_000


@dataclass
class PagedS3:
    """Answers a listing by pages as S3 does, and counts them."""

    since: dict[str, datetime] = field(default_factory=dict)
    requests: int = 0

    def get_paginator(self, operation: str) -> "PagedS3":
        assert operation == "list_objects_v2"
        return self

    def paginate(self, *, Bucket: str, Prefix: str, StartAfter: str = "") -> Iterator[dict[str, Any]]:  # noqa: N803
        assert Bucket == "data"
        keys = sorted(key for key in self.since if key.startswith(Prefix) and key > StartAfter)
        pages: Sequence[tuple[str, ...]] = [*batched(keys, PAGE)] or [()]
        for page in pages:
            self.requests += 1
            yield {"Contents": [{"Key": key, "LastModified": self.since[key]} for key in page]}

    def publish(
        self, partition: str | None, began: datetime, at: datetime, *, published: bool = True
    ) -> None:
        key = attempt_key("a", partition, began.isoformat(), published=published)
        self.since[key] = at.replace(microsecond=0)


def an_asset(partitions: Partitions | None, within: timedelta) -> Asset:
    warned = FreshnessPolicy(within=within, warn_within=within / 2)
    return Asset(name="a", uri="s3://b/a/", partitions=partitions, freshness=warned)


def state(s3: PagedS3, asset: Asset, now: datetime = NOW) -> tuple[Freshness, timedelta | None, int]:
    """Return how a look finds an asset, and how many requests it took."""
    s3.requests = 0
    services = Services(client={"s3": s3}.__getitem__, options={"data_bucket": "data"}, now=lambda: now)
    (found,) = look([asset], services=services)
    return found.state, found.age, s3.requests


def history(partitions: Partitions | None) -> tuple[PagedS3, timedelta]:
    """Return a history of 5,000 publications, the last of a minute ago, and how long lies between two."""
    s3, step = PagedS3(), timedelta(days=1) if partitions == DAYS else timedelta(hours=1)
    for number in range(RECORDS):
        began = NOW - timedelta(minutes=2) - number * step
        key = (
            None
            if partitions is None
            else f"{began - step:{'%Y-%m-%d' if partitions == DAYS else '%Y-%m-%dT%H'}}"
        )
        ending = "|east" if isinstance(partitions, Product) else ""
        s3.publish(f"{key}{ending}" if key else None, began, began + timedelta(minutes=1))
    return s3, step


@pytest.mark.parametrize("partitions", [None, HOURS, DAYS, Product(HOURS, Static(("east", "west")))])
def test_a_fresh_asset_takes_one_request_and_a_late_one_all(partitions: Partitions | None) -> None:
    s3, step = history(partitions)
    asset = an_asset(partitions, 4 * step)

    assert state(s3, asset) == (Freshness.FRESH, timedelta(minutes=1), 1)

    later = NOW + 5 * step
    assert state(s3, asset, later) == (Freshness.LATE, 5 * step + timedelta(minutes=1), 1 + RECORDS // PAGE)


def test_names_have_no_order_so_that_all_are_listed() -> None:
    s3 = PagedS3()
    s3.publish("east", NOW - timedelta(days=9), NOW - timedelta(minutes=1))
    s3.publish("west", NOW - timedelta(days=1), NOW - timedelta(days=1))

    found = state(s3, an_asset(Static(("east", "west")), timedelta(hours=1)))

    assert found == (Freshness.FRESH, timedelta(minutes=1), 1)


@pytest.mark.parametrize(("partitions", "old"), [(None, None), (DAYS, "2026-01-01")])
def test_what_is_published_late_of_an_old_attempt_or_partition_is_found(
    partitions: Partitions | None, old: str | None
) -> None:
    s3, _ = history(partitions)
    now = NOW + timedelta(days=9)
    s3.publish(old, NOW - timedelta(days=150), now - timedelta(minutes=3))

    found, age, _ = state(s3, an_asset(partitions, timedelta(hours=1)), now)

    assert (found, age) == (Freshness.FRESH, timedelta(minutes=3))


def test_what_warns_is_judged_by_all_that_there_is() -> None:
    s3 = PagedS3()
    s3.publish(None, NOW - timedelta(minutes=45), NOW - timedelta(minutes=40))
    asset = an_asset(None, timedelta(hours=1))
    assert state(s3, asset)[:2] == (Freshness.AGEING, timedelta(minutes=40))

    s3.publish(None, NOW - timedelta(days=3), NOW - timedelta(minutes=5))
    assert state(s3, asset)[:2] == (Freshness.FRESH, timedelta(minutes=5))


def test_what_was_refused_is_no_publication() -> None:
    s3 = PagedS3()
    s3.publish(None, NOW - timedelta(minutes=2), NOW - timedelta(minutes=1), published=False)

    assert state(s3, an_asset(None, timedelta(hours=1))) == (Freshness.NEVER, None, 2)


def test_an_asset_of_this_second_is_fresh() -> None:
    s3 = PagedS3()
    began = NOW.replace(microsecond=250_000)
    s3.publish(None, began, NOW)

    assert state(s3, an_asset(None, timedelta(hours=1)), began)[0] is Freshness.FRESH
