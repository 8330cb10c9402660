"""Removes a lock: only the one that was looked at, so that a renewed or another one is left alone."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from mwaactl.errors import Conflict, MwaactlError, NotFound, OperationError
from mwaactl.executor.lock.holder import KEY, decode

if TYPE_CHECKING:
    from mwaactl.executor.gateways import Bucket
    from mwaactl.executor.lock.holder import Holder


def remove_own(bucket: Bucket, holder: Holder, etag: str | None, *, on_its_way: bool = False) -> bool:
    """Remove a lock that this process holds, or may hold; never raises.

    Args:
        bucket: The source bucket.
        holder: Who holds it.
        etag: The lock's ETag as it was written last; None where no answer told it.
        on_its_way: Whether it may be written only now, as nobody waited for the answer.

    Returns:
        Whether this process certainly holds it no more.
    """
    with suppress(MwaactlError):
        if etag is not None:
            try:
                bucket.delete_if(KEY, etag)
            except NotFound:
                return True
            except Conflict:
                # Someone else has it by now, or a renewal was written and its answer lost.
                pass
            else:
                return True
        present = bucket.read(KEY)
        if present is None:
            return not on_its_way
        if _token(present.content) == holder.token:
            bucket.delete_if(KEY, present.etag)
        return True
    return False


def _token(content: bytes) -> str | None:
    try:
        return decode(content).token
    except OperationError:
        return None
