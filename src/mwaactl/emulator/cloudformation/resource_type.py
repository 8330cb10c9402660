"""What the engine asks of a resource type: create, update and delete through the services, and attributes."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from mwaactl.emulator.cloudformation.faults import ResourceFailure
from mwaactl.emulator.cloudformation.scalar_types import convert_parameters
from mwaactl.emulator.loopback import client

if TYPE_CHECKING:
    from mwaactl.emulator.settings import EmulatorSettings

type TagStyle = Literal["list", "map", "none"]
type Properties = Mapping[str, Any]

_EVERY_CALL = "provide-client-params.*.*"


@dataclass(frozen=True, slots=True)
class Physical:
    """A resource as it exists.

    Attributes:
        physical_id: What Ref gives and DescribeStackResources shows.
        attributes: What Fn::GetAtt gives, by attribute name.
        handle: moto's own object, for types that moto models.
    """

    physical_id: str
    attributes: Mapping[str, Any] = field(default_factory=dict)
    handle: Any = None


@dataclass(frozen=True, slots=True)
class ResourceContext:
    """For whom and where a resource is made."""

    settings: EmulatorSettings
    account_id: str
    region: str
    stack_name: str
    stack_id: str
    logical_id: str

    def client(self, service: str) -> Any:  # noqa: ANN401 - one type per service name
        """Return a boto3 client in the stack's account and region, which takes text for numbers."""
        made = client(service, self.settings, self.region, self.account_id)
        made.meta.events.register(_EVERY_CALL, convert_parameters, unique_id=_EVERY_CALL)
        return made

    def generated_name(self, longest: int = 64, *, lower: bool = False) -> str:
        """Return a name in CloudFormation's style, the same for the same resource of the same stack."""
        digest = hashlib.sha256(f"{self.stack_id}/{self.logical_id}".encode()).hexdigest()[:12].upper()
        name = f"{self.stack_name}-{self.logical_id}"[: longest - 13] + f"-{digest}"
        return name.lower() if lower else name


class ResourceType:
    """One CloudFormation type, acting through boto3 as CloudFormation's own handlers do.

    Attributes:
        type_name: For example `AWS::S3::Bucket`.
        properties: The properties that are modelled; any other one is refused.
        replaced_by: The properties whose change needs a new resource.
        attributes: The names that Fn::GetAtt may ask for.
        name_property: The property that holds a custom name, if the type has one.
        restores_itself: Whether the service itself goes back to what was before when an update fails.
        tag_style: How the Tags property is written, so that stack tags can be added to it.
    """

    type_name: ClassVar[str]
    properties: ClassVar[frozenset[str]]
    replaced_by: ClassVar[frozenset[str]] = frozenset()
    attributes: ClassVar[frozenset[str]] = frozenset()
    name_property: ClassVar[str] = ""
    restores_itself: ClassVar[bool] = False
    tag_style: ClassVar[TagStyle] = "none"

    def create(self, context: ResourceContext, properties: Properties) -> Physical:
        """Create the resource and return it when it is usable.

        Raises:
            ClientError, ResourceFailure: If the service refuses or fails.
        """
        raise NotImplementedError

    def update(
        self, context: ResourceContext, physical: Physical, old: Properties, new: Properties
    ) -> Physical:
        """Change the resource in place.

        Raises:
            ClientError, ResourceFailure: If the service refuses or fails.
        """
        changed = ", ".join(sorted(changed_properties(old, new)))
        which = f"{context.logical_id} ({self.type_name} {physical.physical_id})"
        message = f"The emulator does not model this update of {which}: {changed}"
        raise ResourceFailure(message)

    def delete(self, context: ResourceContext, physical: Physical, properties: Properties) -> None:
        """Delete the resource; one that is gone already is no failure.

        Raises:
            ClientError, ResourceFailure: If the service refuses or fails.
        """
        raise NotImplementedError

    def attribute(self, physical: Physical, name: str) -> Any:  # noqa: ANN401 - text or a list
        """Return an attribute of an existing resource.

        Raises:
            KeyError: If the type has no such attribute.
        """
        return physical.attributes[name]


def changed_properties(old: Properties, new: Properties) -> set[str]:
    """Return the names of the properties that differ."""
    return {name for name in {*old, *new} if old.get(name) != new.get(name)}


def picked(properties: Properties, *names: str) -> dict[str, Any]:
    """Return those of the named properties that are there."""
    return {name: properties[name] for name in names if name in properties}


def tags_as_map(tags: Any) -> dict[str, str]:  # noqa: ANN401 - as the template writes them
    """Return tags as a mapping, whichever way the property writes them."""
    if isinstance(tags, Mapping):
        return {str(key): str(value) for key, value in tags.items()}
    return {str(tag["Key"]): str(tag["Value"]) for tag in tags or ()}


def tags_as_list(tags: Any, key: str = "Key", value: str = "Value") -> list[dict[str, str]]:  # noqa: ANN401
    """Return tags as a list of pairs, under the member names that the service uses."""
    return [{key: name, value: text} for name, text in tags_as_map(tags).items()]


def wait_for[State](
    look: Callable[[], State], done: Callable[[State], bool], what: str, seconds: float, pause: float = 1.0
) -> State:
    """Look until it is done and return the last state.

    Args:
        look: Asks the service.
        done: Whether to stop; may raise ResourceFailure where the resource has failed.
        what: The resource's name, for the message.
        seconds: How long to wait.
        pause: Seconds between two looks.

    Raises:
        ResourceFailure: If it takes longer.
    """
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        state = look()
        if done(state):
            return state
        time.sleep(pause)
    message = f"{what} did not stabilize within {seconds:.0f} seconds"
    raise ResourceFailure(message)
