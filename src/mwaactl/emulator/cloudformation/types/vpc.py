"""AWS::EC2::VPC and AWS::EC2::Subnet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mwaactl.emulator.cloudformation.resource_type import Physical, picked
from mwaactl.emulator.cloudformation.types.ec2_type import Ec2Type

if TYPE_CHECKING:
    from mwaactl.emulator.cloudformation.resource_type import Properties


class Vpc(Ec2Type):
    """A VPC."""

    type_name = "AWS::EC2::VPC"
    properties = frozenset({"CidrBlock", "EnableDnsHostnames", "EnableDnsSupport", "InstanceTenancy", "Tags"})
    replaced_by = frozenset({"CidrBlock", "InstanceTenancy"})
    attributes = frozenset({"VpcId", "CidrBlock", "DefaultSecurityGroup", "DefaultNetworkAcl"})
    gone = ("InvalidVpcID.NotFound",)

    def make(self, ec2: Any, properties: Properties) -> Physical:  # noqa: ANN401
        """Create the VPC and set its DNS attributes."""
        made = ec2.create_vpc(**picked(properties, "CidrBlock", "InstanceTenancy"))["Vpc"]
        vpc = made["VpcId"]
        _set_dns(ec2, vpc, properties)
        own = [{"Name": "vpc-id", "Values": [vpc]}]
        groups = ec2.describe_security_groups(Filters=[*own, {"Name": "group-name", "Values": ["default"]}])
        acls = ec2.describe_network_acls(Filters=[*own, {"Name": "default", "Values": ["true"]}])
        attributes = {
            "VpcId": vpc,
            "CidrBlock": made["CidrBlock"],
            "DefaultSecurityGroup": groups["SecurityGroups"][0]["GroupId"],
            "DefaultNetworkAcl": acls["NetworkAcls"][0]["NetworkAclId"],
        }
        return Physical(vpc, attributes)

    def change(self, ec2: Any, physical: Physical, old: Properties, new: Properties) -> Physical:  # noqa: ANN401, ARG002
        """Set the DNS attributes."""
        _set_dns(ec2, physical.physical_id, new)
        return physical

    def remove(self, ec2: Any, physical: Physical, properties: Properties) -> None:  # noqa: ANN401, ARG002
        """Delete the VPC."""
        ec2.delete_vpc(VpcId=physical.physical_id)


class Subnet(Ec2Type):
    """A subnet."""

    type_name = "AWS::EC2::Subnet"
    properties = frozenset({"AvailabilityZone", "CidrBlock", "MapPublicIpOnLaunch", "Tags", "VpcId"})
    replaced_by = frozenset({"AvailabilityZone", "CidrBlock", "VpcId"})
    attributes = frozenset({"SubnetId", "AvailabilityZone", "CidrBlock", "VpcId"})
    gone = ("InvalidSubnetID.NotFound",)

    def make(self, ec2: Any, properties: Properties) -> Physical:  # noqa: ANN401
        """Create the subnet."""
        made = ec2.create_subnet(**picked(properties, "AvailabilityZone", "CidrBlock", "VpcId"))["Subnet"]
        physical = Physical(made["SubnetId"], picked(made, *self.attributes))
        return self.change(ec2, physical, {}, properties)

    def change(self, ec2: Any, physical: Physical, old: Properties, new: Properties) -> Physical:  # noqa: ANN401, ARG002
        """Say whether instances get public addresses."""
        public = bool(new.get("MapPublicIpOnLaunch", False))
        ec2.modify_subnet_attribute(SubnetId=physical.physical_id, MapPublicIpOnLaunch={"Value": public})
        return physical

    def remove(self, ec2: Any, physical: Physical, properties: Properties) -> None:  # noqa: ANN401, ARG002
        """Delete the subnet."""
        ec2.delete_subnet(SubnetId=physical.physical_id)


def _set_dns(ec2: Any, vpc: str, properties: Properties) -> None:  # noqa: ANN401
    # One attribute a call: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyVpcAttribute.html
    ec2.modify_vpc_attribute(
        VpcId=vpc, EnableDnsSupport={"Value": bool(properties.get("EnableDnsSupport", True))}
    )
    hostnames = bool(properties.get("EnableDnsHostnames", False))
    ec2.modify_vpc_attribute(VpcId=vpc, EnableDnsHostnames={"Value": hostnames})
