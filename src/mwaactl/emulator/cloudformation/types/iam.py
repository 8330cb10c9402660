"""AWS::IAM::Role and AWS::IAM::Policy."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from mwaactl.emulator.cloudformation.resource_type import (
    Physical,
    ResourceContext,
    ResourceType,
    picked,
    tags_as_list,
)
from mwaactl.emulator.cloudformation.service_calls import gone_is_fine, tag_changes, undo_on_failure

if TYPE_CHECKING:
    from mwaactl.emulator.cloudformation.resource_type import Properties

_GONE = "NoSuchEntity"


class Role(ResourceType):
    """A role."""

    type_name = "AWS::IAM::Role"
    properties = frozenset(
        {
            "AssumeRolePolicyDocument",
            "Description",
            "ManagedPolicyArns",
            "MaxSessionDuration",
            "Path",
            "PermissionsBoundary",
            "Policies",
            "RoleName",
            "Tags",
        }
    )
    replaced_by = frozenset({"Path", "RoleName"})
    attributes = frozenset({"Arn", "RoleId"})
    tag_style = "list"
    name_property = "RoleName"

    def create(self, context: ResourceContext, properties: Properties) -> Physical:
        """Create the role and its policies."""
        iam = context.client("iam")
        name = properties.get("RoleName") or context.generated_name(64)
        made = iam.create_role(
            RoleName=name,
            AssumeRolePolicyDocument=json.dumps(properties["AssumeRolePolicyDocument"]),
            Tags=tags_as_list(properties.get("Tags")),
            **picked(properties, "Description", "MaxSessionDuration", "Path", "PermissionsBoundary"),
        )["Role"]
        with undo_on_failure(lambda: _remove_role(iam, name)):
            _sync_policies(iam, name, {}, properties)
        return Physical(name, {"Arn": made["Arn"], "RoleId": made["RoleId"]})

    def update(
        self, context: ResourceContext, physical: Physical, old: Properties, new: Properties
    ) -> Physical:
        """Change trust, description, boundary, policies and tags."""
        iam, name = context.client("iam"), physical.physical_id
        trust = new["AssumeRolePolicyDocument"]
        if old["AssumeRolePolicyDocument"] != trust:
            iam.update_assume_role_policy(RoleName=name, PolicyDocument=json.dumps(trust))
        settings = ("Description", "MaxSessionDuration")
        if picked(old, *settings) != picked(new, *settings):
            iam.update_role(RoleName=name, **({"Description": ""} | picked(new, *settings)))
        _sync_boundary(iam, name, old.get("PermissionsBoundary"), new.get("PermissionsBoundary"))
        _sync_policies(iam, name, old, new)
        to_set, to_remove = tag_changes(old.get("Tags"), new.get("Tags"))
        if to_set:
            iam.tag_role(RoleName=name, Tags=tags_as_list(to_set))
        if to_remove:
            iam.untag_role(RoleName=name, TagKeys=to_remove)
        return physical

    def delete(self, context: ResourceContext, physical: Physical, properties: Properties) -> None:
        """Delete the role with the policies that it declares."""
        iam, name = context.client("iam"), physical.physical_id
        with gone_is_fine(_GONE):
            _sync_policies(iam, name, properties, {})
            iam.delete_role(RoleName=name)


class Policy(ResourceType):
    """An inline policy, put into roles."""

    type_name = "AWS::IAM::Policy"
    properties = frozenset({"PolicyDocument", "PolicyName", "Roles"})
    replaced_by = frozenset({"PolicyName"})
    attributes = frozenset({"Id"})

    def create(self, context: ResourceContext, properties: Properties) -> Physical:
        """Put the policy into every role."""
        _put(context, properties)
        name = context.generated_name(64)
        return Physical(name, {"Id": name})

    def update(
        self, context: ResourceContext, physical: Physical, old: Properties, new: Properties
    ) -> Physical:
        """Put the new text, and take it out of roles that are no longer named."""
        _put(context, new)
        _take_out(context, old, keeping=new.get("Roles", ()))
        return physical

    def delete(self, context: ResourceContext, physical: Physical, properties: Properties) -> None:  # noqa: ARG002
        """Take the policy out of every role."""
        _take_out(context, properties, keeping=())


def _sync_boundary(iam: Any, name: str, old: str | None, new: str | None) -> None:  # noqa: ANN401
    if new and new != old:
        iam.put_role_permissions_boundary(RoleName=name, PermissionsBoundary=new)
    elif old and not new:
        iam.delete_role_permissions_boundary(RoleName=name)


def _remove_role(iam: Any, name: str) -> None:  # noqa: ANN401
    for attached in iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]:
        iam.detach_role_policy(RoleName=name, PolicyArn=attached["PolicyArn"])
    for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]:
        iam.delete_role_policy(RoleName=name, PolicyName=policy)
    iam.delete_role(RoleName=name)


def _put(context: ResourceContext, properties: Properties) -> None:
    document = json.dumps(properties["PolicyDocument"])
    for role in properties.get("Roles", ()):
        context.client("iam").put_role_policy(
            RoleName=role, PolicyName=properties["PolicyName"], PolicyDocument=document
        )


def _take_out(context: ResourceContext, properties: Properties, keeping: Any) -> None:  # noqa: ANN401
    for role in properties.get("Roles", ()):
        if role not in keeping:
            with gone_is_fine(_GONE):
                context.client("iam").delete_role_policy(RoleName=role, PolicyName=properties["PolicyName"])


def _sync_policies(iam: Any, role: str, old: Properties, new: Properties) -> None:  # noqa: ANN401
    """Attach, detach, put and delete until the role has what `new` declares of what CloudFormation owns."""
    attached, wanted = set(old.get("ManagedPolicyArns", ())), set(new.get("ManagedPolicyArns", ()))
    for arn in sorted(wanted - attached):
        iam.attach_role_policy(RoleName=role, PolicyArn=arn)
    for arn in sorted(attached - wanted):
        iam.detach_role_policy(RoleName=role, PolicyArn=arn)
    inline = {policy["PolicyName"]: policy["PolicyDocument"] for policy in new.get("Policies", ())}
    for name, document in inline.items():
        iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=json.dumps(document))
    for policy in old.get("Policies", ()):
        if policy["PolicyName"] not in inline:
            iam.delete_role_policy(RoleName=role, PolicyName=policy["PolicyName"])
