"""AWS::Events::Rule."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from mwaactl.emulator.cloudformation.faults import ResourceFailure
from mwaactl.emulator.cloudformation.resource_type import (
    Physical,
    ResourceContext,
    ResourceType,
    picked,
    tags_as_list,
)
from mwaactl.emulator.cloudformation.service_calls import gone_is_fine, undo_on_failure

if TYPE_CHECKING:
    from mwaactl.emulator.cloudformation.resource_type import Properties

_SAME = ("Description", "EventBusName", "RoleArn", "ScheduleExpression", "State")
_GONE = "ResourceNotFoundException"


class EventRule(ResourceType):
    """A rule with its targets; a schedule is kept, and nothing happens at its times."""

    type_name = "AWS::Events::Rule"
    properties = frozenset({*_SAME, "EventPattern", "Name", "Tags", "Targets"})
    replaced_by = frozenset({"EventBusName", "Name"})
    attributes = frozenset({"Arn"})
    tag_style = "list"
    name_property = "Name"

    def create(self, context: ResourceContext, properties: Properties) -> Physical:
        """Create the rule and give it its targets."""
        name, bus = properties.get("Name") or context.generated_name(64), _bus(properties)
        events = context.client("events")
        listed = events.list_rules(NamePrefix=name, **bus)["Rules"]
        if any(each["Name"] == name for each in listed):
            message = f"{name} already exists"
            raise ResourceFailure(message)
        with undo_on_failure(lambda: self._remove(events, name, bus)):
            arn = self._put(events, name, properties)
            self._target(events, name, [], properties)
        return Physical(name, {"Arn": arn})

    def update(
        self, context: ResourceContext, physical: Physical, old: Properties, new: Properties
    ) -> Physical:
        """Put the new rule in the place of the old, and its targets in the place of theirs."""
        events, name = context.client("events"), physical.physical_id
        arn = self._put(events, name, new)
        self._target(events, name, old.get("Targets", ()), new)
        return Physical(name, {"Arn": arn})

    def delete(self, context: ResourceContext, physical: Physical, properties: Properties) -> None:
        """Take the targets away and delete the rule."""
        with gone_is_fine(_GONE):
            self._remove(context.client("events"), physical.physical_id, _bus(properties))

    def _put(self, events: Any, name: str, properties: Properties) -> str:  # noqa: ANN401 - boto3's
        request: dict[str, Any] = {"Name": name, **picked(properties, *_SAME)}
        if "EventPattern" in properties:
            pattern = properties["EventPattern"]
            request["EventPattern"] = pattern if isinstance(pattern, str) else json.dumps(pattern)
        if tags := tags_as_list(properties.get("Tags")):
            request["Tags"] = tags
        return str(events.put_rule(**request)["RuleArn"])

    def _target(self, events: Any, name: str, before: Any, properties: Properties) -> None:  # noqa: ANN401
        targets, bus = properties.get("Targets", ()), _bus(properties)
        ids = {target["Id"] for target in targets}
        if gone := [target["Id"] for target in before if target["Id"] not in ids]:
            events.remove_targets(Rule=name, Ids=gone, **bus)
        if targets:
            events.put_targets(Rule=name, Targets=[*targets], **bus)

    def _remove(self, events: Any, name: str, bus: dict[str, str]) -> None:  # noqa: ANN401 - boto3's
        targets = events.list_targets_by_rule(Rule=name, **bus)["Targets"]
        if targets:
            events.remove_targets(Rule=name, Ids=[target["Id"] for target in targets], **bus)
        events.delete_rule(Name=name, **bus)


def _bus(properties: Properties) -> dict[str, str]:
    return picked(properties, "EventBusName")
