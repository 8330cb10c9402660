"""Reads rows from Redshift through the Data API."""

from typing import TYPE_CHECKING, Any

from nyc_flights import options
from nyc_flights.statements import statements

if TYPE_CHECKING:
    from collections.abc import Iterable

    from airflow.providers.amazon.aws.hooks.redshift_data import RedshiftDataHook


def query(hook: "RedshiftDataHook", *files: str) -> list[list[dict[str, Any]]]:
    """Run SQL files in one transaction and return the rows of each, as column name to value.

    Args:
        hook: a hook on the account of the warehouse.
        files: paths below `sql/`, each with one query.

    Raises:
        RedshiftDataQueryFailedError: Redshift refused a statement.
    """
    batch = hook.execute_query(
        sql=statements(*files),
        database=options.required("warehouse_database"),
        workgroup_name=options.required("warehouse_workgroup"),
        secret_arn=options.optional("warehouse_secret_arn"),
        poll_interval=1,
    )
    ids = [part["Id"] for part in hook.conn.describe_statement(Id=batch.statement_id)["SubStatements"]]
    return [_rows(hook.conn.get_paginator("get_statement_result").paginate(Id=part)) for part in ids]


def _rows(pages: "Iterable[Any]") -> list[dict[str, Any]]:
    return [
        {column["name"]: _value(field) for column, field in zip(page["ColumnMetadata"], record, strict=True)}
        for page in pages
        for record in page["Records"]
    ]


def _value(field: dict[str, Any]) -> Any:  # noqa: ANN401 - longValue, doubleValue, stringValue, booleanValue
    return None if field.get("isNull") else next(iter(field.values()))
