"""AWS::IAM::OIDCProvider."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mwaactl.emulator.cloudformation.resource_type import (
    Physical,
    ResourceContext,
    ResourceType,
    tags_as_list,
)
from mwaactl.emulator.cloudformation.service_calls import gone_is_fine

if TYPE_CHECKING:
    from mwaactl.emulator.cloudformation.resource_type import Properties


class OidcProvider(ResourceType):
    """An identity provider whose tokens roles may trust; an account has one for each address."""

    type_name = "AWS::IAM::OIDCProvider"
    properties = frozenset({"ClientIdList", "Tags", "ThumbprintList", "Url"})
    replaced_by = frozenset({"Url"})
    attributes = frozenset({"Arn"})
    tag_style = "list"

    def create(self, context: ResourceContext, properties: Properties) -> Physical:
        """Create the provider."""
        made = context.client("iam").create_open_id_connect_provider(
            Url=properties["Url"],
            ClientIDList=list(properties.get("ClientIdList", ())),
            ThumbprintList=list(properties.get("ThumbprintList", ())),
            Tags=tags_as_list(properties.get("Tags")),
        )
        arn = str(made["OpenIDConnectProviderArn"])
        return Physical(arn, {"Arn": arn})

    def update(
        self, context: ResourceContext, physical: Physical, old: Properties, new: Properties
    ) -> Physical:
        """Change audiences, thumbprints and tags.

        moto cannot change the audiences of a provider. Its ARN follows from its address, so that one made
        anew is the same to everybody.
        """
        self.delete(context, physical, old)
        return self.create(context, new)

    def delete(self, context: ResourceContext, physical: Physical, properties: Properties) -> None:  # noqa: ARG002
        """Delete the provider."""
        with gone_is_fine("NoSuchEntity"):
            context.client("iam").delete_open_id_connect_provider(
                OpenIDConnectProviderArn=physical.physical_id
            )
