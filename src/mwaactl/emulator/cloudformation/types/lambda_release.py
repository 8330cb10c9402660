"""AWS::Lambda::Version and AWS::Lambda::Alias."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mwaactl.emulator.cloudformation.resource_type import Physical, ResourceContext, ResourceType, picked
from mwaactl.emulator.cloudformation.service_calls import gone_is_fine

if TYPE_CHECKING:
    from mwaactl.emulator.cloudformation.resource_type import Properties

_OF_ALIAS = ("Description", "FunctionName", "FunctionVersion", "Name")


class Version(ResourceType):
    """What a function is now, published under a number."""

    type_name = "AWS::Lambda::Version"
    properties = frozenset({"CodeSha256", "Description", "FunctionName"})
    replaced_by = properties
    attributes = frozenset({"FunctionArn", "Version"})

    def create(self, context: ResourceContext, properties: Properties) -> Physical:
        """Publish the version."""
        made = context.client("lambda").publish_version(
            **picked(properties, "CodeSha256", "Description", "FunctionName")
        )
        return Physical(made["FunctionArn"], {"FunctionArn": made["FunctionArn"], "Version": made["Version"]})

    def delete(self, context: ResourceContext, physical: Physical, properties: Properties) -> None:  # noqa: ARG002
        """Delete the version."""
        with gone_is_fine("ResourceNotFoundException"):
            context.client("lambda").delete_function(FunctionName=physical.physical_id)


class FunctionAlias(ResourceType):
    """A name for a version."""

    type_name = "AWS::Lambda::Alias"
    properties = frozenset(_OF_ALIAS)
    replaced_by = frozenset({"FunctionName", "Name"})
    attributes = frozenset({"AliasArn"})

    def create(self, context: ResourceContext, properties: Properties) -> Physical:
        """Create the alias."""
        return _named(context.client("lambda").create_alias(**picked(properties, *_OF_ALIAS)))

    def update(
        self,
        context: ResourceContext,
        physical: Physical,  # noqa: ARG002
        old: Properties,  # noqa: ARG002
        new: Properties,
    ) -> Physical:
        """Point the alias at another version."""
        return _named(context.client("lambda").update_alias(**picked(new, *_OF_ALIAS)))

    def delete(self, context: ResourceContext, physical: Physical, properties: Properties) -> None:  # noqa: ARG002
        """Delete the alias."""
        with gone_is_fine("ResourceNotFoundException"):
            context.client("lambda").delete_alias(**picked(properties, "FunctionName", "Name"))


def _named(made: Any) -> Physical:  # noqa: ANN401 - the service's answer
    return Physical(made["AliasArn"], {"AliasArn": made["AliasArn"]})
