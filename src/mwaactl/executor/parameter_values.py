"""The values of CloudFormation parameters, once the versions of what was uploaded are known."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from mwaactl.errors import ApplyError
from mwaactl.observed import StoredObject
from mwaactl.planner.actions import StackParameter, VersionOf

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def parameter_values(
    parameters: Iterable[StackParameter], stored: Mapping[str, StoredObject]
) -> Mapping[str, str]:
    """Return the value of each parameter by its name.

    Args:
        parameters: As the planner made them.
        stored: Key to object, for what this deployment has written so far.

    Raises:
        ApplyError: If the bucket gave an object no version.
    """
    return {each.name: _value(each.value, stored) for each in parameters}


def refuse_unversioned(stored: StoredObject) -> str:
    """Return the version of an object that was just written.

    Raises:
        ApplyError: If the bucket gave it none.
    """
    # What is written while versioning is suspended has the version `null`.
    if not stored.version_id or stored.version_id == "null":
        message = f"the source bucket gave `{stored.key}` no version"
        hint = "switch versioning on: MWAA takes artifacts by version, and a rollback restores versions"
        raise ApplyError(message, hint=hint, code="apply.not-versioned")
    return stored.version_id


def _value(value: str | VersionOf, stored: Mapping[str, StoredObject]) -> str:
    match value:
        case str():
            return value
        case VersionOf(key=key):
            return refuse_unversioned(stored.get(key) or StoredObject(key, ""))
        case _:
            assert_never(value)
