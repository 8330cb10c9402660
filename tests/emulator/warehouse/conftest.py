"""An emulated AWS for the warehouse's tests: moto beside the two services, on one loopback port."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.config import Config

from mwaactl.emulator.loopback_services import LoopbackServices
from mwaactl.emulator.settings import EmulatorSettings
from mwaactl.emulator.warehouse.application import service_apps
from tests.fakes.workgroups import wait_available

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NAMESPACE = "flights-local"
DATABASE = "warehouse"
ROLE = "warehouse-copy"


@dataclass(frozen=True, slots=True)
class Aws:
    """Clients of the emulated AWS."""

    endpoint_url: str

    def client(self, service: str) -> Any:
        session = boto3.session.Session("test", "test", region_name="us-east-1")
        create: Any = session.client
        return create(
            service,
            endpoint_url=self.endpoint_url,
            config=Config(retries={"mode": "standard", "total_max_attempts": 1}, proxies={}),
        )


@dataclass(frozen=True, slots=True)
class Warehouse:
    """One workgroup, and the Data API to run SQL in it."""

    aws: Aws
    data: Any
    s3: Any
    secret_arn: str
    role_arn: str
    bucket: str
    workgroup: str = NAMESPACE

    def submit(self, sql: str, **options: Any) -> str:
        """Submit one statement; returns its id."""
        answer = self.data.execute_statement(
            WorkgroupName=self.workgroup, Database=DATABASE, Sql=sql, **options
        )
        return str(answer["Id"])

    def wait(self, statement: str) -> dict[str, Any]:
        """Return the description of a statement that has ended."""
        description: dict[str, Any] = {"Status": "SUBMITTED"}
        while description["Status"] not in {"FINISHED", "FAILED", "ABORTED"}:
            description = self.data.describe_statement(Id=statement, WaitTimeSeconds=30)
        return description

    def run(self, sql: str, **options: Any) -> dict[str, Any]:
        """Run one statement that must succeed; returns its description."""
        description = self.wait(self.submit(sql, **options))
        assert description["Status"] == "FINISHED", description.get("Error")
        return description

    def rows(self, sql: str, **options: Any) -> list[list[Any]]:
        """Run a query; returns its rows as plain values."""
        pages = self.data.get_paginator("get_statement_result").paginate(Id=self.run(sql, **options)["Id"])
        return [[plain(field) for field in record] for page in pages for record in page["Records"]]

    def error(self, sql: str, **options: Any) -> str:
        """Run a statement that must fail; returns why it did."""
        description = self.wait(self.submit(sql, **options))
        assert description["Status"] == "FAILED", description
        return str(description["Error"])

    def put(self, key: str, body: bytes) -> str:
        """Put an object; returns its s3:// address."""
        self.s3.put_object(Bucket=self.bucket, Key=key, Body=body)
        return f"s3://{self.bucket}/{key}"


def plain(field: dict[str, Any]) -> Any:
    """Return the value of a field; None for NULL."""
    ((kind, value),) = field.items()
    return None if kind == "isNull" else value


@pytest.fixture(scope="session")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aws]:
    server = LoopbackServices()
    root: Path = tmp_path_factory.mktemp("warehouse")
    settings = EmulatorSettings(root, root / "state", root / "runtimes", port=server.port)
    server.apps.update(service_apps(settings))
    yield Aws(settings.endpoint_url)
    server.close()


@pytest.fixture(scope="session")
def warehouse(aws: Aws) -> Warehouse:
    serverless, iam, s3 = aws.client("redshift-serverless"), aws.client("iam"), aws.client("s3")
    role_arn = create_role(iam, ROLE)
    namespace = serverless.create_namespace(
        namespaceName=NAMESPACE,
        dbName=DATABASE,
        manageAdminPassword=True,
        iamRoles=[role_arn],
        defaultIamRoleArn=role_arn,
    )["namespace"]
    serverless.create_workgroup(workgroupName=NAMESPACE, namespaceName=NAMESPACE, baseCapacity=8)
    wait_available(serverless, NAMESPACE)
    s3.create_bucket(Bucket="flights-data")
    data = aws.client("redshift-data")
    return Warehouse(aws, data, s3, namespace["adminPasswordSecretArn"], role_arn, "flights-data")


def create_role(
    iam: Any, name: str, service: str = "redshift-serverless.amazonaws.com", **condition: dict[str, str]
) -> str:
    """Create a role that a service may assume, under a condition perhaps; returns its ARN."""
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    if condition:
        statement["Condition"] = condition
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    return str(iam.create_role(RoleName=name, AssumeRolePolicyDocument=policy)["Role"]["Arn"])
