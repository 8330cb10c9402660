"""Runs SQL in the warehouse through the Redshift Data API, with the services of an asset's context.

A list of statements is one transaction:
https://docs.aws.amazon.com/redshift-data/latest/APIReference/API_BatchExecuteStatement.html
"""

import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typed_assets.services import Services

FIRST_PAUSE, LONGEST_PAUSE = 0.02, 1.0  # seconds between two looks at a statement
_ENDED = frozenset({"FINISHED", "FAILED", "ABORTED"})


class StatementFailedError(RuntimeError):
    """The warehouse refused a statement; the message is its own."""


def run(
    services: "Services", *statements: str, sleep: Callable[[float], None] = time.sleep
) -> list[list[dict[str, Any]]]:
    """Run statements in one transaction and return the rows of each, as column name to value.

    Args:
        services: of the environment.
        statements: one SQL statement each; at most 40.
        sleep: waits between two looks.

    Raises:
        StatementFailedError: one of them failed, so that none took effect.
    """
    client, options = services.client("redshift-data"), services.options
    secret = {"SecretArn": options["warehouse_secret_arn"]} if options.get("warehouse_secret_arn") else {}
    batch = client.batch_execute_statement(
        WorkgroupName=services.option("warehouse_workgroup"),
        Database=services.option("warehouse_database"),
        Sqls=list(statements),
        **secret,
    )["Id"]
    state, pause = client.describe_statement(Id=batch), FIRST_PAUSE
    while state["Status"] not in _ENDED:
        sleep(pause)
        pause = min(pause * 1.5, LONGEST_PAUSE)
        state = client.describe_statement(Id=batch)
    if state["Status"] != "FINISHED":
        raise StatementFailedError(state.get("Error") or state["Status"])
    return [_rows(client, part) for part in state["SubStatements"]]


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
