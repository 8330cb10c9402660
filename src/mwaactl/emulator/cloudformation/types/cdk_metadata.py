"""AWS::CDK::Metadata: usage data that CloudFormation stores and does nothing with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mwaactl.emulator.cloudformation.resource_type import Physical, ResourceContext, ResourceType

if TYPE_CHECKING:
    from mwaactl.emulator.cloudformation.resource_type import Properties


class CdkMetadata(ResourceType):
    """A resource without an effect, on AWS as here."""

    type_name = "AWS::CDK::Metadata"
    properties = frozenset({"Analytics"})

    def create(self, context: ResourceContext, properties: Properties) -> Physical:  # noqa: ARG002
        """Give it an id."""
        return Physical(context.generated_name())

    def update(
        self,
        context: ResourceContext,  # noqa: ARG002
        physical: Physical,
        old: Properties,  # noqa: ARG002
        new: Properties,  # noqa: ARG002
    ) -> Physical:
        """Keep the id."""
        return physical

    def delete(self, context: ResourceContext, physical: Physical, properties: Properties) -> None:
        """Nothing exists outside of the stack."""
