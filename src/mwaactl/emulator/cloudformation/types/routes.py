"""Route tables, their routes and which subnets they serve."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mwaactl.emulator.cloudformation.resource_type import Physical, picked
from mwaactl.emulator.cloudformation.types.ec2_type import Ec2Type

if TYPE_CHECKING:
    from mwaactl.emulator.cloudformation.resource_type import Properties

_TARGETS = ("GatewayId", "NatGatewayId", "VpcPeeringConnectionId", "TransitGatewayId")


class RouteTable(Ec2Type):
    """A route table."""

    type_name = "AWS::EC2::RouteTable"
    properties = frozenset({"Tags", "VpcId"})
    replaced_by = frozenset({"VpcId"})
    attributes = frozenset({"RouteTableId"})
    gone = ("InvalidRouteTableID.NotFound",)

    def make(self, ec2: Any, properties: Properties) -> Physical:  # noqa: ANN401
        """Create the table."""
        table = ec2.create_route_table(VpcId=properties["VpcId"])["RouteTable"]["RouteTableId"]
        return Physical(table, {"RouteTableId": table})

    def remove(self, ec2: Any, physical: Physical, properties: Properties) -> None:  # noqa: ANN401, ARG002
        """Delete the table."""
        ec2.delete_route_table(RouteTableId=physical.physical_id)


class Route(Ec2Type):
    """A route."""

    type_name = "AWS::EC2::Route"
    properties = frozenset({"DestinationCidrBlock", "RouteTableId", *_TARGETS})
    replaced_by = frozenset({"DestinationCidrBlock", "RouteTableId"})
    tag_style = "none"
    gone = ("InvalidRoute.NotFound", "InvalidRouteTableID.NotFound")

    def make(self, ec2: Any, properties: Properties) -> Physical:  # noqa: ANN401
        """Create the route."""
        ec2.create_route(**properties)
        return Physical(f"{properties['RouteTableId']}|{properties['DestinationCidrBlock']}")

    def change(self, ec2: Any, physical: Physical, old: Properties, new: Properties) -> Physical:  # noqa: ANN401, ARG002
        """Send the destination somewhere else."""
        ec2.replace_route(**new)
        return physical

    def remove(self, ec2: Any, physical: Physical, properties: Properties) -> None:  # noqa: ANN401, ARG002
        """Delete the route."""
        ec2.delete_route(**picked(properties, "RouteTableId", "DestinationCidrBlock"))


class SubnetRouteTableAssociation(Ec2Type):
    """The tie between a subnet and a route table."""

    type_name = "AWS::EC2::SubnetRouteTableAssociation"
    properties = frozenset({"RouteTableId", "SubnetId"})
    replaced_by = frozenset({"SubnetId"})
    attributes = frozenset({"Id"})
    tag_style = "none"
    gone = ("InvalidAssociationID.NotFound",)

    def make(self, ec2: Any, properties: Properties) -> Physical:  # noqa: ANN401
        """Associate."""
        made = ec2.associate_route_table(**picked(properties, "RouteTableId", "SubnetId"))["AssociationId"]
        return Physical(made, {"Id": made})

    def change(self, ec2: Any, physical: Physical, old: Properties, new: Properties) -> Physical:  # noqa: ANN401, ARG002
        """Serve the subnet by another table."""
        made = ec2.replace_route_table_association(
            AssociationId=physical.physical_id, RouteTableId=new["RouteTableId"]
        )["NewAssociationId"]
        return Physical(made, {"Id": made})

    def remove(self, ec2: Any, physical: Physical, properties: Properties) -> None:  # noqa: ANN401, ARG002
        """Disassociate."""
        ec2.disassociate_route_table(AssociationId=physical.physical_id)
