"""Which partitions a statement reads: those that the WHERE clause does not rule out by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

if TYPE_CHECKING:
    from collections.abc import Collection


def conditions_on_partitions(table: exp.Table, keys: Collection[str]) -> list[exp.Expr]:
    """Return the conditions of the WHERE clause that only partition columns of this table decide.

    Args:
        table: The table in the statement.
        keys: Its partition columns.
    """
    select = table.find_ancestor(exp.Select, exp.DML)
    where = select.args.get("where") if isinstance(select, exp.Select) else None
    if where is None or select is None or not _required(table, select):
        return []
    parts = where.this.flatten() if isinstance(where.this, exp.And) else (where.this,)
    name = table.alias_or_name.lower()
    return [part for part in parts if _decided(part, name, keys)]


def _required(table: exp.Table, select: exp.Expr) -> bool:
    """Whether every row of the result holds a row of the table, or WHERE sees all of them."""
    joins = select.args.get("joins") or ()
    start = select.args.get("from_")
    first = start is not None and start.this is table
    allowed = {"", "LEFT"} if first else {""}
    return (first or any(join.this is table for join in joins)) and all(
        join.side in allowed for join in joins
    )


def _decided(part: exp.Expr, name: str, keys: Collection[str]) -> bool:
    if part.find(exp.Query, exp.AggFunc, exp.Window):
        return False
    columns = list(part.find_all(exp.Column))
    return bool(columns) and all(
        column.name.lower() in keys and column.table.lower() in {"", name} for column in columns
    )
