"""Bounds of made-up columns in the order in which a contract takes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from typed_assets.spec.values import parse

if TYPE_CHECKING:
    from typed_assets.spec.contracts import ColumnType


def in_order(kind: ColumnType, one: Any, other: Any) -> dict[str, Any]:
    """Return two bounds, each perhaps None, as the minimum and the maximum of a column."""
    if one is not None and other is not None and _rank(kind, one) > _rank(kind, other):
        one, other = other, one
    return {"minimum": one, "maximum": other}


def _rank(kind: ColumnType, bound: Any) -> Any:
    value = parse(kind, bound)
    return value.rstrip(" ") if isinstance(value, str) else value
