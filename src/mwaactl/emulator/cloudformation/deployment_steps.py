"""What a deployment has done to one resource, so that it can be undone, and what it needs to know before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from mwaactl.emulator.cloudformation.faults import ResourceFailure
from mwaactl.emulator.cloudformation.registry import existing_type
from mwaactl.emulator.cloudformation.resource_type import tags_as_list, tags_as_map
from mwaactl.emulator.cloudformation.stack import StackResource

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mwaactl.emulator.cloudformation.template import ResourceDeclaration


@dataclass(frozen=True, slots=True)
class Created:
    """The resource did not exist before."""

    new: StackResource


@dataclass(frozen=True, slots=True)
class Updated:
    """The resource was changed in place."""

    old: StackResource
    new: StackResource


@dataclass(frozen=True, slots=True)
class Replaced:
    """A new resource took the place of an old one, which still exists."""

    old: StackResource
    new: StackResource
    keep_old: bool


type Step = Created | Updated | Replaced


def fresh(declared: ResourceDeclaration) -> StackResource:
    """Return a resource that does not exist yet."""
    return StackResource(
        logical_id=declared.logical_id,
        type_name=declared.type_name,
        status="CREATE_IN_PROGRESS",
        reason=None,
        timestamp=datetime.now(UTC),
        properties={},
        physical=None,
        deletion_policy=declared.deletion_policy,
    )


def refuse_custom_name(name_property: str, old: StackResource, wanted: Mapping[str, Any]) -> None:
    """Refuse to replace a resource whose custom name stays: the new one could not be called so."""
    name = wanted.get(name_property)
    if name and old.properties.get(name_property) == name:
        message = (
            "CloudFormation cannot update a stack when a custom-named resource requires replacing. "
            f"Rename {name} and update the stack again."
        )
        raise ResourceFailure(message)


def with_stack_tags(
    type_name: str, properties: Mapping[str, Any], stack_tags: Mapping[str, str]
) -> Mapping[str, Any]:
    """Return the properties with the stack's tags added; a resource's own tag wins."""
    style = existing_type(type_name).tag_style
    if style == "none" or not stack_tags:
        return properties
    merged = dict(stack_tags) | tags_as_map(properties.get("Tags"))
    return {**properties, "Tags": merged if style == "map" else tags_as_list(merged)}
