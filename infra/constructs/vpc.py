"""The VPC with its private subnets and, where there are NAT gateways, the public ones."""

from collections.abc import Sequence

from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from infra.address_plan import block_prefix_length
from mwaactl.config.environment import Nat

_GATEWAYS: dict[Nat, int] = {"one": 1, "per-zone": 2, "none": 0}


class TwoZoneVpc(Construct):
    """A VPC over the two availability zones that MWAA asks for.

    https://docs.aws.amazon.com/mwaa/latest/userguide/networking-about.html

    Args:
        zones: Full names of two availability zones.
        cidr: Range of the VPC's addresses, between /16 and /24.
        nat: `one` NAT gateway for both zones, one `per-zone`, or `none`: no public subnets either.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, zones: Sequence[str], cidr: str, nat: Nat
    ) -> None:
        super().__init__(scope, construct_id)
        self.vpc = ec2.Vpc(
            self,
            "Vpc",
            ip_addresses=ec2.IpAddresses.cidr(cidr),
            availability_zones=list(zones),
            nat_gateways=_GATEWAYS[nat],
            subnet_configuration=_subnets(cidr, nat),
            # Emptying the default group takes a custom resource; nothing here joins that group.
            restrict_default_security_group=False,
        )
        self.private_subnets = self.vpc.select_subnets(subnet_group_name="private").subnets


def _subnets(cidr: str, nat: Nat) -> list[ec2.SubnetConfiguration]:
    """Private subnets come first, so that they keep their addresses when NAT gateways come or go."""
    mask = block_prefix_length(cidr)
    if nat == "none":
        return [_group("private", ec2.SubnetType.PRIVATE_ISOLATED, mask)]
    public = ec2.SubnetConfiguration(
        name="public", subnet_type=ec2.SubnetType.PUBLIC, cidr_mask=mask, map_public_ip_on_launch=False
    )
    return [_group("private", ec2.SubnetType.PRIVATE_WITH_EGRESS, mask), public]


def _group(name: str, subnet_type: ec2.SubnetType, mask: int) -> ec2.SubnetConfiguration:
    return ec2.SubnetConfiguration(name=name, subnet_type=subnet_type, cidr_mask=mask)
