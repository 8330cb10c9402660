"""A VPC that somebody else builds and keeps, as constructs refer to it."""

from collections.abc import Sequence
from itertools import cycle

from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from infra.acknowledgements import acknowledge


class ExistingNetwork(Construct):
    """References to a VPC and its subnets: nothing is built, and nothing is looked up.

    Args:
        vpc_id: For example `vpc-0123456789abcdef0`.
        zones: Full names of its availability zones, in the order of the subnets.
        subnet_ids: MWAA's two private subnets.
        warehouse_subnet_ids: Subnets for the warehouse; by default there are none.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        vpc_id: str,
        zones: Sequence[str],
        subnet_ids: Sequence[str],
        warehouse_subnet_ids: Sequence[str] = (),
    ) -> None:
        super().__init__(scope, construct_id)
        acknowledge(self, {"@aws-cdk/aws-ec2:noSubnetRouteTableId": "Who owns the VPC makes its routes"})
        self.vpc = ec2.Vpc.from_vpc_attributes(self, "Vpc", vpc_id=vpc_id, availability_zones=list(zones))
        self.private_subnets = self._subnets("Private", subnet_ids, zones)
        self.warehouse_subnets = self._subnets("Warehouse", warehouse_subnet_ids, zones)

    def _subnets(self, name: str, ids: Sequence[str], zones: Sequence[str]) -> list[ec2.ISubnet]:
        return [
            ec2.Subnet.from_subnet_attributes(
                self, f"{name}{number}", subnet_id=subnet_id, availability_zone=zone
            )
            for number, (subnet_id, zone) in enumerate(zip(ids, cycle(zones), strict=False), start=1)
        ]
