"""What has been published, from a listing of the history on S3: no record is read."""

from datetime import datetime
from functools import cache

from typed_assets.services import Services
from typed_assets.spec.history import asset_prefix, attempt_of
from typed_assets.spec.partition_due import Published, Span, Spans


def publications(asset: str, *, services: Services) -> dict[str | None, datetime]:
    """Return when each partition of an asset was published last; None stands for one without partitions."""
    return {key: span.last for key, span in spans(asset, services=services).items()}


def spans(asset: str, *, services: Services) -> dict[str | None, Span]:
    """Return when each partition of an asset was published first and last."""
    pages = services.client("s3").get_paginator("list_objects_v2")
    found: dict[str | None, Span] = {}
    for page in pages.paginate(Bucket=services.options["data_bucket"], Prefix=asset_prefix(asset)):
        for item in page.get("Contents", ()):
            attempt = attempt_of(asset, item["Key"])
            if attempt is not None and attempt.published:
                known = found.get(attempt.partition, Span(attempt.at, attempt.at))
                found[attempt.partition] = Span(min(known.first, attempt.at), max(known.last, attempt.at))
    return found


def published_by(services: Services) -> Published:
    """Return what tells the published partitions of an asset; each asset is looked up once."""
    return cache(lambda asset: frozenset(publications(asset, services=services)))


def spans_by(services: Services) -> Spans:
    """Return what tells when the partitions of an asset were published; each asset is looked up once."""
    return cache(lambda asset: spans(asset, services=services))
