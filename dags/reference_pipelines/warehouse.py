"""Runs SQL in the warehouse through the Redshift Data API, with the services of an asset's context.

A list of statements is one transaction:
https://docs.aws.amazon.com/redshift-data/latest/APIReference/API_BatchExecuteStatement.html
"""

import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any
from uuid import uuid4

if TYPE_CHECKING:
    from typed_assets.services import Services


def run(
    services: "Services", *statements: str, sleep: Callable[[float], None] = time.sleep
) -> list[list[dict[str, Any]]]:
    """Run statements in one transaction and return the rows of each, as column name to value.

    Args:
        services: of the environment.
        statements: one SQL statement each; at most 40.
        sleep: waits between two looks, and where the Data API is busy.

    Raises:
        StatementError: one of them failed, so that none took effect.
    """
    from typed_assets.io.statements import Warehouse

    client = services.client("redshift-data")
    warehouse = Warehouse(
        client=client,
        workgroup=services.option("warehouse_workgroup"),
        database=services.option("warehouse_database"),
        secret_arn=services.options.get("warehouse_secret_arn") or None,
        sleep=sleep,
    )
    batch = client.describe_statement(Id=warehouse.batch(list(statements), token=uuid4().hex))
    return [_rows(client, part) for part in batch["SubStatements"]]


def _rows(client: Any, part: dict[str, Any]) -> list[dict[str, Any]]:  # noqa: ANN401 - boto3's
    if not part.get("HasResultSet"):
        return []
    pages = client.get_paginator("get_statement_result").paginate(Id=part["Id"])
    return [row for page in pages for row in _named(page["ColumnMetadata"], page["Records"])]


def _named(columns: Any, records: Iterable[Any]) -> Iterable[dict[str, Any]]:  # noqa: ANN401 - boto3's
    for record in records:
        yield {
            column["name"]: None if field.get("isNull") else next(iter(field.values()))
            for column, field in zip(columns, record, strict=True)
        }
