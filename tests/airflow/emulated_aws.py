"""The AWS that tests inside Airflow talk to: moto and the emulator's warehouse in the outer process."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import boto3

from mwaactl.emulator.event_bus import models as event_bus
from mwaactl.emulator.metrics import models as metrics
from mwaactl.emulator.settings import EmulatorSettings
from mwaactl.emulator.storage import models as storage
from mwaactl.emulator.warehouse.application import service_apps
from tests.emulator.warehouse.conftest import create_role, wait_available
from tests.fakes.emulated_aws import EmulatedAws

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_REGION = "us-east-1"


@dataclass(frozen=True, slots=True)
class Account:
    """An emulated account.

    Attributes:
        endpoint_url: of every service.
    """

    endpoint_url: str

    @property
    def variables(self) -> dict[str, str]:
        """What a process must have in its environment to use it."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint_url,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": _REGION,
            "AWS_EC2_METADATA_DISABLED": "true",
            "NO_PROXY": "127.0.0.1,localhost",
        }

    def client(self, service: str) -> Any:
        """Return boto3's client of a service."""
        create: Any = boto3.session.Session("test", "test", region_name=_REGION).client
        return create(service, endpoint_url=self.endpoint_url)

    def prepare(self, name: str) -> dict[str, str]:
        """Make a bucket and a workgroup; return the section `pipelines` of a configuration with them."""
        serverless, bucket = self.client("redshift-serverless"), f"{name}-data"
        role = create_role(self.client("iam"), f"{name}-copy")
        self.client("s3").create_bucket(Bucket=bucket)
        serverless.create_namespace(
            namespaceName=name, dbName="warehouse", iamRoles=[role], defaultIamRoleArn=role
        )
        serverless.create_workgroup(workgroupName=name, namespaceName=name, baseCapacity=8)
        wait_available(serverless, name)
        return {
            "data_bucket": bucket,
            "warehouse_workgroup": name,
            "warehouse_database": "warehouse",
            "warehouse_copy_role_arn": role,
        }


@contextmanager
def emulated_account(folder: Path) -> Iterator[Account]:
    """Serve an account until the block ends; what it keeps in files lies in `folder`."""
    server = EmulatedAws()
    settings = EmulatorSettings(folder, folder / "state", folder / "runtimes", port=server.port)
    storage.install()
    metrics.install()
    event_bus.install()
    apps = service_apps(settings)
    server.apps.update(apps)
    try:
        yield Account(settings.endpoint_url)
    finally:
        apps.close()
        server.close()
