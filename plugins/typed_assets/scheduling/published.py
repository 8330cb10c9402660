"""What has been published, from a listing of the history on S3: no record is read."""

from datetime import datetime
from functools import cache

from typed_assets.services import Services
from typed_assets.spec.history import asset_prefix, attempt_of
from typed_assets.spec.partition_due import Published


def publications(asset: str, *, services: Services) -> dict[str | None, datetime]:
    """Return when each partition of an asset was published last; None stands for one without partitions."""
    pages = services.client("s3").get_paginator("list_objects_v2")
    found: dict[str | None, datetime] = {}
    for page in pages.paginate(Bucket=services.options["data_bucket"], Prefix=asset_prefix(asset)):
        for item in page.get("Contents", ()):
            attempt = attempt_of(asset, item["Key"])
            if attempt is not None and attempt.published:
                found[attempt.partition] = max(attempt.at, found.get(attempt.partition, attempt.at))
    return found


def published_by(services: Services) -> Published:
    """Return what tells the published partitions of an asset; each asset is looked up once."""
    return cache(lambda asset: frozenset(publications(asset, services=services)))
