"""AWS::Lambda::LayerVersion."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mwaactl.emulator.cloudformation.resource_type import Physical, ResourceContext, ResourceType, picked
from mwaactl.emulator.cloudformation.service_calls import gone_is_fine, translated

if TYPE_CHECKING:
    from mwaactl.emulator.cloudformation.resource_type import Properties

_CONTENT = {name: name for name in ("S3Bucket", "S3Key", "S3ObjectVersion")}
_OPTIONAL = ("CompatibleArchitectures", "CompatibleRuntimes", "Description", "LicenseInfo")


class LayerVersion(ResourceType):
    """One version of a layer; it never changes."""

    type_name = "AWS::Lambda::LayerVersion"
    properties = frozenset({*_OPTIONAL, "Content", "LayerName"})
    replaced_by = properties
    attributes = frozenset({"LayerVersionArn"})

    def create(self, context: ResourceContext, properties: Properties) -> Physical:
        """Publish the version."""
        made = context.client("lambda").publish_layer_version(
            LayerName=properties.get("LayerName") or context.generated_name(64),
            Content=translated(properties["Content"], _CONTENT, "the Content of AWS::Lambda::LayerVersion"),
            **picked(properties, *_OPTIONAL),
        )
        arn = made["LayerVersionArn"]
        return Physical(arn, {"LayerVersionArn": arn})

    def delete(self, context: ResourceContext, physical: Physical, properties: Properties) -> None:  # noqa: ARG002
        """Delete the version; functions that use it keep what it holds."""
        layer, _, version = physical.physical_id.rpartition(":")
        with gone_is_fine("ResourceNotFoundException"):
            context.client("lambda").delete_layer_version(
                LayerName=layer.rpartition(":")[2], VersionNumber=int(version)
            )
