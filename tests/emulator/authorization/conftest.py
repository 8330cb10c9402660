"""An emulator and roles in it, for tests of what roles may do."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import boto3
import pytest
from botocore.config import Config

from tests.fakes.emulator_process import EmulatorProcess

if TYPE_CHECKING:
    from collections.abc import Iterator

ACCOUNT = "123456789012"
CONFIG = Config(inject_host_prefix=False, retries={"total_max_attempts": 1}, s3={"addressing_style": "path"})


def document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def allow(action: str | list[str], resource: str | list[str] = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action: str | list[str], resource: str | list[str] = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Deny", "Action": action, "Resource": resource, **more}


@dataclass(frozen=True, slots=True)
class Roles:
    """Makes roles and sessions of them."""

    emulator: EmulatorProcess

    def role(self, *statements: dict[str, Any], trusts: dict[str, Any] | None = None, **more: Any) -> str:
        """Return the ARN of a new role with these statements."""
        name = f"role-{uuid4().hex[:8]}"
        trust = {"Effect": "Allow", "Principal": trusts or {"AWS": ACCOUNT}, "Action": "sts:AssumeRole"}
        iam = self.emulator.aws("iam")
        made = iam.create_role(RoleName=name, AssumeRolePolicyDocument=document(trust), **more)["Role"]
        if statements:
            iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=document(*statements))
        return str(made["Arn"])

    def session(self, role: str, **more: Any) -> boto3.session.Session:
        """Return a session of a role, called `tester` unless `more` says another name."""
        sts = self.emulator.aws("sts")
        keys = sts.assume_role(**{"RoleArn": role, "RoleSessionName": "tester", **more})["Credentials"]
        return boto3.session.Session(
            keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"], "us-east-1"
        )

    def client(self, session: boto3.session.Session, service: str) -> Any:
        create: Any = session.client
        return create(service, endpoint_url=self.emulator.settings.endpoint_url, config=CONFIG)

    def aws(self, service: str, *statements: dict[str, Any], **more: Any) -> Any:
        """Return a client of a service in a session of a new role with these statements."""
        return self.client(self.session(self.role(*statements, **more)), service)


@pytest.fixture(scope="session")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmulatorProcess]:
    process = EmulatorProcess.below(tmp_path_factory.mktemp("authorization"))
    process.up()
    yield process
    process.down()


@pytest.fixture(scope="session")
def roles(emulator: EmulatorProcess) -> Roles:
    return Roles(emulator)


@pytest.fixture
def bucket(emulator: EmulatorProcess) -> str:
    name = f"bucket-{uuid4().hex[:8]}"
    emulator.aws("s3").create_bucket(Bucket=name)
    return name
