"""Ways out of a VPC: internet gateway, its attachment, elastic address, NAT gateway."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mwaactl.emulator.cloudformation.faults import ResourceFailure
from mwaactl.emulator.cloudformation.resource_type import Physical, picked, wait_for
from mwaactl.emulator.cloudformation.service_calls import gone_is_fine
from mwaactl.emulator.cloudformation.types.ec2_type import Ec2Type

if TYPE_CHECKING:
    from mwaactl.emulator.cloudformation.resource_type import Properties

_NAT_SECONDS = 300.0


class InternetGateway(Ec2Type):
    """An internet gateway."""

    type_name = "AWS::EC2::InternetGateway"
    properties = frozenset({"Tags"})
    attributes = frozenset({"InternetGatewayId"})
    gone = ("InvalidInternetGatewayID.NotFound",)

    def make(self, ec2: Any, properties: Properties) -> Physical:  # noqa: ANN401, ARG002
        """Create the gateway."""
        gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        return Physical(gateway, {"InternetGatewayId": gateway})

    def remove(self, ec2: Any, physical: Physical, properties: Properties) -> None:  # noqa: ANN401, ARG002
        """Delete the gateway."""
        ec2.delete_internet_gateway(InternetGatewayId=physical.physical_id)


class VpcGatewayAttachment(Ec2Type):
    """The tie between an internet gateway and a VPC."""

    type_name = "AWS::EC2::VPCGatewayAttachment"
    properties = frozenset({"InternetGatewayId", "VpcId"})
    replaced_by = frozenset({"InternetGatewayId", "VpcId"})
    tag_style = "none"
    gone = ("Gateway.NotAttached", "InvalidInternetGatewayID.NotFound")

    def make(self, ec2: Any, properties: Properties) -> Physical:  # noqa: ANN401
        """Attach."""
        ec2.attach_internet_gateway(**picked(properties, "InternetGatewayId", "VpcId"))
        return Physical(f"IGW|{properties['VpcId']}")

    def remove(self, ec2: Any, physical: Physical, properties: Properties) -> None:  # noqa: ANN401, ARG002
        """Detach."""
        ec2.detach_internet_gateway(**picked(properties, "InternetGatewayId", "VpcId"))


class Eip(Ec2Type):
    """An elastic address; its Ref is the address, its tags hang on the allocation."""

    type_name = "AWS::EC2::EIP"
    properties = frozenset({"Domain", "Tags"})
    replaced_by = frozenset({"Domain"})
    attributes = frozenset({"AllocationId", "PublicIp"})
    gone = ("InvalidAllocationID.NotFound",)

    def make(self, ec2: Any, properties: Properties) -> Physical:  # noqa: ANN401
        """Allocate the address."""
        made = ec2.allocate_address(Domain=properties.get("Domain", "vpc"))
        return Physical(made["PublicIp"], picked(made, "AllocationId", "PublicIp"))

    def tagged_id(self, physical: Physical) -> str:
        """Return the allocation's id."""
        return str(physical.attributes["AllocationId"])

    def remove(self, ec2: Any, physical: Physical, properties: Properties) -> None:  # noqa: ANN401, ARG002
        """Release the address."""
        ec2.release_address(AllocationId=physical.attributes["AllocationId"])


class NatGateway(Ec2Type):
    """A NAT gateway."""

    type_name = "AWS::EC2::NatGateway"
    properties = frozenset({"AllocationId", "ConnectivityType", "SubnetId", "Tags"})
    replaced_by = frozenset({"AllocationId", "ConnectivityType", "SubnetId"})
    attributes = frozenset({"NatGatewayId"})
    gone = ("NatGatewayNotFound",)

    def make(self, ec2: Any, properties: Properties) -> Physical:  # noqa: ANN401
        """Create the gateway and wait for it."""
        wanted = picked(properties, "AllocationId", "ConnectivityType", "SubnetId")
        gateway = ec2.create_nat_gateway(**wanted)["NatGateway"]["NatGatewayId"]

        def state() -> str:
            return str(ec2.describe_nat_gateways(NatGatewayIds=[gateway])["NatGateways"][0]["State"])

        if (
            wait_for(state, lambda now: now in {"available", "failed"}, gateway, _NAT_SECONDS, 0.2)
            == "failed"
        ):
            message = f"NatGateway {gateway} is in state failed and hence failed to stabilize."
            raise ResourceFailure(message)
        return Physical(gateway, {"NatGatewayId": gateway})

    def remove(self, ec2: Any, physical: Physical, properties: Properties) -> None:  # noqa: ANN401, ARG002
        """Delete the gateway, and with it its network interface, which moto leaves."""
        gateways = ec2.describe_nat_gateways(NatGatewayIds=[physical.physical_id])["NatGateways"]
        addresses = [address for gateway in gateways for address in gateway.get("NatGatewayAddresses", [])]
        ec2.delete_nat_gateway(NatGatewayId=physical.physical_id)
        for interface in {address["NetworkInterfaceId"] for address in addresses}:
            with gone_is_fine("InvalidNetworkInterfaceID.NotFound"):
                ec2.delete_network_interface(NetworkInterfaceId=interface)
