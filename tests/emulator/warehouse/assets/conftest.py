"""Assets in a warehouse in this process, and a lake in memory beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.emulator.warehouse.conftest import create_role
from tests.fakes.lake import NOW
from tests.fakes.warehouse_in_process import DATABASE, WORKGROUP, WarehouseInProcess
from typed_assets.services import Services

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.emulator.warehouse.conftest import Aws

OPTIONS = {"data_bucket": "assets-data", "warehouse_workgroup": WORKGROUP, "warehouse_database": DATABASE}


@pytest.fixture(scope="session")
def in_process(aws: Aws, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WarehouseInProcess]:
    role = create_role(aws.client("iam"), "assets-copy")
    port = int(aws.endpoint_url.rsplit(":", 1)[1])
    warehouse = WarehouseInProcess(tmp_path_factory.mktemp("in-process"), port, role)
    yield warehouse
    warehouse.close()


@pytest.fixture(scope="session")
def services(aws: Aws, in_process: WarehouseInProcess) -> Services:
    """Statements in this process; the S3 that COPY reads is behind a port."""
    s3 = aws.client("s3")
    s3.create_bucket(Bucket="assets-data")
    clients: dict[str, Any] = {"s3": s3, "redshift-data": in_process.client("redshift-data")}
    options = {**OPTIONS, "warehouse_copy_role_arn": str(in_process.role)}
    return Services(client=clients.__getitem__, options=options, now=lambda: NOW)
