"""AWS::Lambda::EventInvokeConfig and AWS::Lambda::Permission: how, and by whom, a function is invoked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mwaactl.emulator.cloudformation.resource_type import Physical, ResourceContext, ResourceType, picked
from mwaactl.emulator.cloudformation.service_calls import gone_is_fine

if TYPE_CHECKING:
    from mwaactl.emulator.cloudformation.resource_type import Properties

_OF_EVENTS = (
    "DestinationConfig",
    "FunctionName",
    "MaximumEventAgeInSeconds",
    "MaximumRetryAttempts",
    "Qualifier",
)
_OF_PERMISSION = (
    "Action",
    "EventSourceToken",
    "FunctionName",
    "FunctionUrlAuthType",
    "Principal",
    "PrincipalOrgID",
    "SourceAccount",
    "SourceArn",
)


class EventInvokeConfig(ResourceType):
    """How a function's asynchronous invocations are treated."""

    type_name = "AWS::Lambda::EventInvokeConfig"
    properties = frozenset(_OF_EVENTS)
    replaced_by = frozenset({"FunctionName", "Qualifier"})

    def create(self, context: ResourceContext, properties: Properties) -> Physical:
        """Put the configuration."""
        return self._put(context, properties)

    def update(
        self,
        context: ResourceContext,
        physical: Physical,  # noqa: ARG002
        old: Properties,  # noqa: ARG002
        new: Properties,
    ) -> Physical:
        """Put the new configuration in the place of the old."""
        return self._put(context, new)

    def delete(self, context: ResourceContext, physical: Physical, properties: Properties) -> None:  # noqa: ARG002
        """Delete the configuration."""
        with gone_is_fine("ResourceNotFoundException"):
            context.client("lambda").delete_function_event_invoke_config(
                **picked(properties, "FunctionName", "Qualifier")
            )

    def _put(self, context: ResourceContext, properties: Properties) -> Physical:
        context.client("lambda").put_function_event_invoke_config(**picked(properties, *_OF_EVENTS))
        return Physical(f"{properties['FunctionName']}|{properties['Qualifier']}")


class Permission(ResourceType):
    """A statement of a function's policy; it never changes."""

    type_name = "AWS::Lambda::Permission"
    properties = frozenset(_OF_PERMISSION)
    replaced_by = properties
    attributes = frozenset({"Id"})

    def create(self, context: ResourceContext, properties: Properties) -> Physical:
        """Add the statement."""
        statement = context.generated_name(100)
        context.client("lambda").add_permission(StatementId=statement, **picked(properties, *_OF_PERMISSION))
        return Physical(statement, {"Id": statement})

    def delete(self, context: ResourceContext, physical: Physical, properties: Properties) -> None:
        """Take the statement away."""
        with gone_is_fine("ResourceNotFoundException"):
            context.client("lambda").remove_permission(
                FunctionName=properties["FunctionName"], StatementId=physical.physical_id
            )
