"""Which resource types there are: our own, which act through the services, and else moto's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mwaactl.emulator.cloudformation.faults import ValidationError
from mwaactl.emulator.cloudformation.types import OWN_TYPES

if TYPE_CHECKING:
    from mwaactl.emulator.cloudformation.resource_type import ResourceType
    from mwaactl.emulator.cloudformation.template import Template


def find_type(type_name: str) -> ResourceType | None:
    """Return the type, or None if nobody models it."""
    if own := OWN_TYPES.get(type_name):
        return own
    # moto's models of all services take a second to import, and most stacks need none of them.
    from mwaactl.emulator.cloudformation.moto_types import moto_type

    return moto_type(type_name)


def existing_type(type_name: str) -> ResourceType:
    """Return a type that a template has been checked for.

    Raises:
        ValidationError: If nobody models it.
    """
    found = find_type(type_name)
    if found is None:
        raise ValidationError(_unrecognized([type_name]))
    return found


def refuse_unmodelled(template: Template) -> None:
    """Check that every type and every property of a template is modelled.

    Raises:
        ValidationError: Naming the types, or the property, that are not.
    """
    names = {resource.type_name for resource in template.resources.values()}
    if unknown := sorted(name for name in names if find_type(name) is None):
        raise ValidationError(_unrecognized(unknown))
    for resource in template.resources.values():
        modelled = existing_type(resource.type_name).properties
        extra = sorted(set(resource.properties) - modelled) if modelled else []
        if extra:
            message = (
                f"Template error: the emulator does not model the properties [{', '.join(extra)}] "
                f"of {resource.type_name} (resource {resource.logical_id})"
            )
            raise ValidationError(message)


def _unrecognized(names: list[str]) -> str:
    listed = ", ".join(names)
    return (
        f"Template format error: Unrecognized resource types: [{listed}] (the emulator does not model them)"
    )
