"""Lists a prefix in ranges of keys side by side: S3 tells where a page begins only with the page before.

The keys that the current release has written tell where pages would end. Wherever they are wrong, a range
takes a page more; what is listed is the same.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from itertools import chain, takewhile
from math import ceil
from typing import TYPE_CHECKING

from mwaactl.executor.background import begin

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mwaactl.executor.gateways import Bucket
    from mwaactl.observed import ReleasedFile, StoredObject

# https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
PAGE = 1000
RANGES = 16


def list_in_ranges(
    bucket: Bucket, prefix: str, known: Mapping[str, ReleasedFile], *, page: int = PAGE
) -> Iterator[StoredObject]:
    """List objects under a prefix, in the order of their keys.

    Args:
        bucket: Where.
        prefix: What their keys begin with.
        known: Key to file, for what is probably there.
        page: How many keys a page has.
    """
    marks = _marks(sorted(key for key in known if key.startswith(prefix)), page)
    ranges = zip(["", *marks], [*marks, None], strict=True)
    listed = [begin(partial(_listed, bucket, prefix, known, *each)) for each in ranges]
    return chain.from_iterable(each.result() for each in listed)


def _marks(keys: list[str], page: int) -> list[str]:
    """Return the last keys of all ranges but the last one; each range has whole pages."""
    size = page * max(ceil(len(keys) / page / RANGES), 1)
    return keys[size - 1 : -1 : size]


def _listed(
    bucket: Bucket, prefix: str, known: Mapping[str, ReleasedFile], after: str, last: str | None
) -> list[StoredObject]:
    found = bucket.list(prefix, after=after)
    return [_shared(each, known.get(each.key)) for each in (found if last is None else _up_to(found, last))]


def _shared(listed: StoredObject, known: ReleasedFile | None) -> StoredObject:
    """Take the texts of the release where they are the same: 100,000 of each are held at once."""
    same = known is not None and known.etag == listed.etag
    return replace(listed, key=known.key, etag=known.etag) if known and same else listed


def _up_to(found: Iterator[StoredObject], last: str) -> Iterator[StoredObject]:
    """Take objects up to a key; the page after it is not asked for where the key is there."""
    for each in takewhile(lambda each: each.key <= last, found):
        yield each
        if each.key == last:
            return
