"""Whether an environment's containers would reach one another and nothing would reach them from outside.

MWAA finds out while it creates the environment, not when it takes the request.
https://docs.aws.amazon.com/mwaa/latest/userguide/networking-about.html
https://docs.aws.amazon.com/mwaa/latest/userguide/vpc-security.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mwaactl.emulator.mwaa.host import HostFailure

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from mwaactl.emulator.mwaa.surroundings import Client

CODE = "INCORRECT_CONFIGURATION"
ADVICE = (
    "You may need to check the execution role permissions policy for your environment, and that each of the "
    "VPC networking components required by the environment are configured to allow traffic. Troubleshooting: "
    "https://docs.aws.amazon.com/mwaa/latest/userguide/troubleshooting.html"
)
INTERNET_GATEWAY = "igw-"


def check_reachable(network: Mapping[str, Sequence[str]], ec2: Client) -> None:
    """Look at the routes of the subnets and at the rules of the security groups.

    Args:
        network: The environment's NetworkConfiguration.
        ec2: A client of EC2 in its region.

    Raises:
        HostFailure: A subnet is public, or no security group lets its own members in; with MWAA's advice.
    """
    for problem in (
        *_public_subnets(network["SubnetIds"], ec2),
        *_closed_groups(network["SecurityGroupIds"], ec2),
    ):
        raise HostFailure(CODE, f"{ADVICE} ({problem})")


def _public_subnets(subnet_ids: Sequence[str], ec2: Client) -> Iterator[str]:
    subnets = ec2.describe_subnets(SubnetIds=list(subnet_ids))["Subnets"]
    tables = ec2.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [subnets[0]["VpcId"]]}])
    for subnet in subnet_ids:
        table = _table_of(subnet, tables["RouteTables"])
        if any(
            str(route.get("GatewayId", "")).startswith(INTERNET_GATEWAY) for route in table.get("Routes", ())
        ):
            yield f"{subnet} is not private: its route table leads to an internet gateway"


def _table_of(subnet: str, tables: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """Return the route table that is associated with a subnet, else the main one of the VPC."""
    main: Mapping[str, Any] = {}
    for table in tables:
        for association in table["Associations"]:
            if association.get("SubnetId") == subnet:
                return table
            if association.get("Main"):
                main = table
    return main


def _closed_groups(group_ids: Sequence[str], ec2: Client) -> Iterator[str]:
    groups = ec2.describe_security_groups(GroupIds=list(group_ids))["SecurityGroups"]
    let_in = {
        pair.get("GroupId")
        for group in groups
        for rule in group["IpPermissions"]
        for pair in rule["UserIdGroupPairs"]
    }
    if not let_in & set(group_ids):
        yield f"none of {', '.join(group_ids)} has an inbound rule that references itself"
