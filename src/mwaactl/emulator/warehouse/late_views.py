"""Views WITH NO SCHEMA BINDING: kept as text, and read anew by every statement that uses one.

https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_VIEW.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from mwaactl.emulator.warehouse.columns import TableName, schema_of
from mwaactl.emulator.warehouse.faults import StatementFailed
from mwaactl.emulator.warehouse.sql.statement_text import body_after_as
from mwaactl.emulator.warehouse.sql.system_tables import SYSTEM_SCHEMA
from mwaactl.emulator.warehouse.sql.table_names import target_of
from mwaactl.emulator.warehouse.sql.translate import parse

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_TABLE = f"{SYSTEM_SCHEMA}.late_views"
_DEEPEST = 16


def create_late_view(cursor: DuckDBPyConnection, tree: exp.Create, sql: str) -> None:
    """Remember a view.

    Raises:
        StatementFailed: If it exists and is not to be replaced, or names a table without its schema.
    """
    body = body_after_as(sql)
    query = parse(body)
    if any(not table.db for table in tables_of(query)):
        words = "All the relation names inside should be qualified when creating VIEW WITH NO SCHEMA BINDING"
        message = f"ERROR: {words}"
        raise StatementFailed(message)
    target = target_of(tree)
    listed = tree.this.expressions if isinstance(tree.this, exp.Schema) else []
    names = [item.name.lower() for item in listed]
    view = TableName(target.db.lower() or "public", target.name.lower())
    found = definition(cursor, view)
    if schema_of(cursor, view.schema, view.name) and not (found and tree.args.get("replace")):
        message = f'ERROR: Relation "{view.name}" already exists'
        raise StatementFailed(message)
    drop_late_view(cursor, view)
    cursor.execute(
        f"INSERT INTO {_TABLE} VALUES (?, ?, ?, ?)",  # noqa: S608
        [view.schema, view.name, body, names],
    )


def drop_late_view(cursor: DuckDBPyConnection, view: TableName) -> bool:
    """Forget a view; returns whether there was one."""
    schema = schema_of(cursor, view.schema, view.name)
    cursor.execute(f"DELETE FROM {_TABLE} WHERE schema_name = ? AND view_name = ?", [schema, view.name])  # noqa: S608
    row = cursor.fetchone()
    return bool(row and row[0])


def definition(cursor: DuckDBPyConnection, view: TableName) -> tuple[str, list[str]] | None:
    """Return a view's query and the names of its columns, None if there is no such view."""
    schema = schema_of(cursor, view.schema, view.name)
    row = cursor.execute(
        f"SELECT definition, column_names FROM {_TABLE} WHERE schema_name = ? AND view_name = ?",  # noqa: S608
        [schema, view.name],
    ).fetchone()
    return (str(row[0]), list(row[1])) if row else None


def with_late_views(cursor: DuckDBPyConnection, tree: exp.Expr, depth: int = 0) -> exp.Expr:
    """Return a statement with the queries of late binding views in the place of their names."""
    exists = cursor.execute(f"SELECT 1 FROM {_TABLE} LIMIT 1").fetchone()  # noqa: S608
    if not exists or depth > _DEEPEST:
        return tree
    for table in tables_of(tree):
        if table is tree.this or isinstance(table.parent, exp.Schema):
            continue  # what a statement changes or makes
        found = definition(cursor, TableName(table.db.lower(), table.name.lower()))
        if found:
            text, names = found
            query = with_late_views(cursor, parse(text), depth + 1)
            columns = [exp.to_identifier(name) for name in names]
            alias = exp.TableAlias(this=exp.to_identifier(table.alias_or_name), columns=columns)
            table.replace(exp.Subquery(this=query, alias=alias))
    return tree


def tables_of(tree: exp.Expr) -> list[exp.Table]:
    """Return what a statement reads from or changes, without what it defines by WITH."""
    known = {table.alias.lower() for table in tree.find_all(exp.CTE)}
    return [table for table in tree.find_all(exp.Table) if table.db or table.name.lower() not in known]
