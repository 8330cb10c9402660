"""Security groups and rules that are declared apart from them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mwaactl.emulator.cloudformation.resource_type import (
    Physical,
    ResourceContext,
    ResourceType,
    tags_as_list,
)
from mwaactl.emulator.cloudformation.service_calls import (
    gone_is_fine,
    tag_changes,
    translated,
    undo_on_failure,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mwaactl.emulator.cloudformation.resource_type import Properties

_PLAIN = {"IpProtocol": "IpProtocol", "FromPort": "FromPort", "ToPort": "ToPort"}
_EVERYTHING = {"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"}
# The peer of a rule: the template's property, the API's list, the API's member.
_PEERS = (
    ("CidrIp", "IpRanges", "CidrIp"),
    ("CidrIpv6", "Ipv6Ranges", "CidrIpv6"),
    ("SourceSecurityGroupId", "UserIdGroupPairs", "GroupId"),
    ("DestinationSecurityGroupId", "UserIdGroupPairs", "GroupId"),
)
_OWNER = "SourceSecurityGroupOwnerId"
_RULE = frozenset({*_PLAIN, "Description", _OWNER, *(peer[0] for peer in _PEERS)})


class SecurityGroup(ResourceType):
    """A security group with the rules written inside it."""

    type_name = "AWS::EC2::SecurityGroup"
    properties = frozenset(
        {"GroupDescription", "GroupName", "SecurityGroupEgress", "SecurityGroupIngress", "Tags", "VpcId"}
    )
    replaced_by = frozenset({"GroupDescription", "GroupName", "VpcId"})
    attributes = frozenset({"GroupId", "VpcId"})
    tag_style = "list"

    def create(self, context: ResourceContext, properties: Properties) -> Physical:
        """Create the group, then its rules."""
        ec2 = context.client("ec2")
        name = properties.get("GroupName") or context.generated_name(255)
        vpc = {"VpcId": properties["VpcId"]} if "VpcId" in properties else {}
        made = ec2.create_security_group(GroupName=name, Description=properties["GroupDescription"], **vpc)
        group = made["GroupId"]
        with undo_on_failure(lambda: ec2.delete_security_group(GroupId=group)):
            if tags := tags_as_list(properties.get("Tags")):
                ec2.create_tags(Resources=[group], Tags=tags)
            if "SecurityGroupEgress" in properties:
                # A new group lets everything out; rules in the template take the place of that.
                ec2.revoke_security_group_egress(GroupId=group, IpPermissions=[_permission(_EVERYTHING)])
            _authorize(ec2, group, properties)
        return Physical(group, {"GroupId": group, "VpcId": properties.get("VpcId", "")})

    def update(
        self, context: ResourceContext, physical: Physical, old: Properties, new: Properties
    ) -> Physical:
        """Exchange the rules that differ, and the tags."""
        ec2, group = context.client("ec2"), physical.physical_id
        for rule in _without(old, new, "SecurityGroupIngress", ()):
            ec2.revoke_security_group_ingress(GroupId=group, IpPermissions=[_permission(rule)])
        for rule in _without(old, new, "SecurityGroupEgress", (_EVERYTHING,)):
            ec2.revoke_security_group_egress(GroupId=group, IpPermissions=[_permission(rule)])
        for rule in _without(new, old, "SecurityGroupIngress", ()):
            ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[_permission(rule)])
        for rule in _without(new, old, "SecurityGroupEgress", (_EVERYTHING,)):
            ec2.authorize_security_group_egress(GroupId=group, IpPermissions=[_permission(rule)])
        to_set, to_remove = tag_changes(old.get("Tags"), new.get("Tags"))
        if to_set:
            ec2.create_tags(Resources=[group], Tags=tags_as_list(to_set))
        if to_remove:
            ec2.delete_tags(Resources=[group], Tags=[{"Key": key} for key in to_remove])
        return physical

    def delete(self, context: ResourceContext, physical: Physical, properties: Properties) -> None:  # noqa: ARG002
        """Delete the group."""
        with gone_is_fine("InvalidGroup.NotFound"):
            context.client("ec2").delete_security_group(GroupId=physical.physical_id)


class SecurityGroupIngress(ResourceType):
    """One rule for traffic into a group."""

    type_name = "AWS::EC2::SecurityGroupIngress"
    properties = frozenset((_RULE | {"GroupId"}) - {"DestinationSecurityGroupId"})
    replaced_by = properties
    attributes = frozenset({"Id"})

    def create(self, context: ResourceContext, properties: Properties) -> Physical:
        """Allow the traffic."""
        made = context.client("ec2").authorize_security_group_ingress(**_single(properties))
        return _rule(made)

    def delete(self, context: ResourceContext, physical: Physical, properties: Properties) -> None:  # noqa: ARG002
        """Take the rule away."""
        with gone_is_fine("InvalidGroup.NotFound", "InvalidPermission.NotFound"):
            context.client("ec2").revoke_security_group_ingress(**_single(properties))


class SecurityGroupEgress(ResourceType):
    """One rule for traffic out of a group."""

    type_name = "AWS::EC2::SecurityGroupEgress"
    properties = frozenset((_RULE | {"GroupId"}) - {"SourceSecurityGroupId", _OWNER})
    replaced_by = properties
    attributes = frozenset({"Id"})

    def create(self, context: ResourceContext, properties: Properties) -> Physical:
        """Allow the traffic."""
        made = context.client("ec2").authorize_security_group_egress(**_single(properties))
        return _rule(made)

    def delete(self, context: ResourceContext, physical: Physical, properties: Properties) -> None:  # noqa: ARG002
        """Take the rule away."""
        with gone_is_fine("InvalidGroup.NotFound", "InvalidPermission.NotFound"):
            context.client("ec2").revoke_security_group_egress(**_single(properties))


def _authorize(ec2: Any, group: str, properties: Properties) -> None:  # noqa: ANN401
    for rule in properties.get("SecurityGroupIngress", ()):
        ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[_permission(rule)])
    for rule in properties.get("SecurityGroupEgress", ()):
        ec2.authorize_security_group_egress(GroupId=group, IpPermissions=[_permission(rule)])


def _without(
    having: Properties, lacking: Properties, name: str, default: tuple[Mapping[str, Any], ...]
) -> list[Mapping[str, Any]]:
    others = lacking.get(name, default)
    return [rule for rule in having.get(name, default) if rule not in others]


def _single(properties: Properties) -> dict[str, Any]:
    rule = {name: value for name, value in properties.items() if name != "GroupId"}
    return {"GroupId": properties["GroupId"], "IpPermissions": [_permission(rule)]}


def _permission(rule: Mapping[str, Any]) -> dict[str, Any]:
    """Return a rule as EC2's API takes it."""
    permission = translated({name: rule[name] for name in rule if name in _PLAIN}, _PLAIN, "a rule")
    translated({name: rule[name] for name in rule}, {name: name for name in _RULE}, "a security group rule")
    described = {"Description": rule["Description"]} if "Description" in rule else {}
    owned = {"UserId": rule[_OWNER]} if _OWNER in rule else {}
    for name, listing, member in _PEERS:
        if name in rule:
            owner = owned if listing == "UserIdGroupPairs" else {}
            permission[listing] = [{member: rule[name], **owner, **described}]
    return permission


def _rule(made: Mapping[str, Any]) -> Physical:
    rule = made["SecurityGroupRules"][0]["SecurityGroupRuleId"]
    return Physical(rule, {"Id": rule})
