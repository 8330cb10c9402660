"""Rows of landed CSV files, with the types of a contract where a value is of its type."""

import csv
import gzip
import io
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from typed_assets.spec.contracts import ColumnType, Contract, Severity

if TYPE_CHECKING:
    from typed_assets.services import Services

MISSING = frozenset({"", "NA"})
MOST_SHOWN = 200
"""Characters of a row with too many fields, or too few."""


class NothingLandedError(ValueError):
    """No file has landed where one is looked for."""


class UnreadableRowError(ValueError):
    """A row has another number of fields than the header, and no column could show it."""


def rows(services: "Services", prefix: str, contract: Contract) -> Iterator[dict[str, Any]]:
    """Yield the rows of all CSV files below a prefix of the data bucket, file after file.

    A value that is not of its column's type stays the text that it was, for the contract's check to find. So
    does a row whose fields are not those of the header: which is which nobody knows, so that all of it stands
    where a column of another type than text must have a value.

    Args:
        services: of the environment.
        prefix: below which files have landed; plain or gzipped.
        contract: which columns to take, and their types.

    Raises:
        NothingLandedError: there is no file.
        UnreadableRowError: such a row comes, and all columns are text.
    """
    bucket = services.option("data_bucket")
    found = list(keys(services, prefix))
    if not found:
        message = f"nothing has landed in s3://{bucket}/{prefix}"
        raise NothingLandedError(message)
    for key in found:
        with _lines(services, bucket, key) as lines:
            yield from _rows(lines, contract, f"s3://{bucket}/{key}")


def _rows(lines: Iterator[str], contract: Contract, place: str) -> Iterator[dict[str, Any]]:
    reader = csv.reader(lines)
    header = next(reader, [])
    columns = [column for column in contract.columns if column.name in header]
    for fields in filter(None, reader):
        if len(fields) != len(header):
            yield _misfit(fields, header, contract, f"{place}:{reader.line_num}")
            continue
        row = dict(zip(header, fields, strict=True))
        yield {column.name: typed(row[column.name], column.type) for column in columns}


def _misfit(fields: list[str], header: list[str], contract: Contract, place: str) -> dict[str, Any]:
    """Return a row that breaks the contract, and says why."""
    problem = f"{len(fields)} fields where the header has {len(header)}: {','.join(fields)[:MOST_SHOWN]}"
    telling = next(
        (
            column
            for column in sorted(contract.columns, key=lambda column: column.nullable)
            if column.type is not ColumnType.TEXT and column.severity is Severity.BLOCK
        ),
        None,
    )
    if telling is None:
        message = f"{place} has {problem}"
        raise UnreadableRowError(message)
    return {column.name: problem if column is telling else None for column in contract.columns}


def keys(services: "Services", prefix: str) -> Iterator[str]:
    """Yield the keys of CSV files below a prefix of the data bucket, in order."""
    pages = services.client("s3").get_paginator("list_objects_v2")
    for page in pages.paginate(Bucket=services.option("data_bucket"), Prefix=prefix):
        for each in page.get("Contents", ()):
            if each["Key"].endswith((".csv", ".csv.gz")):
                yield each["Key"]


def typed(text: str, kind: ColumnType) -> Any:  # noqa: ANN401 - a value of the column's type
    """Return a value of a type, None where it is missing, and the text itself where it is not of the type.

    A time without a zone is one of UTC.
    """
    if text in MISSING:
        return None
    with suppress(ValueError):
        match kind:
            case ColumnType.INTEGER:
                return int(text)
            case ColumnType.FLOAT | ColumnType.DECIMAL:
                return float(text)
            case ColumnType.TIMESTAMP:
                moment = datetime.fromisoformat(text)
                return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
            case _:
                pass
    return text


@contextmanager
def _lines(services: "Services", bucket: str, key: str) -> Iterator[Iterator[str]]:
    body: Any = services.client("s3").get_object(Bucket=bucket, Key=key)["Body"]
    with closing(body):
        source = gzip.GzipFile(fileobj=body) if key.endswith(".gz") else io.BytesIO(body.read())
        yield io.TextIOWrapper(source, encoding="utf-8-sig", newline="")
