"""Text that goes into columns: blanks that do not fit are cut, and CHAR is kept without its padding.

https://docs.aws.amazon.com/redshift/latest/dg/r_Character_types.html
"""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING

from sqlglot import exp

from mwaactl.emulator.warehouse.sql.system_tables import SYSTEM_SCHEMA
from mwaactl.emulator.warehouse.sql.translate import to_duckdb
from mwaactl.emulator.warehouse.types import MAX_VARCHAR

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from mwaactl.emulator.warehouse.columns import Column

_TEXT = "VARCHAR"


def fitted(
    tree: exp.Expr, columns: Sequence[Column], describe: Callable[[str], Sequence[tuple[str, str]]]
) -> exp.Expr:
    """Return a translated change whose values fit into their columns; it is changed.

    Args:
        tree: INSERT, UPDATE or MERGE.
        columns: The columns of the table that it changes.
        describe: The columns of a query, with their types in DuckDB.
    """
    by_name = {column.name: column for column in columns}
    match tree:
        case exp.Insert():
            _insert(tree, columns, by_name, describe)
        case exp.Update():
            _assign(tree.expressions, by_name)
        case exp.Merge():
            for when in tree.args["whens"].expressions:
                _merged(when.args["then"], columns, by_name)
    return tree


def _insert(
    tree: exp.Insert,
    columns: Sequence[Column],
    by_name: Mapping[str, Column],
    describe: Callable[[str], Sequence[tuple[str, str]]],
) -> None:
    target, source = tree.this, tree.expression
    if isinstance(target, exp.Schema):
        columns = [by_name[item.name.lower()] for item in target.expressions if item.name.lower() in by_name]
    if isinstance(source, exp.Values):
        for row in source.expressions:
            if isinstance(row, exp.Tuple):
                row.set("expressions", _fit(row.expressions, columns))
    elif isinstance(source, exp.Query) and any(_bounded(column) for column in columns):
        kinds = [kind for _, kind in describe(to_duckdb(source))]
        names = [exp.to_identifier(f"c{index}", quoted=True) for index in range(len(kinds))]
        values = _fit([exp.column(name.copy(), "rs_source") for name in names], columns, kinds)
        alias = exp.TableAlias(this=exp.to_identifier("rs_source"), columns=names)
        select = exp.Select(expressions=values).from_(exp.Subquery(this=source.copy(), alias=alias))
        tree.set("expression", select)


def _merged(then: exp.Expr, columns: Sequence[Column], by_name: Mapping[str, Column]) -> None:
    if isinstance(then, exp.Update):
        _assign(then.expressions, by_name)
    elif isinstance(then, exp.Insert) and isinstance(then.expression, exp.Tuple):
        if isinstance(then.this, exp.Tuple):
            names = [item.name.lower() for item in then.this.expressions]
            columns = [by_name[name] for name in names if name in by_name]
        then.expression.set("expressions", _fit(then.expression.expressions, columns))


def _assign(items: Sequence[exp.Expr], by_name: Mapping[str, Column]) -> None:
    for item in items:
        column = by_name.get(item.this.name.lower()) if isinstance(item, exp.EQ) else None
        if column:
            item.set("expression", _value(item.expression, column))


def _fit(values: Sequence[exp.Expr], columns: Sequence[Column], kinds: Sequence[str] = ()) -> list[exp.Expr]:
    """Return values that fit; of what is text already, by the kinds, no text need be made."""
    return [
        _value(value, column, kind) if column else value
        for value, column, kind in zip_longest(values, columns[: len(values)], kinds)
    ]


def _bounded(column: Column) -> bool:
    return column.type.name == "bpchar" or (
        column.type.name == "varchar" and column.type.length < MAX_VARCHAR
    )


def _value(value: exp.Expr, column: Column, kind: str | None = None) -> exp.Expr:
    if not _bounded(column) or isinstance(value, exp.Null | exp.Var):
        return value
    literal = isinstance(value, exp.Literal) and value.is_string
    if literal and len(value.name.encode()) <= column.type.length and not value.name.endswith(" "):
        return value
    text = value.copy() if kind == _TEXT else exp.func(f"{SYSTEM_SCHEMA}.rs_varchar", value.copy())
    if column.type.name == "bpchar":
        return exp.func(f"{SYSTEM_SCHEMA}.rs_text", text)
    return exp.func(f"{SYSTEM_SCHEMA}.rs_fitted", text, exp.Literal.number(column.type.length))
