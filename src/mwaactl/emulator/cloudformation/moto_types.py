"""moto's own CloudFormation models behind the engine's interface, for types that have no model of ours.

moto's models take what they know of the properties and pass over the rest, and many lack updates; an update
that moto would drop fails here instead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from moto.cloudformation.exceptions import UnformattedGetAttTemplateException
from moto.cloudformation.parsing import generate_resource_name, get_model_map
from moto.core.common_models import CloudFormationModel

from mwaactl.emulator.cloudformation.faults import ResourceFailure
from mwaactl.emulator.cloudformation.resource_type import Physical, ResourceType, changed_properties

if TYPE_CHECKING:
    from mwaactl.emulator.cloudformation.resource_type import Properties, ResourceContext


class MotoType(ResourceType):
    """One of moto's CloudFormationModel classes."""

    # An update either succeeds or has changed nothing: taking it back would only fail again.
    restores_itself = True
    properties = frozenset()  # moto does not say which ones it knows

    def __init__(self, model: type[CloudFormationModel]) -> None:
        self._model = model
        self._name = model.cloudformation_type()

    def create(self, context: ResourceContext, properties: Properties) -> Physical:
        """Create through moto's model."""
        name = self._resource_name(context, properties)
        document = self._document(properties)
        made = self._model.create_from_cloudformation_json(name, document, context.account_id, context.region)
        made.type = self._name
        return Physical(str(made.physical_resource_id), handle=made)

    def update(
        self, context: ResourceContext, physical: Physical, old: Properties, new: Properties
    ) -> Physical:
        """Update through moto's model, if it has updates."""
        own = self._model.update_from_cloudformation_json
        if getattr(own, "__func__", own) is CloudFormationModel.update_from_cloudformation_json.__func__:  # type: ignore[attr-defined]
            names = ", ".join(sorted(changed_properties(old, new)))
            message = f"The emulator does not model updates of {self._name}: {names}"
            raise ResourceFailure(message)
        made = own(
            original_resource=physical.handle,
            new_resource_name=self._resource_name(context, new),
            cloudformation_json=self._document(new),
            account_id=context.account_id,
            region_name=context.region,
        )
        return Physical(str(made.physical_resource_id), handle=made)

    def delete(self, context: ResourceContext, physical: Physical, properties: Properties) -> None:
        """Delete through moto's model, by whichever of its two ways the model has."""
        own = self._model.delete_from_cloudformation_json
        if getattr(own, "__func__", own) is not CloudFormationModel.delete_from_cloudformation_json.__func__:  # type: ignore[attr-defined]
            own(physical.physical_id, self._document(properties), context.account_id, context.region)
        elif hasattr(physical.handle, "delete"):
            physical.handle.delete(context.account_id, context.region)
        else:
            message = f"The emulator does not model the deletion of {self._name}"
            raise ResourceFailure(message)

    def attribute(self, physical: Physical, name: str) -> Any:  # noqa: ANN401 - text or a list
        """Return what moto's model says."""
        try:
            return physical.handle.get_cfn_attribute(name)
        except (UnformattedGetAttTemplateException, NotImplementedError) as error:
            raise KeyError(name) from error

    def _document(self, properties: Properties) -> dict[str, Any]:
        return {"Type": self._name, "Properties": dict(properties)}

    def _resource_name(self, context: ResourceContext, properties: Properties) -> str:
        given = properties.get(self._model.cloudformation_name_type() or "")
        return str(given or generate_resource_name(self._name, context.stack_name, context.logical_id))


def moto_type(type_name: str) -> ResourceType | None:
    """Return moto's model of a type, or None if moto has none either."""
    model = get_model_map().get(type_name)
    return MotoType(model) if model else None
