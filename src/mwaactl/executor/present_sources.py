"""Facts of the Python files that a plan writes over or deletes, as the bucket has them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from mwaactl.planner.actions import DeleteObject, PutObject
from mwaactl.project.source_facts import facts_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from mwaactl.executor.gateways import Bucket
    from mwaactl.planner.actions import Action
    from mwaactl.project.source_facts import SourceFacts

WORKERS = 16
_PREFIX, _SOURCE = "dags/", ".py"


def present_facts(actions: Iterable[Action], bucket: Bucket) -> Mapping[str, SourceFacts]:
    """Read what changes, and nothing else.

    Args:
        actions: A plan's; of them the writes and deletes of Python files count that are there already.
        bucket: Holds the files.

    Returns:
        Key to facts; what has gone since it was listed is absent.
    """
    keys = [
        each.key
        for each in actions
        if (isinstance(each, DeleteObject) or (isinstance(each, PutObject) and each.replaces is not None))
        and each.key.startswith(_PREFIX)
        and each.key.endswith(_SOURCE)
    ]
    with ThreadPoolExecutor(WORKERS) as pool:
        found = list(pool.map(bucket.read, keys))
    pairs = zip(keys, found, strict=True)
    return {key: facts_of(key, each.content) for key, each in pairs if each is not None}
