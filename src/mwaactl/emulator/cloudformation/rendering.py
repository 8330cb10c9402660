"""Stacks, events and change sets as the members of CloudFormation's output shapes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mwaactl.emulator.cloudformation.change_set import ChangeSet, ResourceChange
    from mwaactl.emulator.cloudformation.parameters import ParameterValue
    from mwaactl.emulator.cloudformation.stack import Output, Stack, StackEvent, StackResource

_SECRET = "****"  # noqa: S105 - what stands in the place of a secret
_UNKNOWN_DRIFT = {"StackDriftStatus": "NOT_CHECKED"}


def stack_members(stack: Stack) -> dict[str, Any]:
    """Return a stack for DescribeStacks."""
    given = stack.given
    members = {
        "StackId": stack.stack_id,
        "StackName": stack.name,
        "ChangeSetId": stack.change_set_id,
        "Description": given.template.description if given else None,
        "Parameters": parameter_members(given.parameters) if given else [],
        "CreationTime": stack.created,
        "LastUpdatedTime": stack.updated,
        "DeletionTime": stack.deleted,
        "RollbackConfiguration": {},
        "StackStatus": stack.status,
        "StackStatusReason": stack.reason,
        "DisableRollback": stack.disable_rollback,
        "NotificationARNs": list(stack.notification_arns),
        "Capabilities": list(stack.capabilities),
        "Outputs": [_output_members(output) for output in stack.outputs],
        "RoleARN": stack.role_arn,
        "Tags": [{"Key": key, "Value": value} for key, value in given.tags.items()] if given else [],
        "EnableTerminationProtection": stack.termination_protection,
        "DriftInformation": _UNKNOWN_DRIFT,
    }
    return _present(members)


def stack_summary(stack: Stack) -> dict[str, Any]:
    """Return a stack for ListStacks."""
    names = ("StackId", "StackName", "CreationTime", "LastUpdatedTime", "DeletionTime", "StackStatus")
    members = stack_members(stack)
    picked = {
        name: members[name] for name in (*names, "StackStatusReason", "DriftInformation") if name in members
    }
    description = {"TemplateDescription": members["Description"]} if "Description" in members else {}
    return {**picked, **description}


def parameter_members(parameters: Mapping[str, ParameterValue]) -> list[dict[str, Any]]:
    """Return parameters, secret ones masked."""
    return [
        _present(
            {
                "ParameterKey": name,
                "ParameterValue": _SECRET if parameter.secret else parameter.submitted,
                "ResolvedValue": parameter.resolved,
            }
        )
        for name, parameter in parameters.items()
    ]


def event_members(stack: Stack, event: StackEvent) -> dict[str, Any]:
    """Return an event for DescribeStackEvents."""
    members = {
        "StackId": stack.stack_id,
        "StackName": stack.name,
        "EventId": event.event_id,
        "LogicalResourceId": event.logical_id,
        "PhysicalResourceId": event.physical_id,
        "ResourceType": event.type_name,
        "Timestamp": event.timestamp,
        "ResourceStatus": event.status,
        "ResourceStatusReason": event.reason,
        "ClientRequestToken": event.token,
    }
    return _present(members)


def resource_members(stack: Stack, resource: StackResource) -> dict[str, Any]:
    """Return a resource for DescribeStackResource, DescribeStackResources and ListStackResources."""
    members = {
        "StackId": stack.stack_id,
        "StackName": stack.name,
        "LogicalResourceId": resource.logical_id,
        "PhysicalResourceId": resource.physical.physical_id if resource.physical else None,
        "ResourceType": resource.type_name,
        "Timestamp": resource.timestamp,
        "LastUpdatedTimestamp": resource.timestamp,
        "ResourceStatus": resource.status,
        "ResourceStatusReason": resource.reason,
        "DriftInformation": {"StackResourceDriftStatus": "NOT_CHECKED"},
    }
    return _present(members)


def change_set_members(change_set: ChangeSet) -> dict[str, Any]:
    """Return a change set for DescribeChangeSet."""
    given = change_set.given
    return {
        **change_set_summary(change_set),
        "Parameters": parameter_members(given.parameters),
        "NotificationARNs": list(change_set.notification_arns),
        "RollbackConfiguration": {},
        "Capabilities": list(change_set.capabilities),
        "Tags": [{"Key": key, "Value": value} for key, value in given.tags.items()],
        "Changes": [{"Type": "Resource", "ResourceChange": _change(change)} for change in change_set.changes],
    }


def change_set_summary(change_set: ChangeSet) -> dict[str, Any]:
    """Return a change set for ListChangeSets."""
    members = {
        "StackId": change_set.stack.stack_id,
        "StackName": change_set.stack.name,
        "ChangeSetId": change_set.change_set_id,
        "ChangeSetName": change_set.name,
        "ExecutionStatus": change_set.execution_status,
        "Status": change_set.status,
        "StatusReason": change_set.reason,
        "CreationTime": change_set.created,
        "Description": change_set.description,
    }
    return _present(members)


def _change(change: ResourceChange) -> dict[str, Any]:
    members = {
        "Action": change.action,
        "LogicalResourceId": change.logical_id,
        "PhysicalResourceId": change.physical_id,
        "ResourceType": change.type_name,
        "Replacement": change.replacement,
        "Scope": ["Properties"] if change.action == "Modify" else [],
        "Details": [],
    }
    return _present(members)


def _output_members(output: Output) -> dict[str, Any]:
    members = {
        "OutputKey": output.key,
        "OutputValue": output.value,
        "Description": output.description,
        "ExportName": output.export,
    }
    return _present(members)


def _present(members: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value is not None}
