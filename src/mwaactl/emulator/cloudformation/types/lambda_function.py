"""AWS::Lambda::Function."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Any

from mwaactl.emulator.cloudformation.faults import ResourceFailure
from mwaactl.emulator.cloudformation.resource_type import (
    Physical,
    ResourceContext,
    ResourceType,
    changed_properties,
    picked,
    tags_as_map,
    wait_for,
)
from mwaactl.emulator.cloudformation.service_calls import gone_is_fine, tag_changes, undo_on_failure

if TYPE_CHECKING:
    from mwaactl.emulator.cloudformation.resource_type import Properties

_CONFIGURATION = (
    "DeadLetterConfig",
    "Description",
    "Environment",
    "EphemeralStorage",
    "Handler",
    "KMSKeyArn",
    "Layers",
    "LoggingConfig",
    "MemorySize",
    "Role",
    "Runtime",
    "Timeout",
    "TracingConfig",
    "VpcConfig",
)
_CODE = ("S3Bucket", "S3Key", "S3ObjectVersion")
_SECONDS = 120.0


class LambdaFunction(ResourceType):
    """A function from a zip file in S3."""

    type_name = "AWS::Lambda::Function"
    properties = frozenset(
        {*_CONFIGURATION, "Architectures", "Code", "FunctionName", "ReservedConcurrentExecutions", "Tags"}
    )
    replaced_by = frozenset({"FunctionName"})
    attributes = frozenset({"Arn"})
    tag_style = "list"
    name_property = "FunctionName"

    def create(self, context: ResourceContext, properties: Properties) -> Physical:
        """Create the function and wait until it is active."""
        functions = context.client("lambda")
        name = properties.get("FunctionName") or context.generated_name(64)
        made = functions.create_function(
            FunctionName=name,
            Code=_code(properties),
            Tags=tags_as_map(properties.get("Tags")),
            **picked(properties, *_CONFIGURATION, "Architectures"),
        )
        with undo_on_failure(lambda: functions.delete_function(FunctionName=name)):
            _wait_until_usable(functions, name)
            _reserve(functions, name, properties)
        return Physical(name, {"Arn": made["FunctionArn"]})

    def update(
        self, context: ResourceContext, physical: Physical, old: Properties, new: Properties
    ) -> Physical:
        """Change code, configuration and tags."""
        functions, name = context.client("lambda"), physical.physical_id
        changed = changed_properties(old, new)
        if changed & {"Code", "Architectures"}:
            functions.update_function_code(FunctionName=name, **_code(new), **picked(new, "Architectures"))
            _wait_until_usable(functions, name)
        if changed & set(_CONFIGURATION):
            functions.update_function_configuration(FunctionName=name, **picked(new, *_CONFIGURATION))
            _wait_until_usable(functions, name)
        if "ReservedConcurrentExecutions" in changed:
            _reserve(functions, name, new)
        to_set, to_remove = tag_changes(old.get("Tags"), new.get("Tags"))
        if to_set:
            functions.tag_resource(Resource=physical.attributes["Arn"], Tags=to_set)
        if to_remove:
            functions.untag_resource(Resource=physical.attributes["Arn"], TagKeys=to_remove)
        return physical

    def delete(self, context: ResourceContext, physical: Physical, properties: Properties) -> None:  # noqa: ARG002
        """Delete the function."""
        with gone_is_fine("ResourceNotFoundException"):
            context.client("lambda").delete_function(FunctionName=physical.physical_id)


def _code(properties: Properties) -> dict[str, Any]:
    code = properties["Code"]
    if "ZipFile" in code:
        return {"ZipFile": _inline(str(code["ZipFile"]))}
    if unknown := sorted(set(code) - set(_CODE)):
        message = f"The emulator does not model [{', '.join(unknown)}] in the Code of AWS::Lambda::Function"
        raise ResourceFailure(message)
    return dict(code)


def _reserve(functions: Any, name: str, properties: Properties) -> None:  # noqa: ANN401
    """Reserve places for the function, or give them back."""
    if (reserved := properties.get("ReservedConcurrentExecutions")) is not None:
        functions.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=reserved)
    else:
        functions.delete_function_concurrency(FunctionName=name)


def _inline(source: str) -> bytes:
    """Return a deployment package whose index.py is the template's text, the same for the same text."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(zipfile.ZipInfo("index.py"), source)
    return buffer.getvalue()


def _wait_until_usable(functions: Any, name: str) -> None:  # noqa: ANN401
    def state() -> tuple[str, str]:
        found = functions.get_function_configuration(FunctionName=name)
        return str(found.get("State", "Active")), str(found.get("LastUpdateStatus", "Successful"))

    def usable(now: tuple[str, str]) -> bool:
        if "Failed" in now:
            message = f"Function {name} failed to stabilize"
            raise ResourceFailure(message)
        return now == ("Active", "Successful")

    wait_for(state, usable, name, _SECONDS, 0.2)
