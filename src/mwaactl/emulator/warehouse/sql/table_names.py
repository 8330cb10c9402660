"""Table nodes to names: schema, name, and whether it is a temporary table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mwaactl.emulator.warehouse.columns import TableName

if TYPE_CHECKING:
    from sqlglot import exp


def table_name(table: exp.Table, *, temporary: bool = False) -> TableName:
    """Return the name of a table node; a # before the name makes it temporary, as in Redshift."""
    name = table.name.lower()
    return TableName(table.db.lower(), name, temporary or name.startswith("#"))
