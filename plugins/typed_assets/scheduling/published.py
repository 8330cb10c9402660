"""What has been published, from a listing of the history on S3: no record is read."""

from collections.abc import Iterator
from datetime import datetime
from functools import cache

from typed_assets.services import Services
from typed_assets.spec.history import Attempt, asset_prefix, attempt_of
from typed_assets.spec.partition_due import Published, Span, Spans


def publications(asset: str, *, services: Services) -> dict[str | None, datetime]:
    """Return when each partition of an asset was published last; None stands for one without partitions."""
    found: dict[str | None, datetime] = {}
    for attempt, _ in _published(asset, services):
        found[attempt.partition] = max(attempt.at, found.get(attempt.partition, attempt.at))
    return found


def spans(asset: str, *, services: Services) -> dict[str | None, Span]:
    """Return when S3 has had the records of each partition of an asset.

    A record says when it was made, before the data is published; which of two was there first, only S3's own
    clock tells.
    """
    found: dict[str | None, Span] = {}
    for attempt, seen in _published(asset, services):
        known = found.get(attempt.partition)
        found[attempt.partition] = Span(seen, seen) if known is None else known.with_one_more(seen)
    return found


def published_by(services: Services) -> Published:
    """Return what tells the published partitions of an asset; each asset is looked up once."""
    return cache(lambda asset: frozenset(publications(asset, services=services)))


def spans_by(services: Services) -> Spans:
    """Return what tells when the partitions of an asset were published; each asset is looked up once."""
    return cache(lambda asset: spans(asset, services=services))


def _published(asset: str, services: Services) -> Iterator[tuple[Attempt, datetime]]:
    """Yield what was published of an asset, with the moment from which on S3 has had its record."""
    pages = services.client("s3").get_paginator("list_objects_v2")
    for page in pages.paginate(Bucket=services.option("data_bucket"), Prefix=asset_prefix(asset)):
        for item in page.get("Contents", ()):
            attempt = attempt_of(asset, item["Key"])
            if attempt is not None and attempt.published:
                yield attempt, item.get("LastModified", attempt.at)  # S3 in memory has no clock
