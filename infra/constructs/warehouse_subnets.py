"""Subnets for Redshift Serverless, which asks for more of them than MWAA takes."""

from collections.abc import Sequence
from itertools import cycle

from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from infra.address_plan import warehouse_ranges


class WarehouseSubnets(Construct):
    """Three subnets without a route out, spread over the zones.

    A workgroup takes three subnets in three zones (in us-west-1 in two, so that one has two subnets), while
    an MWAA environment takes exactly two: hence subnets of their own.
    https://docs.aws.amazon.com/redshift/latest/mgmt/serverless-usage-considerations.html
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, vpc: ec2.IVpc, cidr: str, zones: Sequence[str]
    ) -> None:
        super().__init__(scope, construct_id)
        self.subnets: list[ec2.ISubnet] = [
            ec2.PrivateSubnet(
                self, f"Subnet{number}", vpc_id=vpc.vpc_id, availability_zone=zone, cidr_block=cidr_block
            )
            for number, (cidr_block, zone) in enumerate(zip(warehouse_ranges(cidr), cycle(zones)), start=1)
        ]
