"""A bucket in memory, with what tests of assets look at in it, and the contract of flights."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from typed_assets.services import Services
from typed_assets.spec.assets import Asset
from typed_assets.spec.contracts import Column, ColumnType, Contract, FreshData, RowCount
from typed_assets.testing.memory_s3 import MemoryS3

NOW = datetime(2013, 2, 1, tzinfo=UTC)
CONTRACT = Contract(
    columns=(
        Column(name="carrier", type=ColumnType.TEXT, pattern="[A-Z0-9]{2}", max_bytes=2),
        Column(name="flight", type=ColumnType.INTEGER, minimum=1),
        Column(name="day", type=ColumnType.DATE, minimum="2013-01-01"),
        Column(name="left_at", type=ColumnType.TIMESTAMP, nullable=True),
        Column(name="fare", type=ColumnType.DECIMAL, nullable=True, minimum=0),
        Column(name="delay", type=ColumnType.FLOAT, nullable=True, maximum=1000),
        Column(name="cancelled", type=ColumnType.BOOLEAN, nullable=True),
    ),
    keys=(("carrier", "flight", "day"),),
    rows=RowCount(minimum=1),
    fresh=FreshData(column="day", within=timedelta(days=60)),
)


@dataclass(frozen=True, slots=True)
class Lake:
    """A bucket of one test."""

    s3: Any
    bucket: str
    services: Services

    def listed(self, prefix: str = "") -> list[str]:
        pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=prefix)
        return [item["Key"] for page in pages for item in page.get("Contents", ())]

    def get(self, key: str) -> bytes:
        body: bytes = self.s3.get_object(Bucket=self.bucket, Key=key)["Body"].read()
        return gzip.decompress(body) if key.endswith(".gz") else body

    def put(self, key: str, text: str) -> str:
        body = text.encode()
        self.s3.put_object(
            Bucket=self.bucket, Key=key, Body=gzip.compress(body) if key.endswith(".gz") else body
        )
        return key

    def json_lines(self, prefix: str) -> list[dict[str, Any]]:
        return [json.loads(line) for key in self.listed(prefix) for line in self.get(key).splitlines()]


def lake_in_memory(bucket: str = "data", now: datetime = NOW) -> Lake:
    """Return a bucket in memory, with the services that use it."""
    s3 = MemoryS3()
    clients: dict[str, Any] = {"s3": s3}
    services = Services(client=clients.__getitem__, options={"data_bucket": bucket}, now=lambda: now)
    return Lake(s3, bucket, services)


FLIGHTS = Asset(name="raw.flights", uri="s3://{data_bucket}/lake/flights/", contract=CONTRACT)
