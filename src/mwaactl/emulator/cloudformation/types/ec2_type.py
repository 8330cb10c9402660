"""What all EC2 types share: one client, tags, and updates that touch nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from mwaactl.emulator.cloudformation.faults import ResourceFailure
from mwaactl.emulator.cloudformation.resource_type import (
    Physical,
    ResourceContext,
    ResourceType,
    TagStyle,
    changed_properties,
    tags_as_list,
)
from mwaactl.emulator.cloudformation.service_calls import gone_is_fine, tag_changes, undo_on_failure

if TYPE_CHECKING:
    from mwaactl.emulator.cloudformation.resource_type import Properties


class Ec2Type(ResourceType):
    """A type of EC2 with the Tags property.

    Attributes:
        gone: The error codes that say that the resource does not exist.
    """

    tag_style: ClassVar[TagStyle] = "list"
    gone: ClassVar[tuple[str, ...]] = ()

    def create(self, context: ResourceContext, properties: Properties) -> Physical:
        """Create and tag."""
        ec2 = context.client("ec2")
        physical = self.make(ec2, properties)
        with undo_on_failure(lambda: self.remove(ec2, physical, properties)):
            if tags := tags_as_list(properties.get("Tags")):
                ec2.create_tags(Resources=[self.tagged_id(physical)], Tags=tags)
        return physical

    def update(
        self, context: ResourceContext, physical: Physical, old: Properties, new: Properties
    ) -> Physical:
        """Change what can be changed in place, and the tags."""
        ec2 = context.client("ec2")
        changed = changed_properties(old, new) - {"Tags"}
        if changed:
            physical = self.change(ec2, physical, old, new)
        to_set, to_remove = tag_changes(old.get("Tags"), new.get("Tags"))
        if to_set:
            ec2.create_tags(Resources=[self.tagged_id(physical)], Tags=tags_as_list(to_set))
        if to_remove:
            ec2.delete_tags(Resources=[self.tagged_id(physical)], Tags=[{"Key": key} for key in to_remove])
        return physical

    def delete(self, context: ResourceContext, physical: Physical, properties: Properties) -> None:
        """Delete, unless it is gone."""
        with gone_is_fine(*self.gone):
            self.remove(context.client("ec2"), physical, properties)

    def tagged_id(self, physical: Physical) -> str:
        """Return the id that tags hang on."""
        return physical.physical_id

    def make(self, ec2: Any, properties: Properties) -> Physical:  # noqa: ANN401 - a boto3 client
        """Create the resource."""
        raise NotImplementedError

    def change(self, ec2: Any, physical: Physical, old: Properties, new: Properties) -> Physical:  # noqa: ANN401, ARG002
        """Change the resource; types whose every property needs a new resource leave it as it is."""
        names = ", ".join(sorted(changed_properties(old, new) - {"Tags"}))
        message = f"The emulator does not model a change of [{names}] of {self.type_name}"
        raise ResourceFailure(message)

    def remove(self, ec2: Any, physical: Physical, properties: Properties) -> None:  # noqa: ANN401
        """Delete the resource."""
        raise NotImplementedError
