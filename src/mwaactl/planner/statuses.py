"""What each of MWAA's twelve environment statuses means to a deployment.

https://docs.aws.amazon.com/mwaa/latest/API/API_Environment.html lists them.
"""

from __future__ import annotations

from enum import Enum
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class Meaning(Enum):
    """What to do about an environment in a status."""

    READY = "ready"
    """It can be used and updated."""
    BUSY = "busy"
    """It is changing: wait."""
    USABLE_AFTER_FAILURE = "usable after failure"
    """The last update failed and was undone: it runs as before, and takes the next update."""
    BROKEN = "broken"
    """It does not run and no waiting will help."""
    GONE = "gone"
    """It is going away or has gone."""


MEANINGS: Mapping[str, Meaning] = MappingProxyType(
    {
        "CREATING": Meaning.BUSY,
        "CREATE_FAILED": Meaning.BROKEN,
        "AVAILABLE": Meaning.READY,
        "UPDATING": Meaning.BUSY,
        "DELETING": Meaning.GONE,
        "DELETED": Meaning.GONE,
        "UNAVAILABLE": Meaning.BROKEN,
        "UPDATE_FAILED": Meaning.USABLE_AFTER_FAILURE,
        "ROLLING_BACK": Meaning.BUSY,
        "CREATING_SNAPSHOT": Meaning.BUSY,
        "PENDING": Meaning.BUSY,
        "MAINTENANCE": Meaning.BUSY,
    }
)

EXPLANATIONS: Mapping[str, str] = MappingProxyType(
    {
        "CREATING": "MWAA builds it, which takes 20 to 40 minutes",
        "CREATE_FAILED": "it was never complete",
        "UPDATING": "MWAA builds new containers beside those that run, which takes 20 to 30 minutes",
        "DELETING": "it is being deleted",
        "DELETED": "it is gone",
        "UNAVAILABLE": "neither the change nor the way back succeeded",
        "UPDATE_FAILED": "the change failed, and it runs as before",
        "ROLLING_BACK": "the change failed, and MWAA brings back what ran before",
        "CREATING_SNAPSHOT": "MWAA keeps a copy of its metadata database before the version changes",
        "PENDING": "it waits for VPC endpoints that you create",
        "MAINTENANCE": "MWAA maintains it; a change that waits follows afterwards",
    }
)

REMEDIES: Mapping[str, str] = MappingProxyType(
    {
        "CREATE_FAILED": "delete the environment's stack, mend the cause and deploy again",
        "UNAVAILABLE": "ask AWS support: its metadata database may need repair",
        "UPDATE_FAILED": "the environment runs as before; mend the cause and deploy again",
        "PENDING": "create the VPC endpoints that it waits for: it fails after 72 hours",
        "DELETING": "wait until it is deleted, then deploy again",
        "DELETED": "delete its stack too, then deploy again to create both",
    }
)


def meaning_of(status: str) -> Meaning:
    """Return what a status means; a status that AWS adds later counts as busy, which ends at the deadline."""
    return MEANINGS.get(status, Meaning.BUSY)


def is_running(status: str) -> bool:
    """Return whether an environment in a status runs and takes the next update."""
    return meaning_of(status) in (Meaning.READY, Meaning.USABLE_AFTER_FAILURE)
