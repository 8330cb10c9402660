"""AWS::MWAA::Environment over the real service, with a small HTTP server in Airflow's place."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from aws_cdk import App

from infra.stacks.endpoints import EndpointsStack
from mwaactl.config.environment import ExistingVpc
from mwaactl.config.load import load_config
from mwaactl.emulator.cloudformation.application import cloudformation_app
from mwaactl.emulator.cloudformation.resource_type import wait_for
from mwaactl.emulator.cloudformation.responses import Engines
from mwaactl.emulator.loopback import client
from mwaactl.emulator.loopback_services import LoopbackServices
from mwaactl.emulator.mwaa.application import MwaaService
from mwaactl.emulator.mwaa.host import HostFailure
from mwaactl.emulator.settings import EmulatorSettings
from tests.fakes.fake_airflow_host import FakeAirflowHost, FakeAirflowHosts
from tests.fakes.stack_driver import StackDriver, declare, output

PROJECT_ROOT = Path(__file__).parents[3]
BLOCKS = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")


@dataclass(frozen=True, slots=True)
class World:
    settings: EmulatorSettings
    stacks: StackDriver
    host: FakeAirflowHost
    name: str

    def aws(self, service: str) -> Any:
        return client(service, self.settings)

    def environment(self) -> dict[str, Any]:
        found: dict[str, Any] = self.aws("mwaa").get_environment(Name=self.name)["Environment"]
        return found

    def template(self, **properties: Any) -> dict[str, Any]:
        """The environment with everything that it needs around it."""
        return {
            "Bucket": declare(
                "AWS::S3::Bucket",
                BucketName=self.name,
                VersioningConfiguration={"Status": "Enabled"},
                PublicAccessBlockConfiguration=dict.fromkeys(BLOCKS, True),
            ),
            "Role": declare(
                "AWS::IAM::Role",
                AssumeRolePolicyDocument=_document(
                    Principal={"Service": ["airflow.amazonaws.com", "airflow-env.amazonaws.com"]},
                    Action="sts:AssumeRole",
                ),
                Policies=[
                    {
                        "PolicyName": "reads",
                        "PolicyDocument": _document(Action=["s3:GetObject*", "s3:List*"], Resource="*"),
                    }
                ],
            ),
            "Vpc": declare("AWS::EC2::VPC", CidrBlock="10.9.0.0/16"),
            "SubnetA": _subnet("10.9.1.0/24", "us-east-1a"),
            "SubnetB": _subnet("10.9.2.0/24", "us-east-1b"),
            "Group": declare("AWS::EC2::SecurityGroup", GroupDescription="g", VpcId={"Ref": "Vpc"}),
            "Environment": declare(
                "AWS::MWAA::Environment",
                Name=self.name,
                AirflowVersion="3.3.1",
                DagS3Path="dags",
                ExecutionRoleArn={"Fn::GetAtt": ["Role", "Arn"]},
                SourceBucketArn={"Fn::GetAtt": ["Bucket", "Arn"]},
                NetworkConfiguration={
                    "SubnetIds": [{"Ref": "SubnetA"}, {"Ref": "SubnetB"}],
                    "SecurityGroupIds": [{"Ref": "Group"}],
                },
                **properties,
            ),
            # After the environment, which does not refer to it: on AWS both are made at the same time.
            "Ingress": declare(
                "AWS::EC2::SecurityGroupIngress",
                GroupId={"Ref": "Group"},
                SourceSecurityGroupId={"Ref": "Group"},
                IpProtocol="-1",
            ),
        }


def _document(**statement: Any) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow"} | statement]}


def _subnet(block: str, zone: str) -> dict[str, Any]:
    return declare("AWS::EC2::Subnet", VpcId={"Ref": "Vpc"}, CidrBlock=block, AvailabilityZone=zone)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    aws = LoopbackServices()
    settings = EmulatorSettings(tmp_path, tmp_path / "emulator", tmp_path / "runtimes", port=aws.port)
    hosts = FakeAirflowHosts()
    service = MwaaService(settings, hosts)
    aws.apps["airflow"] = service.app
    aws.apps["cloudformation"] = cloudformation_app(Engines(settings))
    name = f"t{uuid4().hex[:10]}"
    yield World(settings, StackDriver(client("cloudformation", settings), name), hosts.prepare(name), name)
    service.shutdown()
    aws.close()


def test_stack_is_complete_when_the_environment_is_available(world: World) -> None:
    outputs = {
        "Outputs": {
            "Arn": output({"Fn::GetAtt": ["Environment", "Arn"]}),
            "Url": output({"Fn::GetAtt": ["Environment", "WebserverUrl"]}),
        }
    }

    made = world.stacks.create(world.template(Tags={"project": "flights"}), sections=outputs)

    assert made["StackStatus"] == "CREATE_COMPLETE", world.stacks.failures()
    found = world.environment()
    assert (found["Status"], found["Tags"]) == ("AVAILABLE", {"project": "flights"})
    assert {each["OutputValue"] for each in made["Outputs"]} == {found["Arn"], found["WebserverUrl"]}


def test_update_reaches_airflow_and_tags_change(world: World) -> None:
    world.stacks.create(world.template(Tags={"a": "1"}))

    made = world.stacks.update(
        world.template(Tags={"b": "2"}, AirflowConfigurationOptions={"core.parallelism": "8"})
    )

    assert made["StackStatus"] == "UPDATE_COMPLETE", world.stacks.failures()
    assert world.host.specs[-1].config_options["core.parallelism"] == "8"
    assert world.environment()["Tags"] == {"b": "2"}


def test_failed_creation_carries_mwaa_s_reason_and_leaves_no_environment(world: World) -> None:
    world.host.fail_with = HostFailure("INCORRECT_CONFIGURATION", "the scheduler never became healthy")

    made = world.stacks.create(world.template())

    assert made["StackStatus"] == "ROLLBACK_COMPLETE"
    assert "the scheduler never became healthy" in world.stacks.failures()["Environment"]
    assert world.aws("mwaa").list_environments()["Environments"] == []


def test_failed_update_carries_mwaa_s_reason_and_rolls_back_the_stack(world: World) -> None:
    world.stacks.create(world.template())
    world.host.fail_with = HostFailure("INCORRECT_CONFIGURATION", "no such package: nonsense")

    made = world.stacks.update(world.template(AirflowConfigurationOptions={"core.parallelism": "8"}))

    assert made["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert "no such package: nonsense" in world.stacks.failures()["Environment"]
    assert world.environment()["AirflowConfigurationOptions"] == {}


def test_other_subnets_are_refused_as_a_replacement_of_a_named_resource(world: World) -> None:
    world.stacks.create(world.template())
    resources = world.template()
    configuration = resources["Environment"]["Properties"]["NetworkConfiguration"]
    configuration["SubnetIds"] = configuration["SubnetIds"][::-1]

    world.stacks.update(resources)

    assert f"Rename {world.name} and update the stack again" in world.stacks.failures()["Environment"]


def own_endpoints(**properties: Any) -> dict[str, Any]:
    """The customer's endpoints to the environment's database and web server."""
    return {
        name: declare(
            "AWS::EC2::VPCEndpoint",
            ServiceName={"Fn::GetAtt": ["Environment", f"{name}VpcEndpointService"]},
            VpcEndpointType="Interface",
            VpcId={"Ref": "Vpc"},
            SubnetIds=[{"Ref": "SubnetA"}, {"Ref": "SubnetB"}],
            SecurityGroupIds=[{"Ref": "Group"}],
            **properties,
        )
        for name in ("Database", "Webserver")
    }


def test_customer_s_endpoints_are_made_in_the_stack_of_the_environment_that_waits_for_them(
    world: World,
) -> None:
    resources = world.template(EndpointManagement="CUSTOMER", WebserverAccessMode="PRIVATE_ONLY")

    made = world.stacks.create(resources | own_endpoints())

    assert made["StackStatus"] == "CREATE_COMPLETE", world.stacks.failures()
    waited = wait_for(world.environment, lambda found: found["Status"] == "AVAILABLE", "it", 20, 0.1)
    endpoints = world.aws("ec2").describe_vpc_endpoints()["VpcEndpoints"]
    connected = {each["ServiceName"] for each in endpoints if each["State"] == "available"}
    assert {waited["DatabaseVpcEndpointService"], waited["WebserverVpcEndpointService"]} <= connected

    updated = world.stacks.update(
        world.template(EndpointManagement="CUSTOMER", WebserverAccessMode="PRIVATE_ONLY", MaxWorkers=4)
        | own_endpoints()
    )
    assert updated["StackStatus"] == "UPDATE_COMPLETE", world.stacks.failures()
    assert world.stacks.delete()["StackStatus"] == "DELETE_COMPLETE", world.stacks.failures()
    left = world.aws("ec2").describe_vpc_endpoints()["VpcEndpoints"]
    assert not [each for each in left if each["State"] == "available" and each["ServiceName"] in connected]


def test_owner_of_a_shared_vpc_connects_the_environment_with_what_its_stack_puts_out(
    world: World, tmp_path: Path
) -> None:
    resources = world.template(EndpointManagement="CUSTOMER", WebserverAccessMode="PRIVATE_ONLY")
    puts_out: dict[str, Any] = {
        name: {"Value": {"Fn::GetAtt": ["Environment", f"{name[:-7]}VpcEndpointService"]}}
        for name in ("DatabaseService", "WebserverService")
    }
    puts_out["EnvironmentSecurityGroup"] = {"Value": {"Ref": "Group"}}
    made = world.stacks.create(resources, sections={"Outputs": puts_out})
    assert (made["StackStatus"], world.environment()["Status"]) == ("CREATE_COMPLETE", "PENDING")

    template = owner_s_template(world, tmp_path / "assembly")
    given = [
        {"ParameterKey": each["OutputKey"], "ParameterValue": each["OutputValue"]} for each in made["Outputs"]
    ]
    sections = {name: part for name, part in template.items() if name != "Resources"}
    owner = world.stacks.create(template["Resources"], "owner", Parameters=given, sections=sections)

    assert owner["StackStatus"] == "CREATE_COMPLETE", world.stacks.failures("owner")
    wait_for(world.environment, lambda found: found["Status"] == "AVAILABLE", "it", 20, 0.1)
    assert world.stacks.delete("owner")["StackStatus"] == "DELETE_COMPLETE"
    assert world.stacks.delete()["StackStatus"] == "DELETE_COMPLETE", world.stacks.failures()


def owner_s_template(world: World, outdir: Path) -> dict[str, Any]:
    """The stack of endpoints that our app makes for the account that shares the environment's VPC."""
    subnets = tuple(world.stacks.physical_id(name) for name in ("SubnetA", "SubnetB"))
    vpc = ExistingVpc(world.stacks.physical_id("Vpc"), subnets, (), "123456789012")
    local = load_config(PROJECT_ROOT / "mwaactl.toml").environments["local"]
    network = replace(local.network, vpc=vpc, endpoint_management="CUSTOMER")
    app = App(outdir=str(outdir), analytics_reporting=False)
    stack = EndpointsStack(app, config=replace(local, network=network), vpc=vpc)
    template: dict[str, Any] = app.synth().get_stack_by_name(stack.stack_name).template
    del template["Parameters"]["BootstrapVersion"], template["Rules"]
    return template


def test_failure_beside_an_environment_that_waits_takes_both_away(world: World) -> None:
    resources = world.template(EndpointManagement="CUSTOMER", WebserverAccessMode="PRIVATE_ONLY")
    resources |= own_endpoints()
    resources["Webserver"]["Properties"]["SubnetIds"] = ["subnet-00000000"]

    made = world.stacks.create(resources)

    assert made["StackStatus"] == "ROLLBACK_COMPLETE"
    assert "subnet-00000000" in world.stacks.failures()["Webserver"]
    assert world.aws("mwaa").list_environments()["Environments"] == []


def test_deleting_the_stack_stops_airflow(world: World) -> None:
    world.stacks.create(world.template())

    assert world.stacks.delete()["StackStatus"] == "DELETE_COMPLETE", world.stacks.failures()

    assert world.host.stops == 1
    assert world.aws("mwaa").list_environments()["Environments"] == []
