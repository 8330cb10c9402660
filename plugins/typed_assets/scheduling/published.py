"""What has been published, from a listing of the history on S3."""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import cache

from typed_assets.services import Services
from typed_assets.spec.assets import Asset
from typed_assets.spec.history import Attempt, Stretch, attempt_of, recent_history, whole_history
from typed_assets.spec.partition_due import Published, Span, Spans


def publications(asset: str, *, services: Services) -> dict[str | None, datetime]:
    """Return when the writer of each published partition began last; None stands for the whole of an asset.

    No record is read for it.
    """
    found: dict[str | None, datetime] = {}
    for attempt, _, _ in _published(asset, whole_history(asset), services):
        found[attempt.partition] = max(attempt.at, found.get(attempt.partition, attempt.at))
    return found


def spans(asset: str, *, services: Services) -> dict[str | None, Span]:
    """Return when S3 has had the records of each partition of an asset.

    A record says when its writer began, before the data is published; which of two was there first, only S3's
    own clock tells.
    """
    found: dict[str | None, Span] = {}
    for attempt, seen, _ in _published(asset, whole_history(asset), services):
        known = found.get(attempt.partition)
        found[attempt.partition] = Span(seen, seen) if known is None else known.with_one_more(seen)
    return found


def published_by(services: Services) -> Published:
    """Return what tells the published partitions of an asset; each asset is looked up once."""
    return cache(lambda asset: frozenset(publications(asset, services=services)))


def spans_by(services: Services) -> Spans:
    """Return what tells when the partitions of an asset were published; each asset is looked up once."""
    return cache(lambda asset: spans(asset, services=services))


def last_publication(asset: Asset, enough: datetime, *, services: Services) -> datetime | None:
    """Return since when S3 has had the newest record of a publication, or None where there is none.

    The newest keys are listed first, and the whole history only where these show nothing that is new enough.

    Args:
        asset: what was published.
        enough: what came since then may be told in place of what came last: the record of an attempt that
            began long ago, or of an old partition, may be newer still.
        services: of the task.
    """
    recent = recent_history(asset, enough, services.now())
    for keys in (recent, whole_history(asset.name)):
        found = () if keys is None else (seen for _, seen, _ in _published(asset.name, keys, services))
        newest = max(found, default=None)
        if newest is not None and newest >= enough:
            return newest
    return newest


def last_run_began(assets: Iterable[str], *, services: Services) -> datetime | None:
    """Return when the run that has published some of these assets last began to write the first of them.

    What has been published since, it cannot have read. None where nothing has been published.
    """
    newest = [found for asset in assets if (found := _newest(asset, services))]
    if not newest:
        return None
    latest = max(at for at, _ in newest)
    if len(newest) == 1:
        return latest
    began = [(at, _run_of(key, services)) for at, key in newest]
    last = {run for at, run in began if at == latest}
    return min(at for at, run in began if run in last)


def _newest(asset: str, services: Services) -> tuple[datetime, str] | None:
    """Return when the writer of the newest publication began, and the key of its record."""
    records = _published(asset, whole_history(asset), services)
    return max(((attempt.at, key) for attempt, _, key in records), default=None)


def _run_of(key: str, services: Services) -> tuple[str, str]:
    answer = services.client("s3").get_object(Bucket=services.option("data_bucket"), Key=key)
    record = json.loads(answer["Body"].read())
    return record["dag_id"], record["run_id"]


def _published(asset: str, keys: Stretch, services: Services) -> Iterator[tuple[Attempt, datetime, str]]:
    """Yield what was published of an asset, since when S3 has had its record, and the key of that."""
    pages = services.client("s3").get_paginator("list_objects_v2")
    after = {"StartAfter": keys.after} if keys.after else {}
    for page in pages.paginate(Bucket=services.option("data_bucket"), Prefix=keys.prefix, **after):
        for item in page.get("Contents", ()):
            attempt = attempt_of(asset, item["Key"])
            if attempt is not None and attempt.published:
                # S3 in memory has no clock.
                yield attempt, item.get("LastModified", attempt.at), item["Key"]
