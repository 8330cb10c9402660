"""Facts of the Python files that a plan writes over or deletes, as the bucket has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mwaactl.aws.failures import is_unreadable_object
from mwaactl.errors import ServiceError
from mwaactl.executor.background import side_by_side
from mwaactl.planner.actions import DeleteObject, PutObject
from mwaactl.project.source_facts import SourceFacts, facts_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from mwaactl.executor.gateways import Bucket
    from mwaactl.planner.actions import Action

WORKERS = 16
_PREFIX, _SOURCE = "dags/", ".py"


def replaced_sources(actions: Iterable[Action]) -> list[str]:
    """Return the keys of the Python files of the DAG folder that a plan writes over or deletes."""
    return [
        each.key
        for each in actions
        if (isinstance(each, DeleteObject) or (isinstance(each, PutObject) and each.replaces is not None))
        and each.key.startswith(_PREFIX)
        and each.key.endswith(_SOURCE)
    ]


def present_facts(actions: Iterable[Action], bucket: Bucket) -> Mapping[str, SourceFacts]:
    """Read what changes, and nothing else.

    Args:
        actions: A plan's; of them the writes and deletes of Python files count that are there already.
        bucket: Holds the files.

    Returns:
        Key to facts, empty ones for what cannot be read; what has gone since it was listed is absent.
    """
    keys = replaced_sources(actions)
    found = side_by_side(lambda key: _facts(bucket, key), keys, WORKERS)
    return {key: each for key, each in zip(keys, found, strict=True) if each is not None}


def _facts(bucket: Bucket, key: str) -> SourceFacts | None:
    try:
        found = bucket.read(key)
    except ServiceError as error:
        if not is_unreadable_object(error):
            raise
        return SourceFacts()
    return facts_of(key, found.content) if found else None
