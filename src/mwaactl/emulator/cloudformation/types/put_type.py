"""What types share that a service creates and changes by one call, which puts one definition over another."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, ClassVar

from mwaactl.emulator.cloudformation.resource_type import Physical, ResourceContext, ResourceType

if TYPE_CHECKING:
    from mwaactl.emulator.cloudformation.resource_type import Properties


class PutType(ResourceType):
    """A type with a name, which is also its physical id.

    Attributes:
        longest_name: How many characters a generated name may have.
    """

    name_property: ClassVar[str]
    longest_name: ClassVar[int] = 255

    def create(self, context: ResourceContext, properties: Properties) -> Physical:
        """Put it under a name that nothing has yet."""
        name = properties.get(self.name_property) or context.generated_name(self.longest_name)
        self.refuse_existing(context, name, properties)
        return self.put(context, name, properties)

    def update(
        self,
        context: ResourceContext,
        physical: Physical,
        old: Properties,  # noqa: ARG002
        new: Properties,
    ) -> Physical:
        """Put the new definition in the place of the old."""
        return self.put(context, physical.physical_id, new)

    def refuse_existing(self, context: ResourceContext, name: str, properties: Properties) -> None:
        """Raise ResourceFailure if CloudFormation would not put it over what is there; by default it does."""

    @abstractmethod
    def put(self, context: ResourceContext, name: str, properties: Properties) -> Physical:
        """Make the call."""
