"""Writes objects: in parallel within a stage, the stages one after the other."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mwaactl.executor.gateways import Bucket
    from mwaactl.observed import StoredObject
    from mwaactl.planner.actions import PutObject

WORKERS = 8


def upload(
    bucket: Bucket,
    objects: Sequence[PutObject],
    read: Callable[[str], bytes],
    on_done: Callable[[PutObject, StoredObject], None],
) -> None:
    """Write objects.

    Args:
        bucket: Where to.
        objects: In the order of their stages.
        read: Gives the content for a key, and refuses if it is no longer what was planned.
        on_done: Told about each object, in the order of `objects`.
    """

    def put(each: PutObject) -> StoredObject:
        return bucket.put(each.key, read(each.key))

    with ThreadPoolExecutor(WORKERS) as pool:
        for _, stage in groupby(objects, key=lambda each: each.stage):
            members = list(stage)
            for member, stored in zip(members, pool.map(put, members), strict=True):
                on_done(member, stored)
