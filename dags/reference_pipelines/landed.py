"""Rows of landed CSV files, with the types of a contract where a value is of its type."""

import csv
import gzip
import io
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from typed_assets.spec.contracts import ColumnType, Contract

if TYPE_CHECKING:
    from typed_assets.services import Services

MISSING = frozenset({"", "NA"})


class NothingLandedError(ValueError):
    """No file has landed where one is looked for."""


def rows(services: "Services", prefix: str, contract: Contract) -> Iterator[dict[str, Any]]:
    """Yield the rows of all CSV files below a prefix of the data bucket, file after file.

    A value that is not of its column's type stays the text that it was, for the contract's check to find.

    Args:
        services: of the environment.
        prefix: below which files have landed; plain or gzipped.
        contract: which columns to take, and their types.

    Raises:
        NothingLandedError: there is no file.
    """
    bucket = services.options["data_bucket"]
    found = list(keys(services, prefix))
    if not found:
        message = f"nothing has landed in s3://{bucket}/{prefix}"
        raise NothingLandedError(message)
    for key in found:
        for row in csv.DictReader(_lines(services, bucket, key)):
            yield {
                column.name: typed(row[column.name], column.type)
                for column in contract.columns
                if column.name in row
            }


def keys(services: "Services", prefix: str) -> Iterator[str]:
    """Yield the keys of CSV files below a prefix of the data bucket, in order."""
    pages = services.client("s3").get_paginator("list_objects_v2")
    for page in pages.paginate(Bucket=services.options["data_bucket"], Prefix=prefix):
        for each in page.get("Contents", ()):
            if each["Key"].endswith((".csv", ".csv.gz")):
                yield each["Key"]


def typed(text: str, kind: ColumnType) -> Any:  # noqa: ANN401 - a value of the column's type
    """Return a value of a type, None where it is missing, and the text itself where it is not of the type."""
    if text in MISSING:
        return None
    with suppress(ValueError):
        match kind:
            case ColumnType.INTEGER:
                return int(text)
            case ColumnType.FLOAT | ColumnType.DECIMAL:
                return float(text)
            case ColumnType.TIMESTAMP:
                return datetime.fromisoformat(text).astimezone(UTC)
            case _:
                pass
    return text


def _lines(services: "Services", bucket: str, key: str) -> Iterator[str]:
    body: Any = services.client("s3").get_object(Bucket=bucket, Key=key)["Body"]
    source = gzip.GzipFile(fileobj=body) if key.endswith(".gz") else io.BytesIO(body.read())
    return io.TextIOWrapper(source, encoding="utf-8-sig", newline="")
