"""Contracts of `nyc_flights/contracts/`, which the normalising function reads too, as contracts of assets."""

import json
from collections.abc import Collection
from importlib.resources import files
from typing import Any

from typed_assets import Column, ColumnType, Contract, RowCount, SqlRule

_TYPES = {
    "integer": ColumnType.INTEGER,
    "decimal": ColumnType.FLOAT,
    "text": ColumnType.TEXT,
    "timestamp": ColumnType.TIMESTAMP,
}


def document(table: str) -> dict[str, Any]:
    """Return the contract of a table as the normalising function takes it."""
    text = (files("nyc_flights") / "contracts" / f"{table}.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def contract(
    table: str,
    *keys: tuple[str, ...],
    unique: Collection[str] = (),
    rules: tuple[SqlRule, ...] = (),
) -> Contract:
    """Return the contract of a table as that of an asset.

    Args:
        table: one of `nyc_flights`.
        keys: sets of columns whose values together occur once; a table is merged by the first.
        unique: columns whose values occur once.
        rules: rules in SQL.
    """
    columns = (dict(column) for column in document(table)["columns"])
    return Contract(
        columns=tuple(
            Column(type=_TYPES[column.pop("type")], unique=column["name"] in unique, **column)
            for column in columns
        ),
        keys=keys,
        rows=RowCount(minimum=1),
        rules=rules,
    )
