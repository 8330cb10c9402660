"""Small steps that many resource types share when they call a service."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from mwaactl.emulator.cloudformation.faults import ResourceFailure
from mwaactl.emulator.cloudformation.resource_type import tags_as_map

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping


@contextmanager
def gone_is_fine(*codes: str) -> Iterator[None]:
    """Pass over a service's way of saying that the resource is gone already.

    Args:
        codes: The error codes that mean so.
    """
    try:
        yield
    except ClientError as error:
        if error.response["Error"]["Code"] not in codes:
            raise


@contextmanager
def undo_on_failure(undo: Callable[[], object]) -> Iterator[None]:
    """Take a half-made resource away again, so that a failed creation leaves nothing behind.

    Args:
        undo: Deletes the resource; if that fails too, the first failure is the one that counts.
    """
    try:
        yield
    except Exception:
        with suppress(Exception):
            undo()
        raise


def tag_changes(old: Any, new: Any) -> tuple[dict[str, str], list[str]]:  # noqa: ANN401 - list or map
    """Return the tags to set and the keys to remove."""
    before, after = tags_as_map(old), tags_as_map(new)
    changed = {key: value for key, value in after.items() if before.get(key) != value}
    return changed, [key for key in before if key not in after]


def lower_first(value: Any) -> Any:  # noqa: ANN401 - any piece of JSON
    """Return the value with member names that begin in lower case, as younger services want them."""
    if isinstance(value, dict):
        return {f"{name[:1].lower()}{name[1:]}": lower_first(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [lower_first(inner) for inner in value]
    return value


def translated(properties: Mapping[str, Any], names: Mapping[str, str], where: str) -> dict[str, Any]:
    """Return the properties under the service's names.

    Args:
        properties: As the template writes them.
        names: The service's name for each modelled one.
        where: The place in the template, for the message.

    Raises:
        ResourceFailure: If there is one that is not modelled.
    """
    if unknown := sorted(set(properties) - set(names)):
        message = f"The emulator does not model [{', '.join(unknown)}] in {where}"
        raise ResourceFailure(message)
    return {names[name]: value for name, value in properties.items()}
