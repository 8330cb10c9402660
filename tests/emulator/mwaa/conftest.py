"""The MWAA service over HTTP, beside moto's services, with a small HTTP server in Airflow's place."""

from __future__ import annotations

import json
import threading
import time
import uuid
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.config import Config

from mwaactl.emulator.loopback_services import LoopbackServices
from mwaactl.emulator.mwaa.application import MwaaService
from mwaactl.emulator.mwaa.rest_api import RestApi
from mwaactl.emulator.mwaa.tokens import TokenSigner
from mwaactl.emulator.settings import EmulatorSettings
from tests.fakes.fake_airflow_host import FakeAirflowHosts

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from mypy_boto3_mwaa import MWAAClient

REGION = "us-east-1"
REST_TIMEOUT = 0.5


@cache
def client_for(endpoint_url: str, service: str, *credentials: str) -> Any:
    """Return a client on the endpoint; making one takes longer than most requests here."""
    names = ("aws_access_key_id", "aws_secret_access_key", "aws_session_token")
    keys = dict(zip(names, credentials or ("emulator", "emulator"), strict=False))
    create: Any = boto3.session.Session().client
    config = Config(
        inject_host_prefix=False, retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}
    )
    return create(service, region_name=REGION, endpoint_url=endpoint_url, config=config, **keys)


@dataclass(frozen=True, slots=True)
class Account:
    """What environments name and tests share."""

    role_arn: str
    network: dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class World:
    """Everything that a test of MWAA needs: the account, a bucket of its own, the fake Airflows, clients."""

    settings: EmulatorSettings
    hosts: FakeAirflowHosts
    signer: TokenSigner
    account: Account
    bucket: str
    service: MwaaService

    def client(self, service: str, *credentials: str) -> Any:
        return client_for(self.settings.endpoint_url, service, *credentials)

    @property
    def network(self) -> dict[str, list[str]]:
        return self.account.network

    @property
    def role_arn(self) -> str:
        return self.account.role_arn

    @property
    def mwaa(self) -> MWAAClient:
        client: MWAAClient = self.client("mwaa")
        return client

    def request(self, name: str, **changes: Any) -> dict[str, Any]:
        """Return the smallest request that CreateEnvironment takes; a change to None removes a member."""
        request = {
            "Name": name,
            "ExecutionRoleArn": self.role_arn,
            "SourceBucketArn": f"arn:aws:s3:::{self.bucket}",
            "DagS3Path": "dags",
            "NetworkConfiguration": self.network,
            "AirflowVersion": "3.3.1",
        } | changes
        return {key: value for key, value in request.items() if value is not None}

    def create(self, name: str, **changes: Any) -> dict[str, Any]:
        """Create an environment and return it once it is AVAILABLE."""
        self.mwaa.create_environment(**self.request(name, **changes))
        return self.wait(name, "AVAILABLE")

    def wait(self, name: str, status: str) -> dict[str, Any]:
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            environment: dict[str, Any] = dict(self.mwaa.get_environment(Name=name)["Environment"])
            if environment["Status"] == status:
                return environment
            threading.Event().wait(0.02)
        pytest.fail(f"{name} is {environment['Status']}, never {status}: {environment['LastUpdate']}")

    def put(self, key: str, body: bytes) -> str:
        return str(self.client("s3").put_object(Bucket=self.bucket, Key=key, Body=body)["VersionId"])


@pytest.fixture(scope="session")
def emulated_aws() -> Iterator[LoopbackServices]:
    aws = LoopbackServices()
    yield aws
    aws.close()


# Tests of other folders empty moto's services in between, where files are shared among processes.
@pytest.fixture(scope="module")
def account(emulated_aws: LoopbackServices) -> Account:
    endpoint_url = f"http://127.0.0.1:{emulated_aws.port}"
    iam, ec2 = client_for(endpoint_url, "iam"), client_for(endpoint_url, "ec2")
    role = create_execution_role(iam, f"execution-{uuid.uuid4()}")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{number}.0/24", AvailabilityZone=f"{REGION}{zone}")
        for number, zone in enumerate("ab")
    ]
    group = ec2.create_security_group(GroupName="airflow", Description="airflow", VpcId=vpc)
    open_to_itself(ec2, group["GroupId"])
    network = {
        "SubnetIds": [subnet["Subnet"]["SubnetId"] for subnet in subnets],
        "SecurityGroupIds": [group["GroupId"]],
    }
    return Account(role, network)


def create_execution_role(iam: Any, name: str, **policies: Any) -> str:
    """Create a role that trusts MWAA and may read every bucket; `trust` and `policy` replace what it has."""
    services = ["airflow.amazonaws.com", "airflow-env.amazonaws.com"]
    trust = {"Effect": "Allow", "Principal": {"Service": services}, "Action": "sts:AssumeRole"}
    reads = {"Effect": "Allow", "Action": ["s3:GetObject*", "s3:GetBucket*", "s3:List*"], "Resource": "*"}
    document = _document(policies.get("trust", trust))
    arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=document)["Role"]["Arn"]
    reading = _document(policies.get("policy", reads))
    iam.put_role_policy(RoleName=name, PolicyName="reads", PolicyDocument=reading)
    return str(arn)


def open_to_itself(ec2: Any, group: str) -> None:
    """Add the rule that MWAA's containers need to reach one another."""
    rule = {"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": group}]}
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[rule])


def _document(statement: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@pytest.fixture
def world(emulated_aws: LoopbackServices, account: Account, tmp_path: Path) -> Iterator[World]:
    settings = EmulatorSettings(
        project_root=tmp_path,
        state_dir=tmp_path / "emulator",
        runtimes_dir=tmp_path / "runtimes",
        port=emulated_aws.port,
    )
    hosts, signer = FakeAirflowHosts(), TokenSigner()
    service = MwaaService(settings, hosts, signer=signer, rest_api=RestApi(REST_TIMEOUT))
    emulated_aws.apps["airflow"] = service.app
    world = World(settings, hosts, signer, account, f"source-{uuid.uuid4()}", service)
    _create_bucket(world.client("s3"), world.bucket)
    yield world
    service.shutdown()


def _create_bucket(s3: Any, bucket: str) -> None:
    s3.create_bucket(Bucket=bucket)
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    blocks = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
    s3.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=dict.fromkeys(blocks, True))
