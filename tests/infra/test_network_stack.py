"""What the VPC promises to MWAA and to the warehouse."""

from ipaddress import ip_network
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, Stack
from aws_cdk import aws_ec2 as ec2

from infra.address_plan import block_prefix_length, warehouse_ranges
from infra.constructs.warehouse_subnets import WarehouseSubnets
from mwaactl.catalog.endpoints import interface_endpoint_services
from tests.infra.templates import SynthesisedEnvironment, Template, only, properties, resources


def route_tables(network: Template) -> dict[str, str]:
    """Route table by subnet, both by logical id."""
    found = properties(network, "AWS::EC2::SubnetRouteTableAssociation")
    return {each["SubnetId"]["Ref"]: each["RouteTableId"]["Ref"] for each in found}


def routes(network: Template, subnet: str) -> list[dict[str, Any]]:
    table = {"Ref": route_tables(network)[subnet]}
    return [each for each in properties(network, "AWS::EC2::Route") if each["RouteTableId"] == table]


def subnets_of(network: Template, marker: str) -> dict[str, dict[str, Any]]:
    return {
        logical_id: each["Properties"]
        for logical_id, each in resources(network, "AWS::EC2::Subnet").items()
        if marker in logical_id
    }


def mwaa_subnets(environment: SynthesisedEnvironment) -> dict[str, dict[str, Any]]:
    """The subnets that the MWAA environment itself names, found through the export and back."""
    network = environment.network
    exports = {o["Export"]["Name"]: o["Value"]["Ref"] for o in network["Outputs"].values() if "Export" in o}
    named = only(environment.environment, "AWS::MWAA::Environment")["NetworkConfiguration"]["SubnetIds"]
    logical_ids = [exports[each["Fn::ImportValue"]] for each in named]
    return {each: network["Resources"][each]["Properties"] for each in logical_ids}


def test_environment_stands_in_two_private_subnets_of_two_zones(prod: SynthesisedEnvironment) -> None:
    subnets = mwaa_subnets(prod)

    assert [each["AvailabilityZone"] for each in subnets.values()] == ["eu-west-1a", "eu-west-1b"]
    assert not any(each["MapPublicIpOnLaunch"] for each in subnets.values())


@pytest.mark.parametrize(("which", "gateways"), [("dev", 1), ("prod", 2)])
def test_private_subnets_leave_through_nat_and_only_through_it(
    request: pytest.FixtureRequest, which: str, gateways: int
) -> None:
    environment: SynthesisedEnvironment = request.getfixturevalue(which)
    network = environment.network

    assert len(resources(network, "AWS::EC2::NatGateway")) == gateways
    for subnet in mwaa_subnets(environment):
        (route,) = routes(network, subnet)
        assert route["DestinationCidrBlock"] == "0.0.0.0/0"
        assert route["NatGatewayId"]["Ref"] in resources(network, "AWS::EC2::NatGateway")


def test_each_zone_leaves_through_its_own_gateway_in_prod(prod: SynthesisedEnvironment) -> None:
    used = {routes(prod.network, subnet)[0]["NatGatewayId"]["Ref"] for subnet in mwaa_subnets(prod)}

    assert len(used) == 2


def test_without_nat_there_is_no_way_out(without_nat: SynthesisedEnvironment) -> None:
    kinds = {each["Type"] for each in without_nat.network["Resources"].values()}

    assert kinds.isdisjoint(
        {"AWS::EC2::InternetGateway", "AWS::EC2::NatGateway", "AWS::EC2::Route", "AWS::EC2::EIP"}
    )


def test_without_nat_every_service_that_mwaa_needs_has_an_endpoint(
    without_nat: SynthesisedEnvironment,
) -> None:
    endpoints = properties(without_nat.network, "AWS::EC2::VPCEndpoint")
    interfaces = {
        each["ServiceName"].removeprefix("com.amazonaws.eu-west-1."): each
        for each in endpoints
        if each["VpcEndpointType"] == "Interface"
    }

    assert set(interfaces) == set(interface_endpoint_services())
    for each in interfaces.values():
        assert each["PrivateDnsEnabled"] is True
        assert [subnet["Ref"] for subnet in each["SubnetIds"]] == [*mwaa_subnets(without_nat)]


