"""Which publication was there first is told by S3: records are made before their data is there."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import boto3
import pytest

from mwaactl.emulator.loopback_services import LoopbackServices
from mwaactl.emulator.storage import models as storage
from typed_assets.building.history import keep
from typed_assets.scheduling.published import publications, spans
from typed_assets.services import Services
from typed_assets.spec.assets import Asset, Dependency
from typed_assets.spec.partition_due import completed
from typed_assets.spec.partitions import Daily, Hourly, Rollup
from typed_assets.spec.publication import Record

if TYPE_CHECKING:
    from collections.abc import Iterator

DAY = "2013-01-02"
LAST_HOURS = Asset(
    name="hours", uri="s3://lake/h/", partitions=Hourly(start=datetime(2013, 1, 2, 22, tzinfo=UTC))
)


@pytest.fixture
def services() -> Iterator[Services]:
    storage.install()
    server = LoopbackServices()
    create: Any = boto3.session.Session("test", "test", region_name="us-east-1").client
    client = create("s3", endpoint_url=f"http://127.0.0.1:{server.port}")
    bucket = f"order-{uuid4().hex}"
    client.create_bucket(Bucket=bucket)
    yield Services(client=lambda _: client, options={"data_bucket": bucket})
    server.close()


def publish(hour: int, at: datetime, services: Services) -> None:
    record = Record(
        asset="hours",
        published=True,
        at=at.isoformat(),
        dag_id="d",
        run_id="r",
        task_id="t",
        partition=f"{DAY}T{hour}",
    )
    keep(record, services=services)


def test_an_hour_whose_record_is_old_and_arrives_last_completes_its_day(services: Services) -> None:
    now = datetime.now(UTC)
    publish(23, now, services)
    publish(22, now - timedelta(minutes=5), services)

    found = spans("hours", services=services)
    made = completed(
        Daily(start=date(2013, 1, 1)),
        [("hours", f"{DAY}T22")],
        [Dependency("hours", Rollup())],
        {"hours": LAST_HOURS},
        lambda _: found,
    )

    assert made == (DAY,)
    assert found[f"{DAY}T22"].last >= now - timedelta(seconds=2)
    assert publications("hours", services=services)[f"{DAY}T22"] == now - timedelta(minutes=5)


def test_what_is_published_again_is_counted(services: Services) -> None:
    now = datetime.now(UTC)
    publish(22, now - timedelta(minutes=5), services)
    publish(22, now, services)

    assert spans("hours", services=services)[f"{DAY}T22"].times == 2
