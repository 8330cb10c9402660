"""AWS::MWAA::Environment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from mwaactl.emulator.cloudformation.faults import ResourceFailure
from mwaactl.emulator.cloudformation.resource_type import (
    Physical,
    ResourceContext,
    ResourceType,
    changed_properties,
    picked,
    wait_for,
)
from mwaactl.emulator.cloudformation.service_calls import gone_is_fine, tag_changes, undo_on_failure

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mwaactl.emulator.cloudformation.resource_type import Properties

_REPLACEMENT = "WorkerReplacementStrategy"

# What UpdateEnvironment takes; the rest can only be said at creation.
_CHANGEABLE = (
    "AirflowConfigurationOptions",
    "AirflowVersion",
    "DagS3Path",
    "EnvironmentClass",
    "ExecutionRoleArn",
    "LoggingConfiguration",
    "MaxWebservers",
    "MaxWorkers",
    "MinWebservers",
    "MinWorkers",
    "NetworkConfiguration",
    "PluginsS3ObjectVersion",
    "PluginsS3Path",
    "RequirementsS3ObjectVersion",
    "RequirementsS3Path",
    "Schedulers",
    "SourceBucketArn",
    "StartupScriptS3ObjectVersion",
    "StartupScriptS3Path",
    "WebserverAccessMode",
    "WeeklyMaintenanceWindowStart",
    _REPLACEMENT,
)
_ATTRIBUTES = (
    "Arn",
    "CeleryExecutorQueue",
    "DatabaseVpcEndpointService",
    "WebserverUrl",
    "WebserverVpcEndpointService",
)
_FAILED = {"CREATE_FAILED", "UPDATE_FAILED", "UNAVAILABLE"}
_SECONDS = 2400.0
_NOT_FOUND = "ResourceNotFoundException"


class MwaaEnvironment(ResourceType):
    """An MWAA environment; creation and update end when Airflow runs, or say why it does not."""

    type_name = "AWS::MWAA::Environment"
    properties = frozenset({*_CHANGEABLE, "EndpointManagement", "KmsKey", "Name", "Tags"})
    replaced_by = frozenset({"EndpointManagement", "KmsKey", "Name"})
    attributes = frozenset(_ATTRIBUTES)
    tag_style = "map"
    restores_itself = True
    name_property = "Name"

    def create(self, context: ResourceContext, properties: Properties) -> Physical:
        """Create the environment and wait until it is AVAILABLE; one that fails is removed again.

        An environment that waits for the customer's endpoints counts as created, so that they can be made:
        CreateHandler in github.com/aws-cloudformation/aws-cloudformation-resource-providers-mwaa.
        """
        mwaa = context.client("mwaa")
        name = str(properties["Name"])
        # How workers are replaced is said to UpdateEnvironment only.
        mwaa.create_environment(**picked(properties, *(self.properties - {_REPLACEMENT})))
        with undo_on_failure(lambda: _remove(mwaa, name)):
            return _physical(_settled(mwaa, name, "AVAILABLE", "PENDING"))

    def update(
        self, context: ResourceContext, physical: Physical, old: Properties, new: Properties
    ) -> Physical:
        """Update the environment and wait until it is AVAILABLE with the update applied."""
        mwaa, name = context.client("mwaa"), physical.physical_id
        if changed_properties(old, new) - {"Tags", _REPLACEMENT}:
            _refuse_other_subnets(old, new)
            mwaa.update_environment(Name=name, **_update_request(new))
            found = _settled(mwaa, name, "AVAILABLE")
            update = found.get("LastUpdate", {})
            if update.get("Status") == "FAILED":
                raise ResourceFailure(_reason(found))
            physical = _physical(found)
        to_set, to_remove = tag_changes(old.get("Tags"), new.get("Tags"))
        if to_set:
            mwaa.tag_resource(ResourceArn=physical.attributes["Arn"], Tags=to_set)
        if to_remove:
            mwaa.untag_resource(ResourceArn=physical.attributes["Arn"], tagKeys=to_remove)
        return physical

    def delete(self, context: ResourceContext, physical: Physical, properties: Properties) -> None:  # noqa: ARG002
        """Delete the environment and wait until it is gone."""
        _remove(context.client("mwaa"), physical.physical_id)


def _update_request(new: Properties) -> dict[str, Any]:
    request = picked(new, *_CHANGEABLE)
    if "NetworkConfiguration" in request:
        # https://docs.aws.amazon.com/mwaa/latest/API/API_UpdateNetworkConfigurationInput.html
        request["NetworkConfiguration"] = picked(request["NetworkConfiguration"], "SecurityGroupIds")
    return request


def _refuse_other_subnets(old: Properties, new: Properties) -> None:
    before = old.get("NetworkConfiguration", {}).get("SubnetIds")
    after = new.get("NetworkConfiguration", {}).get("SubnetIds")
    if before != after:
        message = (
            "CloudFormation cannot update a stack when a custom-named resource requires replacing. "
            f"Rename {new['Name']} and update the stack again. (SubnetIds changed)"
        )
        raise ResourceFailure(message)


def _settled(mwaa: Any, name: str, *settled: str) -> Mapping[str, Any]:  # noqa: ANN401
    """Wait until the environment has one of the statuses that are asked for.

    Raises:
        ResourceFailure: With MWAA's own reason, if it failed.
    """

    def done(found: Mapping[str, Any]) -> bool:
        if found["Status"] in _FAILED:
            raise ResourceFailure(_reason(found))
        return str(found["Status"]) in settled

    def look() -> Mapping[str, Any]:
        found: Mapping[str, Any] = mwaa.get_environment(Name=name)["Environment"]
        return found

    return wait_for(look, done, f"Environment {name}", _SECONDS, 0.5)


def _reason(found: Mapping[str, Any]) -> str:
    error = found.get("LastUpdate", {}).get("Error", {})
    said = f"{error.get('ErrorCode', 'NO_ERROR_CODE')}: {error.get('ErrorMessage', 'no reason given')}"
    return f"Environment {found['Name']} is {found['Status']}. {said}"


def _physical(found: Mapping[str, Any]) -> Physical:
    return Physical(str(found["Name"]), picked(found, *_ATTRIBUTES))


def _remove(mwaa: Any, name: str) -> None:  # noqa: ANN401
    with gone_is_fine(_NOT_FOUND):
        mwaa.delete_environment(Name=name)
        wait_for(lambda: _is_gone(mwaa, name), bool, f"Environment {name}", _SECONDS, 0.5)


def _is_gone(mwaa: Any, name: str) -> bool:  # noqa: ANN401
    try:
        found = mwaa.get_environment(Name=name)["Environment"]
    except ClientError as error:
        if error.response["Error"]["Code"] == _NOT_FOUND:
            return True
        raise
    if found["Status"] == "DELETE_FAILED":
        raise ResourceFailure(_reason(found))
    return str(found["Status"]) == "DELETED"
