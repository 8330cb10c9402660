"""The reference pipelines' functions with an emulated account in this process, and without Airflow."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from mwaactl.emulator.loopback_services import LoopbackServices
from mwaactl.emulator.settings import EmulatorSettings
from mwaactl.emulator.warehouse.application import service_apps
from tests.emulator.warehouse.conftest import DATABASE, Aws, Warehouse, create_role
from tests.fakes.workgroups import wait_available
from typed_assets.services import Services

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

WORKGROUP = "pipelines"
"""Not the one of the tests of the warehouse: a worker may run both, and moto keeps one account."""
DAGS = Path(__file__).parents[3] / "dags"
FLIGHTS = """
CREATE TABLE "raw".flights (
    year INTEGER NOT NULL, month INTEGER NOT NULL, day INTEGER NOT NULL, dep_time INTEGER,
    sched_dep_time INTEGER NOT NULL, dep_delay INTEGER, arr_time INTEGER, sched_arr_time INTEGER NOT NULL,
    arr_delay INTEGER, carrier VARCHAR(2) NOT NULL, flight INTEGER NOT NULL, tailnum VARCHAR(6),
    origin VARCHAR(3) NOT NULL, dest VARCHAR(3) NOT NULL, air_time INTEGER, distance INTEGER NOT NULL,
    hour INTEGER NOT NULL, minute INTEGER NOT NULL, time_hour TIMESTAMP NOT NULL
)
"""


@pytest.fixture(scope="session")
def reference() -> Iterator[Callable[[str], Any]]:
    """Give a module of the reference pipelines by its name below their package."""
    sys.path.insert(0, str(DAGS))
    yield lambda name: importlib.import_module(f"reference_pipelines.{name}")
    sys.path.remove(str(DAGS))
    for name in [name for name in sys.modules if name.partition(".")[0] == "reference_pipelines"]:
        del sys.modules[name]


@pytest.fixture(scope="session")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """A workgroup, and beside it moto's services."""
    server = LoopbackServices()
    root = tmp_path_factory.mktemp("pipelines")
    settings = EmulatorSettings(root, root / "state", root / "runtimes", port=server.port)
    server.apps.update(service_apps(settings))
    aws = Aws(settings.endpoint_url)
    serverless = aws.client("redshift-serverless")
    role = create_role(aws.client("iam"), "pipelines-copy")
    namespace = serverless.create_namespace(
        namespaceName=WORKGROUP, dbName=DATABASE, manageAdminPassword=True, iamRoles=[role]
    )["namespace"]
    serverless.create_workgroup(workgroupName=WORKGROUP, namespaceName=WORKGROUP, baseCapacity=8)
    wait_available(serverless, WORKGROUP)
    bucket = f"data-{uuid4().hex[:8]}"
    aws.client("s3").create_bucket(Bucket=bucket)
    made = Warehouse(
        aws,
        aws.client("redshift-data"),
        aws.client("s3"),
        namespace["adminPasswordSecretArn"],
        role,
        bucket,
        WORKGROUP,
    )
    made.run('CREATE SCHEMA "raw"')
    made.run("CREATE SCHEMA mart")
    yield made
    server.close()


@pytest.fixture(scope="session")
def services(warehouse: Warehouse) -> Services:
    """What an asset's context has."""
    clients: dict[str, Any] = {}

    def client(service: str) -> Any:
        return clients.setdefault(service, warehouse.aws.client(service))

    return Services(
        client=client,
        options={
            "data_bucket": warehouse.bucket,
            "warehouse_copy_role_arn": warehouse.role_arn,
            "warehouse_database": DATABASE,
            "warehouse_workgroup": WORKGROUP,
            "serving_table": "serving",
        },
    )
