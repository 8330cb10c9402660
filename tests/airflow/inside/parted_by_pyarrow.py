"""Parts a Parquet file where PyArrow is installed and DuckDB is not; prints what it saw as JSON."""

import io
import json
import sys
from datetime import UTC, date, datetime
from decimal import Decimal
from importlib.util import find_spec
from typing import Any

import pyarrow as pa
from pyarrow import parquet

from typed_assets.audit import audit
from typed_assets.io import DataError, publish, read, stage_files
from typed_assets.services import Services
from typed_assets.spec.assets import Asset, Quarantine
from typed_assets.spec.contracts import Column, ColumnType, Contract
from typed_assets.testing.memory import memory_services

ROWS = 25_000
ASSET = Asset(
    name="raw.flights",
    uri="s3://data/lake/flights/",
    contract=Contract(
        columns=(
            Column(name="carrier", type=ColumnType.TEXT, pattern="[A-Z]{2}"),
            Column(name="flight", type=ColumnType.INTEGER, minimum=1, unique=True),
            Column(name="day", type=ColumnType.DATE),
            Column(name="fare", type=ColumnType.DECIMAL, minimum=0),
            Column(name="delay", type=ColumnType.FLOAT, nullable=True),
            Column(name="at", type=ColumnType.TIMESTAMP),
            Column(name="left_at", type=ColumnType.TIMESTAMP),
        )
    ),
    quarantine=Quarantine(uri="s3://data/bad/", max_share=0.01),
)
SCHEMA = pa.schema(
    [
        ("carrier", pa.dictionary(pa.int32(), pa.string())),
        ("flight", pa.int32()),
        ("day", pa.date32()),
        ("fare", pa.decimal128(8, 2)),
        ("delay", pa.float32()),
        ("at", pa.timestamp("us", tz="Europe/Berlin")),
        ("left_at", pa.timestamp("ns")),
        ("raw", pa.large_binary()),
        ("list", pa.list_(pa.int64())),
    ]
)


def table() -> bytes:
    """Return a file of three row groups, with a bad row at each end and one in between."""
    numbers = range(ROWS)
    data: dict[str, list[Any]] = {
        "carrier": ["ua" if number == ROWS - 1 else "UA" for number in numbers],
        "flight": list(numbers),
        "day": [date(2013, 1, 31)] * ROWS,
        "fare": [Decimal("12.50")] * ROWS,
        "delay": [float("nan") if number == ROWS // 2 else 1.5 for number in numbers],
        "at": [datetime(2013, 1, 31, 5, tzinfo=UTC)] * ROWS,
        "left_at": [datetime(2013, 1, 31, 5, 17)] * ROWS,  # noqa: DTZ001 - it has no zone
        "raw": [b"x"] * ROWS,
        "list": [[number, 1] for number in numbers],
    }
    body = io.BytesIO()
    parquet.write_table(pa.table(data, schema=SCHEMA), body, row_group_size=10_000)
    return body.getvalue()


def parted(services: Services) -> dict[str, Any]:
    """Return what checking and publishing the file has left."""
    s3 = services.client("s3")
    s3.put_object(Bucket="data", Key="f.parquet", Body=table())
    staged = stage_files(ASSET, ["f.parquet"], services=services, token="t")
    found = audit(ASSET, staged, services=services)
    publish(ASSET, staged, services=services)
    rows = list(read(ASSET, services=services))
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket="data", Prefix="lake/flights/")
    keys = [each["Key"] for page in pages for each in page["Contents"]]
    (key,) = (key for key in keys if key.endswith(".parquet"))
    published = parquet.read_schema(io.BytesIO(s3.get_object(Bucket="data", Key=key)["Body"].read()))
    return {
        "failed": [check.name for check in found.checks if not check.passed],
        "counted": [found.rows, found.quarantined],
        "schema": published.remove_metadata() == SCHEMA,
        "read": [len(rows), str(rows[0]["at"]), str(rows[0]["fare"]), rows[-1]["flight"]],
    }


def damaged(services: Services) -> str:
    """Return what is said of a file whose pages are damaged."""
    body = bytearray(table())
    body[20_000:60_000] = bytes(40_000)
    services.client("s3").put_object(Bucket="data", Key="g.parquet", Body=bytes(body))
    staged = stage_files(ASSET, ["g.parquet"], services=services, token="g")
    try:
        audit(ASSET, staged, services=services)
    except DataError as error:
        return error.message.split(": ")[0]
    return "nothing"


def main() -> None:
    """Print all of it."""
    services = memory_services(now=lambda: datetime(2013, 2, 1, tzinfo=UTC))
    told = {"duckdb": find_spec("duckdb") is not None, "pyarrow": pa.__version__}
    json.dump({**told, **parted(services), "damaged": damaged(services)}, sys.stdout)


main()
