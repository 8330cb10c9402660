"""Role, subnets and security groups of a new environment: refused at once, or failed while it is created."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from tests.emulator.mwaa.conftest import create_execution_role, open_to_itself

if TYPE_CHECKING:
    from tests.emulator.mwaa.conftest import World

SERVICES = ["airflow.amazonaws.com", "airflow-env.amazonaws.com"]


def _trust(services: list[str], **condition: Any) -> dict[str, Any]:
    statement: dict[str, Any] = {"Effect": "Allow", "Principal": {"Service": services}}
    return statement | {"Action": "sts:AssumeRole"} | condition


def _reads(*resources: str, effect: str = "Allow") -> dict[str, Any]:
    return {"Effect": effect, "Action": ["s3:GetObject*", "s3:List*"], "Resource": list(resources)}


def _role(world: World, **policies: Any) -> str:
    return create_execution_role(world.client("iam"), f"r-{uuid.uuid4()}", **policies)


@pytest.mark.parametrize("services", [["lambda.amazonaws.com"], SERVICES[:1], SERVICES[1:]])
def test_role_that_does_not_trust_both_services_is_refused(world: World, services: list[str]) -> None:
    role = _role(world, trust=_trust(services))
    with pytest.raises(ClientError, match="cannot be assumed by MWAA"):
        world.mwaa.create_environment(**world.request("distrusted", ExecutionRoleArn=role))


def test_trust_may_be_limited_to_the_environment_but_not_to_another(world: World) -> None:
    arn = "arn:aws:airflow:us-east-1:123456789012:environment/mine"
    only = {
        "Condition": {
            "ArnLike": {"aws:SourceArn": arn},
            "StringEquals": {"aws:SourceAccount": "123456789012"},
        }
    }
    role = _role(world, trust=_trust(SERVICES, **only))
    world.create("mine", ExecutionRoleArn=role)
    with pytest.raises(ClientError, match="cannot be assumed by MWAA"):
        world.mwaa.create_environment(**world.request("other", ExecutionRoleArn=role))


@pytest.mark.parametrize(
    "statement",
    [
        _reads("arn:aws:s3:::another", "arn:aws:s3:::another/*"),
        _reads("arn:aws:s3:::source-*/*"),
        _reads("arn:aws:s3:::source-*/plugins/*"),
        _reads("*", effect="Deny"),
    ],
)
def test_role_that_may_not_read_the_bucket_is_refused(world: World, statement: dict[str, Any]) -> None:
    role = _role(world, policy=statement)
    with pytest.raises(ClientError) as caught:
        world.mwaa.create_environment(**world.request("blind", ExecutionRoleArn=role))
    location = f"{world.bucket}/dags"
    message = f"Provided role does not have sufficient permissions for s3 location {location}"
    assert caught.value.response["Error"]["Message"] == message


def test_bucket_policy_that_denies_the_role_is_heeded(world: World) -> None:
    everything = [f"arn:aws:s3:::{world.bucket}", f"arn:aws:s3:::{world.bucket}/*"]
    deny = _reads(*everything, effect="Deny") | {"Principal": {"AWS": world.role_arn}}
    document = json.dumps({"Version": "2012-10-17", "Statement": [deny]})
    world.client("s3").put_bucket_policy(Bucket=world.bucket, Policy=document)
    with pytest.raises(ClientError, match="sufficient permissions"):
        world.mwaa.create_environment(**world.request("denied"))


def test_update_to_a_role_that_may_not_read_the_bucket_is_refused(world: World) -> None:
    world.create("seeing")
    role = _role(world, policy=_reads("arn:aws:s3:::another"))
    with pytest.raises(ClientError, match="sufficient permissions"):
        world.mwaa.update_environment(Name="seeing", ExecutionRoleArn=role)
    assert world.mwaa.get_environment(Name="seeing")["Environment"]["Status"] == "AVAILABLE"


def test_public_subnet_ends_in_create_failed(world: World) -> None:
    ec2, network = _own_network(world)
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    vpc = ec2.describe_subnets(SubnetIds=network["SubnetIds"])["Subnets"][0]["VpcId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
    ec2.associate_route_table(RouteTableId=table, SubnetId=network["SubnetIds"][1])
    world.mwaa.create_environment(**world.request("public", NetworkConfiguration=network))
    error = world.wait("public", "CREATE_FAILED")["LastUpdate"]["Error"]
    assert error["ErrorCode"] == "INCORRECT_CONFIGURATION"
    assert f"({network['SubnetIds'][1]} is not private: " in error["ErrorMessage"]
    assert world.hosts.hosts["public"].specs == []


def test_security_groups_that_do_not_let_themselves_in_end_in_create_failed(world: World) -> None:
    ec2, network = _own_network(world)
    world.mwaa.create_environment(**world.request("closed", NetworkConfiguration=network))
    error = world.wait("closed", "CREATE_FAILED")["LastUpdate"]["Error"]
    assert "has an inbound rule that references itself" in error["ErrorMessage"]
    open_to_itself(ec2, network["SecurityGroupIds"][0])
    world.create("opened", NetworkConfiguration=network)


@pytest.mark.parametrize(
    ("mode", "services"),
    [
        ("PUBLIC_ONLY", ["DatabaseVpcEndpointService"]),
        ("PRIVATE_ONLY", ["DatabaseVpcEndpointService", "WebserverVpcEndpointService"]),
    ],
)
def test_customer_s_endpoints_are_waited_for(world: World, mode: str, services: list[str]) -> None:
    name = mode.replace("_", "-")
    request = world.request(name, EndpointManagement="CUSTOMER", WebserverAccessMode=mode)
    world.mwaa.create_environment(**request)
    pending = world.wait(name, "PENDING")
    assert sorted(one for one in pending if one.endswith("VpcEndpointService")) == services
    with pytest.raises(ClientError, match="is in status PENDING, cannot update it"):
        world.mwaa.update_environment(Name=name, MaxWorkers=2)
    ec2 = world.client("ec2")
    vpc = ec2.describe_subnets(SubnetIds=world.network["SubnetIds"])["Subnets"][0]["VpcId"]
    for service in services:
        assert world.hosts.hosts[name].specs == []
        ec2.create_vpc_endpoint(VpcId=vpc, ServiceName=pending[service], VpcEndpointType="Interface")
    available = world.wait(name, "AVAILABLE")
    assert {one: available[one] for one in services} == {one: pending[one] for one in services}
    assert available["EndpointManagement"] == "CUSTOMER"


def test_environment_that_waits_for_endpoints_can_be_deleted(world: World) -> None:
    world.mwaa.create_environment(**world.request("waiting", EndpointManagement="CUSTOMER"))
    world.wait("waiting", "PENDING")
    world.mwaa.delete_environment(Name="waiting")
    with pytest.raises(ClientError, match="No environment found"):
        world.wait("waiting", "DELETED")
    assert world.hosts.hosts["waiting"].specs == []


def _own_network(world: World) -> tuple[Any, dict[str, list[str]]]:
    """Make a VPC whose security group has no rule yet."""
    ec2 = world.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.7.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.7.{number}.0/24", AvailabilityZone=f"us-east-1{zone}")
        for number, zone in enumerate("ab")
    ]
    group = ec2.create_security_group(GroupName=f"g-{uuid.uuid4()}", Description="g", VpcId=vpc)
    ids = [subnet["Subnet"]["SubnetId"] for subnet in subnets]
    return ec2, {"SubnetIds": ids, "SecurityGroupIds": [group["GroupId"]]}
