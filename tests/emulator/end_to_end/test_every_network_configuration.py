"""Each network configuration by `npx cdk`: deployed, updated, rolled back, destroyed, and nothing left."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.emulator.end_to_end.landed_data import aws
from tests.emulator.end_to_end.project_copy import ProjectCopy, copy_project
from tests.fakes.waiting import eventually

pytestmark = [pytest.mark.whole, pytest.mark.timeout(900)]

ACCOUNT = "123456789012"
NAME = "flights-local"
MWAA_STACK = f"{NAME}-environment"
PRIVATE = 'webserver_access_mode = "PRIVATE_ONLY"'
CLOSED = 'nat = "none"\nwebserver_clients = ["10.8.0.0/16"]'
VPC = """
[environments.local.network.vpc]
id = "{vpc}"
subnets = ["{a}", "{b}"]
warehouse_subnets = ["{a}", "{b}", "{c}"]
"""


@dataclass(frozen=True, slots=True)
class Configuration:
    """What stands in the tables of the environment and of its network."""

    settings: str = ""
    network: str = ""
    vpc: str = ""
    stacks: tuple[str, ...] = ("network",)
    given: tuple[str, ...] = ()


CONFIGURATIONS = {
    "one NAT": Configuration(),
    "a NAT per zone": Configuration(network='nat = "per-zone"'),
    "private": Configuration(PRIVATE, CLOSED),
    "customer": Configuration(PRIVATE, f'{CLOSED}\nendpoint_management = "CUSTOMER"'),
    "existing": Configuration(vpc=VPC, stacks=()),
    "shared": Configuration(
        network='endpoint_management = "CUSTOMER"',
        vpc=f'{VPC}owner = "{ACCOUNT}"',
        stacks=(),
        given=("DatabaseService", "WebserverService", "EnvironmentSecurityGroup"),
    ),
}

# What is kept for its data, and the role that MWAA makes for itself in an account.
KEPT = {
    f"bucket {NAME}-data-{ACCOUNT}-us-east-1",
    f"bucket {NAME}-source-{ACCOUNT}-us-east-1",
    f"namespace {NAME}",
    "role AWSServiceRoleForAmazonMWAA",
}
GENERATED = ("bucket flights-local-storage-", "key ")


@dataclass(frozen=True, slots=True)
class Account:
    """An emulated account and the project that is deployed to it."""

    project: ProjectCopy
    exports: dict[str, str]
    plain: str

    def configure(self, settings: str, network: str, vpc: str) -> None:
        tables = f"{settings}\n[environments.local.network]\n{network}\n{vpc}\n"
        head, mark, rest = self.plain.partition("[environments.dev]")
        (self.project.root / "mwaactl.toml").write_text(f"{head}{tables}\n{mark}{rest}", encoding="utf-8")

    def cdk(self, *arguments: str) -> tuple[int, str]:
        done = self.project.run("npx", "cdk", *arguments, environment=self.exports)
        return done.returncode, done.stdout + done.stderr

    def deploy(self, *arguments: str) -> None:
        code, said = self.cdk("deploy", "--require-approval", "never", *arguments)
        assert code == 0, said

    def status(self, stack: str) -> str:
        (found,) = aws(self.project, "cloudformation").describe_stacks(StackName=stack)["Stacks"]
        return str(found["StackStatus"])

    def outputs(self, stack: str) -> dict[str, str]:
        (found,) = aws(self.project, "cloudformation").describe_stacks(StackName=stack)["Stacks"]
        return {each["OutputKey"]: each["OutputValue"] for each in found["Outputs"]}

    def environment(self) -> dict[str, Any]:
        found: dict[str, Any] = aws(self.project, "mwaa").get_environment(Name=NAME)["Environment"]
        return found

    def available(self) -> dict[str, Any]:
        assert eventually(lambda: self.environment()["Status"] == "AVAILABLE", 240)
        return self.environment()

    def existing_vpc(self) -> dict[str, str]:
        """Make a VPC as somebody else would: with three private subnets."""
        ec2 = aws(self.project, "ec2")
        vpc = ec2.create_vpc(CidrBlock="10.50.0.0/16")["Vpc"]["VpcId"]
        ids = {"vpc": vpc}
        for number, zone in enumerate("abc"):
            made = ec2.create_subnet(
                VpcId=vpc, CidrBlock=f"10.50.{number}.0/24", AvailabilityZone=f"us-east-1{zone}"
            )
            ids[zone] = made["Subnet"]["SubnetId"]
        return ids


@pytest.fixture
def account(tmp_path: Path) -> Iterator[Account]:
    project = copy_project(tmp_path, "http://127.0.0.1:9/simple")
    up = project.mwaactl("emulator", "up")
    assert up.returncode == 0, up.stderr
    try:
        plain = (tmp_path / "mwaactl.toml").read_text(encoding="utf-8")
        yield Account(project, project.exports(), plain)
    finally:
        project.mwaactl("emulator", "down")


@pytest.mark.parametrize("name", CONFIGURATIONS)
def test_configuration_is_deployed_updated_rolled_back_and_destroyed(account: Account, name: str) -> None:
    wanted = CONFIGURATIONS[name]
    vpc = wanted.vpc.format(**account.existing_vpc()) if wanted.vpc else ""
    stacks = [
        f"{NAME}-{each}" for each in (*wanted.stacks, "storage", "warehouse", "functions", "observability")
    ]
    before = everything(account)

    account.configure(wanted.settings, wanted.network, vpc)
    account.deploy(*stacks, MWAA_STACK)
    if wanted.given:
        connect(account, wanted.given)
    created = account.available()
    assert created["NetworkConfiguration"]["SubnetIds"]

    account.configure(f"{wanted.settings}\nmax_workers = 3", f"{wanted.network}\n{UPDATE[name]}", vpc)
    account.deploy(*stacks, MWAA_STACK)
    assert account.available()["MaxWorkers"] == 3

    refuse_requirements_that_are_not_there(account)
    assert account.available()["MaxWorkers"] == 3

    code, said = account.cdk("destroy", "--force", "--all")
    assert code == 0, said
    left = everything(account) - before
    assert {each for each in left if not each.startswith(GENERATED)} == KEPT
    assert before <= everything(account)


UPDATE = {
    "one NAT": 'nat = "per-zone"',
    "a NAT per zone": 'boundary = "o-a1b2c3d4e5"',
    "private": 'boundary = "o-a1b2c3d4e5"\nreadable_buckets = ["open-data"]',
    "customer": 'boundary = "none"',
    "existing": 'webserver_clients = ["10.8.0.0/16"]',
    "shared": 'webserver_clients = ["10.8.0.0/16"]',
}


def connect(account: Account, given: tuple[str, ...]) -> None:
    """Do what the VPC's owner does with what the environment's stack puts out."""
    assert account.status(MWAA_STACK) == "CREATE_COMPLETE"
    assert account.environment()["Status"] == "PENDING"
    outputs = account.outputs(MWAA_STACK)
    parameters = [word for each in given for word in ("--parameters", f"{each}={outputs[each]}")]
    account.deploy(f"{NAME}-endpoints", *parameters)


def refuse_requirements_that_are_not_there(account: Account) -> None:
    code, said = account.cdk(
        "deploy",
        MWAA_STACK,
        "--exclusively",
        *("--require-approval", "never"),
        *("--parameters", "RequirementsKey=artifacts/requirements.txt"),
        *("--parameters", "RequirementsVersion=of-nothing"),
    )

    assert code == 1
    assert "of-nothing" in said or "artifacts/requirements.txt" in said
    assert account.status(MWAA_STACK) == "UPDATE_ROLLBACK_COMPLETE"


def everything(account: Account) -> set[str]:
    """What is in the account and could be left over, each as its kind and name."""
    project = account.project

    @cache
    def client(service: str) -> Any:
        return aws(project, service)

    found = set()
    for kind, (service, operation, listing, name, gone) in LISTED.items():
        pages: Callable[[], Any] = getattr(client(service), operation)
        for each in pages()[listing]:
            if gone is None or each.get("State") not in gone:
                found.add(f"{kind} {each[name] if name else each}")
    return found


LISTED: dict[str, tuple[str, str, str, str, tuple[str, ...] | None]] = {
    "vpc": ("ec2", "describe_vpcs", "Vpcs", "VpcId", None),
    "subnet": ("ec2", "describe_subnets", "Subnets", "SubnetId", None),
    "route table": ("ec2", "describe_route_tables", "RouteTables", "RouteTableId", None),
    "security group": ("ec2", "describe_security_groups", "SecurityGroups", "GroupId", None),
    "endpoint": ("ec2", "describe_vpc_endpoints", "VpcEndpoints", "VpcEndpointId", ("deleted",)),
    "nat": ("ec2", "describe_nat_gateways", "NatGateways", "NatGatewayId", ("deleted",)),
    "address": ("ec2", "describe_addresses", "Addresses", "AllocationId", None),
    "gateway": ("ec2", "describe_internet_gateways", "InternetGateways", "InternetGatewayId", None),
    "interface": ("ec2", "describe_network_interfaces", "NetworkInterfaces", "NetworkInterfaceId", None),
    "flow log": ("ec2", "describe_flow_logs", "FlowLogs", "FlowLogId", None),
    "role": ("iam", "list_roles", "Roles", "RoleName", None),
    "log group": ("logs", "describe_log_groups", "logGroups", "logGroupName", None),
    "environment": ("mwaa", "list_environments", "Environments", "", None),
    "function": ("lambda", "list_functions", "Functions", "FunctionName", None),
    "topic": ("sns", "list_topics", "Topics", "TopicArn", None),
    "alarm": ("cloudwatch", "describe_alarms", "MetricAlarms", "AlarmName", None),
    "dashboard": ("cloudwatch", "list_dashboards", "DashboardEntries", "DashboardName", None),
    "rule": ("events", "list_rules", "Rules", "Name", None),
    "workgroup": ("redshift-serverless", "list_workgroups", "workgroups", "workgroupName", None),
    "namespace": ("redshift-serverless", "list_namespaces", "namespaces", "namespaceName", None),
    "bucket": ("s3", "list_buckets", "Buckets", "Name", None),
    "key": ("kms", "list_keys", "Keys", "KeyId", None),
    "stack": ("cloudformation", "describe_stacks", "Stacks", "StackName", None),
}