def test_endpoints_answer_https_from_the_vpc_alone(without_nat: SynthesisedEnvironment) -> None:
    group = only(without_nat.network, "AWS::EC2::SecurityGroup")

    (rule,) = group["SecurityGroupIngress"]
    assert rule == {
        "CidrIp": "10.192.0.0/16",
        "Description": "HTTPS from the VPC",
        "FromPort": 443,
        "IpProtocol": "tcp",
        "ToPort": 443,
    }


def test_warehouse_has_three_subnets_without_a_way_out(prod: SynthesisedEnvironment) -> None:
    subnets = subnets_of(prod.network, "Warehouse")

    assert len(subnets) == 3
    assert [each["AvailabilityZone"] for each in subnets.values()] == [
        "eu-west-1a",
        "eu-west-1b",
        "eu-west-1c",
    ]
    assert [routes(prod.network, subnet) for subnet in subnets] == [[], [], []]


def test_in_a_region_with_two_zones_one_of_them_has_two_warehouse_subnets(tmp_path: Path) -> None:
    stack = Stack(App(outdir=str(tmp_path), analytics_reporting=False), "network")
    vpc = ec2.Vpc.from_vpc_attributes(
        stack, "Vpc", vpc_id="vpc-0123456789abcdef0", availability_zones=["us-west-1a"]
    )

    made = WarehouseSubnets(
        stack, "Warehouse", vpc=vpc, cidr="10.192.0.0/16", zones=["us-west-1a", "us-west-1c"]
    )

    assert [subnet.availability_zone for subnet in made.subnets] == ["us-west-1a", "us-west-1c", "us-west-1a"]


def test_s3_is_reached_without_leaving_the_vpc(prod: SynthesisedEnvironment) -> None:
    (endpoint,) = properties(prod.network, "AWS::EC2::VPCEndpoint")
    tables = route_tables(prod.network)
    inside = [*mwaa_subnets(prod), *subnets_of(prod.network, "Warehouse")]

    assert endpoint["VpcEndpointType"] == "Gateway"
    assert {each["Ref"] for each in endpoint["RouteTableIds"]} == {tables[subnet] for subnet in inside}


def test_every_connection_is_recorded(prod: SynthesisedEnvironment) -> None:
    (vpc,) = resources(prod.network, "AWS::EC2::VPC")
    flow_log = only(prod.network, "AWS::EC2::FlowLog")
    log_group = prod.network["Resources"][flow_log["LogGroupName"]["Ref"]]["Properties"]

    assert flow_log["ResourceId"] == {"Ref": vpc}
    assert flow_log["TrafficType"] == "ALL"
    assert log_group["RetentionInDays"] == 90
    assert "KmsKeyId" in log_group


def test_no_two_subnets_overlap(prod: SynthesisedEnvironment) -> None:
    ranges = [ip_network(each["CidrBlock"]) for each in properties(prod.network, "AWS::EC2::Subnet")]

    assert len(ranges) == 7
    assert not any(left.overlaps(right) for left, right in combinations(ranges, 2))


def test_private_subnets_keep_their_addresses_when_nat_comes_or_goes(
    dev: SynthesisedEnvironment, without_nat: SynthesisedEnvironment
) -> None:
    with_gateway = [each["CidrBlock"] for each in mwaa_subnets(dev).values()]

    assert with_gateway == [each["CidrBlock"] for each in mwaa_subnets(without_nat).values()]


def test_smallest_vpc_still_has_room_for_the_warehouse() -> None:
    assert block_prefix_length("10.0.0.0/24") == 27
    assert warehouse_ranges("10.0.0.0/24") == ["10.0.0.128/27", "10.0.0.160/27", "10.0.0.192/27"]
