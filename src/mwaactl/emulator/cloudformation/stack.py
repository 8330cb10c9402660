"""The stacks' own state: resources, events, outputs and the statuses in between."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from mwaactl.emulator.event_bus.emission import emit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mwaactl.emulator.cloudformation.parameters import ParameterValue
    from mwaactl.emulator.cloudformation.resource_type import Physical
    from mwaactl.emulator.cloudformation.template import Template

_STATUS_CHANGE = "CloudFormation Stack Status Change"
STACK_TYPE = "AWS::CloudFormation::Stack"


@dataclass(frozen=True, slots=True)
class StackResource:
    """A resource of a stack.

    Attributes:
        logical_id: Its name in the template.
        type_name: Its type.
        status: For example `CREATE_COMPLETE`.
        reason: Why it has that status, if there is more to say.
        timestamp: When it got the status.
        properties: The resolved properties with which it was last created or updated.
        physical: What exists, or None before and after.
        deletion_policy: `Delete`, `Retain` or `RetainExceptOnCreate`.
    """

    logical_id: str
    type_name: str
    status: str
    reason: str | None
    timestamp: datetime
    properties: Mapping[str, Any]
    physical: Physical | None
    deletion_policy: str = "Delete"


@dataclass(frozen=True, slots=True)
class StackEvent:
    """One line of a stack's history."""

    event_id: str
    logical_id: str
    physical_id: str
    type_name: str
    status: str
    reason: str | None
    timestamp: datetime
    token: str | None


@dataclass(frozen=True, slots=True)
class Output:
    """An output of a stack; `export` is the name under which other stacks import it."""

    key: str
    value: str
    description: str | None
    export: str | None


@dataclass(frozen=True, slots=True)
class StackInput:
    """What a create or update submits.

    Attributes:
        template: The template.
        parameters: All parameters, resolved.
        tags: The stack's tags.
    """

    template: Template
    parameters: Mapping[str, ParameterValue]
    tags: Mapping[str, str]

    def differs_from(self, other: StackInput) -> bool:
        """Whether anything that CloudFormation acts on differs; the text's layout does not count."""
        mine = (self.template.sections, self.parameters, self.tags)
        return mine != (other.template.sections, other.parameters, other.tags)


@dataclass(slots=True)
class Stack:
    """A stack, changed only by the engine under its lock.

    Attributes:
        given: What the stack was last created or updated with; None while only a change set exists.
        resources: The resources by logical id, in order of creation.
        imports: The names of the exports that the stack uses.
    """

    stack_id: str
    name: str
    account_id: str
    region: str
    status: str
    given: StackInput | None = None
    reason: str | None = None
    created: datetime = field(default_factory=lambda: datetime.now(UTC))
    updated: datetime | None = None
    deleted: datetime | None = None
    role_arn: str | None = None
    change_set_id: str | None = None
    notification_arns: tuple[str, ...] = ()
    capabilities: tuple[str, ...] = ()
    termination_protection: bool = False
    disable_rollback: bool = False
    token: str | None = None
    resources: dict[str, StackResource] = field(default_factory=dict)
    outputs: tuple[Output, ...] = ()
    imports: frozenset[str] = frozenset()
    events: list[StackEvent] = field(default_factory=list)

    @property
    def busy(self) -> bool:
        """Whether an operation is under way."""
        return self.status.endswith("_IN_PROGRESS") and self.status != "REVIEW_IN_PROGRESS"

    def set_status(self, status: str, reason: str | None = None) -> None:
        """Give the stack a status, write the event, and tell EventBridge."""
        self.status, self.reason = status, reason
        details = {"status": status, "status-reason": reason or ""}
        detail = {
            "stack-id": self.stack_id,
            "status-details": details,
            "client-request-token": self.token or "",
        }
        emit(self.account_id, self.region, "aws.cloudformation", _STATUS_CHANGE, detail, self.stack_id)
        self.events.append(self._event(self.name, self.stack_id, STACK_TYPE, status, reason))

    def set_resource(self, resource: StackResource, status: str, reason: str | None = None) -> None:
        """Give a resource a status and write the event."""
        now = datetime.now(UTC)
        self.resources[resource.logical_id] = replace(resource, status=status, reason=reason, timestamp=now)
        physical_id = resource.physical.physical_id if resource.physical else ""
        event = self._event(resource.logical_id, physical_id, resource.type_name, status, reason)
        self.events.append(event)

    def _event(
        self, logical_id: str, physical_id: str, type_name: str, status: str, reason: str | None
    ) -> StackEvent:
        return StackEvent(
            event_id=f"{logical_id}-{uuid.uuid4()}",
            logical_id=logical_id,
            physical_id=physical_id,
            type_name=type_name,
            status=status,
            reason=reason,
            timestamp=datetime.now(UTC),
            token=self.token,
        )
