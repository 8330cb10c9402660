"""Views that depend on a table or view: dropping what they stand on fails, or takes them along with CASCADE.

Late binding views depend on nothing; materialized views depend as others do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp, parse_one

from mwaactl.emulator.warehouse.columns import TableName, literal
from mwaactl.emulator.warehouse.faults import StatementFailed

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def dependents(cursor: DuckDBPyConnection, table: TableName) -> list[TableName]:
    """Return the views that stand on a table or view, directly or through others; the outermost first."""
    rows = cursor.execute(
        "SELECT schema_name, view_name, sql, 'duckdb', false FROM duckdb_views() WHERE NOT internal "
        "AND schema_name <> 'rs_catalog' "
        "UNION ALL SELECT schema_name, view_name, definition, 'redshift', true "
        "FROM rs_catalog.materialized_views"
    ).fetchall()
    views = {TableName(schema, name): _sources(str(sql), read) for schema, name, sql, read, _ in rows}
    return _standing_on(TableName(table.schema or "public", table.name), views)


def _standing_on(target: TableName, views: dict[TableName, set[TableName]]) -> list[TableName]:
    found: list[TableName] = []
    for view, sources in views.items():
        if target in sources and view != target:
            found = [item for item in (*_standing_on(view, views), view) if item not in found] + found
    return found


def _sources(sql: str, read: str) -> set[TableName]:
    tree = parse_one(sql, read=read)
    query = tree.expression if isinstance(tree, exp.Create) else tree
    return {TableName(t.db.lower() or "public", t.name.lower()) for t in query.find_all(exp.Table)}


def drop_statements(
    cursor: DuckDBPyConnection, kind: str, table: TableName, *, exists: bool, cascade: bool
) -> list[str]:
    """Return the statements that drop a table or view.

    Raises:
        StatementFailed: If views depend on it and CASCADE is not said.
    """
    views = dependents(cursor, table)
    if views and not cascade:
        names = ", ".join(f"view {view.name}" for view in views)
        what = f"{kind.lower()} {table.name}"
        message = f"ERROR: cannot drop {what} because other objects depend on it Detail: {names}"
        raise StatementFailed(message)
    tables = {
        TableName(schema, name)
        for schema, name in cursor.execute(
            "SELECT schema_name, view_name FROM rs_catalog.materialized_views"
        ).fetchall()
    }
    drops = [f"DROP {'TABLE' if view in tables else 'VIEW'} IF EXISTS {view.text}" for view in views]
    drops += [
        "DELETE FROM rs_catalog.materialized_views WHERE (schema_name, view_name) = "  # noqa: S608
        f"({literal(view.schema)}, {literal(view.name)})"
        for view in views
        if view in tables
    ]
    return [*drops, f"DROP {kind} {'IF EXISTS ' if exists else ''}{table.text}"]
