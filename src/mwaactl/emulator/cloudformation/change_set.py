"""Change sets: what an execution would do, kept until it is executed or deleted."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

from mwaactl.emulator.cloudformation.references import references
from mwaactl.emulator.cloudformation.registry import existing_type

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mwaactl.emulator.cloudformation.stack import Stack, StackInput

type Verb = Literal["Add", "Modify", "Remove"]

EXECUTED = "EXECUTE_COMPLETE"
NO_CHANGES = (
    "The submitted information didn't contain changes. Submit different information to create a change set."
)


@dataclass(frozen=True, slots=True)
class ResourceChange:
    """What would happen to one resource.

    Attributes:
        replacement: `True` or `False` for a modification, else None.
    """

    action: Verb
    logical_id: str
    physical_id: str | None
    type_name: str
    replacement: str | None


@dataclass(slots=True)
class ChangeSet:
    """A change set; its statuses are changed by the engine alone."""

    change_set_id: str
    name: str
    kind: str
    stack: Stack
    given: StackInput
    changes: tuple[ResourceChange, ...]
    status: str
    execution_status: str
    description: str | None = None
    reason: str | None = None
    role_arn: str | None = None
    capabilities: tuple[str, ...] = ()
    notification_arns: tuple[str, ...] = ()
    created: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def executed(self) -> bool:
        """Whether it was executed: then only its id still finds it.

        https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-changesets-execute.html
        """
        return self.execution_status == EXECUTED


def new_change_set(request: Mapping[str, Any], kind: str, stack: Stack, given: StackInput) -> ChangeSet:
    """Return the change set that a request asks for; one without changes is FAILED, as on AWS.

    Args:
        request: The members of CreateChangeSet.
        kind: `CREATE` or `UPDATE`.
        stack: The stack as it is.
        given: What the request submits.
    """
    same = stack.given is not None and not given.differs_from(stack.given)
    name, where = request["ChangeSetName"], f"{stack.region}:{stack.account_id}"
    return ChangeSet(
        change_set_id=f"arn:aws:cloudformation:{where}:changeSet/{name}/{uuid.uuid4()}",
        name=name,
        kind=kind,
        stack=stack,
        given=given,
        changes=changes_between(stack, given),
        status="FAILED" if same else "CREATE_COMPLETE",
        execution_status="UNAVAILABLE" if same else "AVAILABLE",
        description=request.get("Description"),
        reason=NO_CHANGES if same else None,
        role_arn=request.get("RoleARN"),
        capabilities=tuple(request.get("Capabilities") or ()),
        notification_arns=tuple(request.get("NotificationARNs") or ()),
    )


def changes_between(stack: Stack, given: StackInput) -> tuple[ResourceChange, ...]:
    """Return what would happen to the stack's resources; a changed parameter touches whoever refers to it."""
    old = stack.given.template.resources if stack.given else {}
    new = given.template.resources
    touched = _touched_names(stack.given, given)
    changes: list[ResourceChange] = []
    for name, resource in new.items():
        if name not in old:
            changes.append(ResourceChange("Add", name, None, resource.type_name, None))
            continue
        differing = {
            key
            for key in {*resource.properties, *old[name].properties}
            if resource.properties.get(key) != old[name].properties.get(key)
            or touched & set(references(resource.properties.get(key)))
        }
        if differing or resource.type_name != old[name].type_name or given.tags != _tags(stack):
            replaces = bool(differing & existing_type(resource.type_name).replaced_by)
            replacement = str(replaces or resource.type_name != old[name].type_name)
            changes.append(_change("Modify", stack, name, resource.type_name, replacement))
    removed = [name for name in old if name not in new and name in stack.resources]
    changes += [_change("Remove", stack, name, old[name].type_name, None) for name in removed]
    return tuple(changes)


def _tags(stack: Stack) -> object:
    return stack.given.tags if stack.given else {}


def _touched_names(old: StackInput | None, new: StackInput) -> set[str]:
    """Return the parameters that differ and the conditions that refer to them."""
    before = old.parameters if old else {}
    names = {name for name, value in new.parameters.items() if before.get(name) != value}
    conditions = new.template.section("Conditions")
    while True:
        more = {
            name for name, body in conditions.items() if name not in names and names & set(references(body))
        }
        if not more:
            return names
        names |= more


def _change(action: Verb, stack: Stack, name: str, type_name: str, replacement: str | None) -> ResourceChange:
    resource = stack.resources.get(name)
    physical = resource.physical.physical_id if resource and resource.physical else None
    return ResourceChange(action, name, physical, type_name, replacement)
