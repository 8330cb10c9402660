"""Conditional writes and deletes that survive a lost answer and S3's own races."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mwaactl.errors import Conflict, NotFound, OutcomeUnknown

if TYPE_CHECKING:
    from collections.abc import Callable

    from mwaactl.executor.gateways import Bucket
    from mwaactl.observed import StoredObject

# S3 answers 409 where two conditional writes met; one of them may be sent again.
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
MET_ANOTHER = frozenset({"ConditionalRequestConflict", "OperationAborted", "409"})
ATTEMPTS = 4
PAUSE = 0.2


def write_if(
    bucket: Bucket, key: str, content: bytes, etag: str | None, sleep: Callable[[float], None]
) -> StoredObject:
    """Write an object over the version with this ETag, or only if there is none.

    A request whose answer was lost is sent again and meets what it wrote itself; that is no conflict. Where
    no answer comes at all, what the bucket holds tells whether it was written.

    Raises:
        Conflict: If someone else has written it since.
    """
    for attempt in range(ATTEMPTS):
        try:
            return bucket.put_if(key, content, etag)
        except (Conflict, OutcomeUnknown) as error:
            if error.error_code in MET_ANOTHER and attempt + 1 < ATTEMPTS:
                sleep(PAUSE * 2**attempt)
                continue
            if (own := _as_written(bucket, key, content)) is None:
                raise
            return own
    raise AssertionError(key)


def delete_if(bucket: Bucket, key: str, etag: str, sleep: Callable[[float], None]) -> None:
    """Delete an object while it has this ETag; one that is gone already is fine.

    Raises:
        Conflict: If someone else has written it since.
    """
    for attempt in range(ATTEMPTS):
        try:
            bucket.delete_if(key, etag)
        except NotFound:
            return
        except (Conflict, OutcomeUnknown) as error:
            if error.error_code in MET_ANOTHER and attempt + 1 < ATTEMPTS:
                sleep(PAUSE * 2**attempt)
                continue
            if bucket.describe(key) is not None:
                raise
        return


def _as_written(bucket: Bucket, key: str, content: bytes) -> StoredObject | None:
    """Return the object if it holds this content."""
    present = bucket.read(key)
    return bucket.describe(key) if present is not None and present.content == content else None
