"""Materialized views: tables that REFRESH fills anew from their query.

https://docs.aws.amazon.com/redshift/latest/dg/materialized-view-create-sql-command.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mwaactl.emulator.warehouse.columns import TableName, schema_of
from mwaactl.emulator.warehouse.dependencies import drop_statements
from mwaactl.emulator.warehouse.faults import StatementFailed
from mwaactl.emulator.warehouse.sql.statement_text import body_after_as, tokens_of
from mwaactl.emulator.warehouse.sql.system_tables import SYSTEM_SCHEMA

if TYPE_CHECKING:
    from collections.abc import Callable

    from duckdb import DuckDBPyConnection

_TABLE = f"{SYSTEM_SCHEMA}.materialized_views"
_NAME = re.compile(
    r'\bview\s+(?:if\s+exists\s+)?((?:"[^"]+"|[\w$]+)(?:\.(?:"[^"]+"|[\w$]+))*)', re.IGNORECASE
)
_AUTO = re.compile(r"\bauto\s+refresh\s+(yes|no)\b", re.IGNORECASE)


def create_materialized_view(
    cursor: DuckDBPyConnection, sql: str, create_table: Callable[[str], int]
) -> None:
    """Make the view and fill it.

    Args:
        cursor: The session's cursor.
        sql: CREATE MATERIALIZED VIEW.
        create_table: Runs a CREATE TABLE AS of Redshift.
    """
    body = body_after_as(sql)
    head = sql[: sql.rindex(body)]
    found = _AUTO.search(head)
    head = re.sub(r"materialized\s+view", "TABLE", _AUTO.sub("", head), count=1, flags=re.IGNORECASE)
    name = _name(sql)
    create_table(head + body)
    schema = schema_of(cursor, name.schema, name.name)
    auto = bool(found and found[1].lower() == "yes")
    cursor.execute(f"INSERT INTO {_TABLE} VALUES (?, ?, ?, ?)", [schema, name.name, body, auto])  # noqa: S608


def refresh_materialized_view(cursor: DuckDBPyConnection, sql: str, run: Callable[[str], int]) -> None:
    """Fill the view anew; `run` runs a statement of Redshift."""
    name = _name(sql)
    query = materialized_query(cursor, name)
    if query is None:
        message = f"ERROR: {name.name} is not a materialized view"
        raise StatementFailed(message)
    cursor.execute(f"DELETE FROM {name.text}")  # noqa: S608
    run(f"INSERT INTO {name.text} {query}")


def drop_materialized_view(cursor: DuckDBPyConnection, sql: str) -> None:
    """Drop the view.

    Raises:
        StatementFailed: If it does not exist, or views depend on it and CASCADE is not said.
    """
    words = [token.text.lower() for token in tokens_of(sql)]
    name = _name(sql)
    if materialized_query(cursor, name) is None:
        if "exists" in words:
            return
        message = f'ERROR: materialized view "{name.name}" does not exist'
        raise StatementFailed(message)
    schema = schema_of(cursor, name.schema, name.name)
    for statement in drop_statements(cursor, "TABLE", name, exists=False, cascade=words[-1] == "cascade"):
        cursor.execute(statement)
    cursor.execute(f"DELETE FROM {_TABLE} WHERE schema_name = ? AND view_name = ?", [schema, name.name])  # noqa: S608


def materialized_query(cursor: DuckDBPyConnection, name: TableName) -> str | None:
    """Return the query of a materialized view, None for anything else."""
    schema = schema_of(cursor, name.schema, name.name)
    row = cursor.execute(
        f"SELECT definition FROM {_TABLE} WHERE schema_name = ? AND view_name = ?",  # noqa: S608
        [schema, name.name],
    ).fetchone()
    return str(row[0]) if row else None


def refuse_change(cursor: DuckDBPyConnection, name: TableName) -> None:
    """Fail a change of a materialized view; only REFRESH changes one."""
    if materialized_query(cursor, name) is not None:
        message = f'ERROR: cannot change materialized view "{name.name}"'
        raise StatementFailed(message)


def _name(sql: str) -> TableName:
    found = _NAME.search(sql)
    if not found:
        message = "ERROR: syntax error: expected the name of a materialized view"
        raise StatementFailed(message)
    parts = [part.strip('"').lower() for part in found[1].split(".")]
    return TableName(parts[-2] if len(parts) > 1 else "", parts[-1])
