"""The values of CloudFormation parameters, once the versions of what was uploaded are known."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from mwaactl.errors import ApplyError
from mwaactl.planner.actions import StackParameter, VersionOf

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from mwaactl.observed import StoredObject


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


def _value(value: str | VersionOf, stored: Mapping[str, StoredObject]) -> str:
    match value:
        case str():
            return value
        case VersionOf(key=key):
            version = stored[key].version_id if key in stored else None
            # What was written while versioning is suspended has the version `null`.
            if not version or version == "null":
                message = f"the source bucket gave `{key}` no version"
                hint = "switch versioning on: MWAA takes plugins and requirements by version"
                raise ApplyError(message, hint=hint, code="apply.not-versioned")
            return version
        case _:
            assert_never(value)
