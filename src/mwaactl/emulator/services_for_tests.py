"""The emulator's services in a test's own process: S3, Redshift and what moto has, without Airflow.

    with emulated_services(tmp_path) as aws:
        aws.client("s3").create_bucket(Bucket="of-the-test")

Nobody is asked for permissions here, and nothing is kept. moto's part of it is one for the whole process.
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass
from time import sleep
from typing import TYPE_CHECKING, Any

import boto3

from mwaactl.emulator.event_bus import models as event_bus
from mwaactl.emulator.loopback_services import LoopbackServices
from mwaactl.emulator.metrics import models as metrics
from mwaactl.emulator.settings import DEFAULT_REGION, EmulatorSettings
from mwaactl.emulator.storage import models as storage
from mwaactl.emulator.warehouse.application import service_apps

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_DATABASE = "warehouse"


@dataclass(frozen=True, slots=True)
class EmulatedServices:
    """An account that answers.

    Attributes:
        endpoint_url: Of every service.
    """

    endpoint_url: str

    @property
    def variables(self) -> dict[str, str]:
        """What a process, and boto3 in it, must have in its environment to use the account."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint_url,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": DEFAULT_REGION,
            "AWS_EC2_METADATA_DISABLED": "true",
            "NO_PROXY": "127.0.0.1,localhost",
        }

    def client(self, service: str) -> Any:  # noqa: ANN401 - boto3's clients have no types
        """Return boto3's client of a service."""
        create: Any = boto3.session.Session("test", "test", region_name=DEFAULT_REGION).client
        return create(service, endpoint_url=self.endpoint_url)

    def warehouse(self, name: str) -> dict[str, str]:
        """Make a bucket, a Redshift workgroup, and a role by which COPY and UNLOAD reach the bucket.

        Args:
            name: Of the workgroup, and the beginning of all other names.

        Returns:
            The options of section `pipelines` that name them.
        """
        bucket, role = f"{name}-data", self._copy_role(f"{name}-copy")
        self.client("s3").create_bucket(Bucket=bucket)
        serverless = self.client("redshift-serverless")
        serverless.create_namespace(
            namespaceName=name, dbName=_DATABASE, iamRoles=[role], defaultIamRoleArn=role
        )
        serverless.create_workgroup(workgroupName=name, namespaceName=name, baseCapacity=8)
        while serverless.get_workgroup(workgroupName=name)["workgroup"]["status"] != "AVAILABLE":
            sleep(0.02)
        return {
            "data_bucket": bucket,
            "warehouse_workgroup": name,
            "warehouse_database": _DATABASE,
            "warehouse_copy_role_arn": role,
        }

    def _copy_role(self, name: str) -> str:
        statement = {
            "Effect": "Allow",
            "Principal": {"Service": "redshift-serverless.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
        policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        made = self.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=policy)
        return str(made["Role"]["Arn"])


@contextmanager
def emulated_services(folder: Path) -> Iterator[EmulatedServices]:
    """Serve an account on a free loopback port until the block ends.

    Args:
        folder: Where databases lie; a temporary one.

    Yields:
        The account, which has nothing in it yet.
    """
    storage.install()
    metrics.install()
    event_bus.install()
    services = LoopbackServices()
    settings = EmulatorSettings(folder, folder / "state", folder / "runtimes", port=services.port)
    apps = service_apps(settings)
    services.apps.update(apps)
    try:
        yield EmulatedServices(settings.endpoint_url)
    finally:
        apps.close()
        services.close()
