"""AWS::Lambda::EventSourceMapping."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mwaactl.emulator.cloudformation.resource_type import (
    Physical,
    ResourceContext,
    ResourceType,
    picked,
    wait_for,
)
from mwaactl.emulator.cloudformation.service_calls import gone_is_fine

if TYPE_CHECKING:
    from mwaactl.emulator.cloudformation.resource_type import Properties

_CHANGEABLE = (
    "BatchSize",
    "Enabled",
    "FunctionName",
    "FunctionResponseTypes",
    "MaximumBatchingWindowInSeconds",
    "ScalingConfig",
)
_SECONDS = 60.0


class EventSourceMapping(ResourceType):
    """What lets a function read from a queue."""

    type_name = "AWS::Lambda::EventSourceMapping"
    properties = frozenset({*_CHANGEABLE, "EventSourceArn"})
    replaced_by = frozenset({"EventSourceArn"})
    attributes = frozenset({"EventSourceMappingArn", "Id"})

    def create(self, context: ResourceContext, properties: Properties) -> Physical:
        """Create the mapping and wait until it is as it is to be."""
        functions = context.client("lambda")
        made = functions.create_event_source_mapping(
            EventSourceArn=properties["EventSourceArn"], **picked(properties, *_CHANGEABLE)
        )
        _wait(functions, made["UUID"])
        return Physical(
            made["UUID"], {"Id": made["UUID"], "EventSourceMappingArn": made["EventSourceMappingArn"]}
        )

    def update(
        self,
        context: ResourceContext,
        physical: Physical,
        old: Properties,  # noqa: ARG002
        new: Properties,
    ) -> Physical:
        """Change the mapping; what is no longer said has its default again."""
        functions = context.client("lambda")
        defaults = {"Enabled": True, "FunctionResponseTypes": [], "MaximumBatchingWindowInSeconds": 0}
        functions.update_event_source_mapping(
            UUID=physical.physical_id, **(defaults | picked(new, *_CHANGEABLE))
        )
        _wait(functions, physical.physical_id)
        return physical

    def delete(self, context: ResourceContext, physical: Physical, properties: Properties) -> None:  # noqa: ARG002
        """Delete the mapping."""
        with gone_is_fine("ResourceNotFoundException"):
            context.client("lambda").delete_event_source_mapping(UUID=physical.physical_id)


def _wait(functions: Any, uuid: str) -> None:  # noqa: ANN401 - boto3's client
    def state() -> str:
        return str(functions.get_event_source_mapping(UUID=uuid)["State"])

    wait_for(state, lambda found: found in {"Enabled", "Disabled"}, uuid, _SECONDS, 0.2)
