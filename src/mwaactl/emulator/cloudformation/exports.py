"""What stacks offer to one another in one account and region."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mwaactl.emulator.cloudformation.faults import ResourceFailure, ValidationError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mwaactl.emulator.cloudformation.stack import Output, Stack


@dataclass(frozen=True, slots=True)
class StackExport:
    """A value that a stack exports under a name."""

    stack_id: str
    name: str
    value: str


def exports_of(stacks: Iterable[Stack]) -> dict[str, StackExport]:
    """Return all exports by name."""
    return {
        output.export: StackExport(stack.stack_id, output.export, output.value)
        for stack in stacks
        for output in stack.outputs
        if output.export
    }


def importers_of(name: str, stacks: Iterable[Stack]) -> list[str]:
    """Return the names of the stacks that import an export."""
    return [stack.name for stack in stacks if name in stack.imports]


def exported_value(name: str, stacks: Iterable[Stack]) -> str:
    """Return an export's value.

    Raises:
        ValidationError: If nothing exports under that name.
    """
    found = exports_of(stacks).get(name)
    if found is None:
        message = f"No export named {name} found."
        raise ValidationError(message)
    return found.value


def refuse_clash(stack: Stack, outputs: Iterable[Output], stacks: list[Stack]) -> None:
    """Check that new outputs neither take another stack's name nor change what others use.

    Raises:
        ResourceFailure: If they do.
    """
    others = exports_of(other for other in stacks if other is not stack)
    wanted = {output.export: output.value for output in outputs if output.export}
    for name in wanted:
        if name in others:
            message = (
                f"Export with name {name} is already exported by stack {others[name].stack_id.split('/')[1]}"
            )
            raise ResourceFailure(message)
    for output in stack.outputs:
        users = importers_of(output.export, stacks) if output.export else []
        if users and wanted.get(output.export or "") != output.value:
            message = f"Cannot update export {output.export} as it is in use by {', '.join(users)}"
            raise ResourceFailure(message)


def refuse_delete_in_use(stack: Stack, stacks: list[Stack]) -> None:
    """Check that no other stack imports what this one exports.

    Raises:
        ResourceFailure: If one does.
    """
    for output in stack.outputs:
        users = importers_of(output.export, stacks) if output.export else []
        if users:
            message = f"Cannot delete export {output.export} as it is in use by {', '.join(users)}."
            raise ResourceFailure(message)
