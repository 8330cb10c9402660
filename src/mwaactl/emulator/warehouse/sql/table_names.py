"""Table nodes to names: schema, name, and whether it is a temporary table."""

from __future__ import annotations

from typing import cast

from sqlglot import exp

from mwaactl.emulator.warehouse.columns import TableName


def table_name(table: exp.Table, *, temporary: bool = False) -> TableName:
    """Return the name of a table node; a # before the name makes it temporary, as in Redshift."""
    name = table.name.lower()
    return TableName(table.db.lower(), name, temporary or name.startswith("#"))


def target_of(tree: exp.Expr) -> exp.Table:
    """Return the table that a statement creates or changes, whether or not it lists columns."""
    return cast("exp.Table", tree.this.this if isinstance(tree.this, exp.Schema) else tree.this)
