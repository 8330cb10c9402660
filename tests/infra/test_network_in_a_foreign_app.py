"""The network's constructs, one by one, in an app that knows nothing of this project's configuration."""

from pathlib import Path

import pytest
from aws_cdk import App, Environment, Stack, Validations
from aws_cdk import aws_ec2 as ec2
from cdk_nag import AwsSolutionsChecks

from infra.constructs.flow_logs import FlowLogs
from infra.constructs.mwaa_network import MwaaNetwork
from infra.constructs.vpc_endpoints import InterfaceEndpoints, S3Endpoint
from infra.endpoint_policies import Boundary
from tests.infra.templates import Template, properties, resources

ACCOUNT = "111122223333"
ZONES = ["eu-west-1a", "eu-west-1b"]
VPC_ID = "vpc-0123456789abcdef0"


class ForeignApp:
    """A plain app with one stack and cdk-nag."""

    def __init__(self, outdir: Path) -> None:
        self._app = App(outdir=str(outdir), analytics_reporting=False)
        Validations.of(self._app).add_plugins(AwsSolutionsChecks(self._app))
        self.stack = Stack(self._app, "theirs", env=Environment(account=ACCOUNT, region="eu-west-1"))

    def template(self) -> Template:
        """Synthesise; a finding of cdk-nag raises."""
        found: Template = self._app.synth().get_stack_by_name("theirs").template
        return found


@pytest.fixture
def theirs(tmp_path: Path) -> ForeignApp:
    return ForeignApp(tmp_path)


def vpc_of(app: ForeignApp) -> ec2.IVpc:
    return ec2.Vpc.from_vpc_attributes(app.stack, "Vpc", vpc_id=VPC_ID, availability_zones=ZONES)


def subnet_of(app: ForeignApp) -> ec2.ISubnet:
    return ec2.Subnet.from_subnet_attributes(
        app.stack,
        "Subnet",
        subnet_id="subnet-0123456789abcdef0",
        availability_zone=ZONES[0],
        route_table_id="rtb-0123456789abcdef0",
    )


def recorded(app: ForeignApp, network: MwaaNetwork) -> None:
    """Flow logs, which cdk-nag asks for in every VPC."""
    FlowLogs(app.stack, "FlowLogs", vpc=network.vpc)


def test_network_of_zones_alone_has_public_routing_through_one_gateway(theirs: ForeignApp) -> None:
    network = MwaaNetwork(theirs.stack, "Network", zones=ZONES)
    recorded(theirs, network)

    template = theirs.template()

    assert len(network.private_subnets) == 2
    assert network.warehouse_subnets == []
    assert len(resources(template, "AWS::EC2::NatGateway")) == 1
    (gateway,) = properties(template, "AWS::EC2::VPCEndpoint")
    (inside, *_) = gateway["PolicyDocument"]["Statement"]
    assert inside["Condition"] == {
        "StringEquals": {"aws:PrincipalAccount": ACCOUNT, "aws:ResourceAccount": ACCOUNT}
    }


def test_private_network_has_the_endpoints_that_are_asked_for(theirs: ForeignApp) -> None:
    queue = f"arn:aws:sqs:eu-west-1:{ACCOUNT}:airflow-celery-1"
    boundary = Boundary(ACCOUNT, celery_queue=queue)
    network = MwaaNetwork(
        theirs.stack, "Network", zones=ZONES, nat="none", boundary=boundary, services=["sqs", "kms"]
    )
    recorded(theirs, network)

    endpoints = properties(theirs.template(), "AWS::EC2::VPCEndpoint")

    policies = {each["ServiceName"]: each["PolicyDocument"] for each in endpoints if each.get("SubnetIds")}
    assert set(policies) == {"com.amazonaws.eu-west-1.sqs", "com.amazonaws.eu-west-1.kms"}
    assert policies["com.amazonaws.eu-west-1.sqs"]["Statement"][1]["Resource"] == queue


def test_public_web_server_that_no_worker_reaches_is_refused_with_the_remedy(theirs: ForeignApp) -> None:
    closed = MwaaNetwork(theirs.stack, "Network", zones=ZONES, nat="none")

    with pytest.raises(ValueError, match=r"every task would fail; set `nat` to `one` or `per-zone`, or use "):
        closed.access("PUBLIC_ONLY", airflow_version="3.3.1")
    assert closed.access("PUBLIC_ONLY", airflow_version="2.11.2") == "PUBLIC_ONLY"
    assert closed.access("PUBLIC_AND_PRIVATE", airflow_version="3.3.1") == "PUBLIC_AND_PRIVATE"
    with pytest.raises(ValueError, match=r"needs Airflow 3\.2\.1 or newer, not 3\.0\.6"):
        closed.access("PUBLIC_AND_PRIVATE", airflow_version="3.0.6")


def test_public_web_server_is_reached_where_there_is_a_way_out(theirs: ForeignApp) -> None:
    network = MwaaNetwork(theirs.stack, "Network", zones=ZONES, nat="per-zone")

    assert network.access("PUBLIC_ONLY", airflow_version="3.3.1") == "PUBLIC_ONLY"


def test_endpoints_stand_in_somebody_else_s_vpc(theirs: ForeignApp) -> None:
    vpc, subnets = vpc_of(theirs), [subnet_of(theirs)]
    boundary = Boundary(ACCOUNT, "o-a1b2c3d4e5")
    S3Endpoint(theirs.stack, "S3", vpc=vpc, subnets=subnets, boundary=boundary)
    InterfaceEndpoints(
        theirs.stack,
        "Endpoints",
        vpc=vpc,
        subnets=subnets,
        cidr="10.0.0.0/16",
        boundary=boundary,
        services=["logs"],
    )

    s3, logs = properties(theirs.template(), "AWS::EC2::VPCEndpoint")

    assert s3["RouteTableIds"] == ["rtb-0123456789abcdef0"]
    assert logs["SubnetIds"] == ["subnet-0123456789abcdef0"]
    assert {s3["VpcId"], logs["VpcId"]} == {VPC_ID}
    (inside,) = logs["PolicyDocument"]["Statement"]
    assert inside["Condition"]["StringEquals"] == {
        "aws:PrincipalOrgID": "o-a1b2c3d4e5",
        "aws:ResourceOrgID": "o-a1b2c3d4e5",
    }
