"""Writes objects: in parallel within a stage, the stages one after the other."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mwaactl.observed import StoredObject
    from mwaactl.planner.actions import PutObject

WORKERS = 8


def upload(
    objects: Sequence[PutObject],
    write: Callable[[PutObject], StoredObject],
    on_done: Callable[[PutObject, StoredObject], None],
) -> None:
    """Write objects.

    Args:
        objects: In the order of their stages.
        write: Writes one.
        on_done: Told about each object, in the order of `objects`.
    """
    with ThreadPoolExecutor(WORKERS) as pool:
        for _, stage in groupby(objects, key=lambda each: each.stage):
            members = list(stage)
            for member, stored in zip(members, pool.map(write, members), strict=True):
                on_done(member, stored)
