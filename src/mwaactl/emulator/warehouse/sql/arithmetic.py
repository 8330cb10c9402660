"""What depends on types: AVG and SUM of integers, division of decimals, TRUNC of timestamps.

DuckDB itself tells the types: the operand is bound in the scope it stands in. An operand whose type cannot be
told fails the statement, because a guess would give wrong numbers.

https://docs.aws.amazon.com/redshift/latest/dg/r_numeric_computations201.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
from sqlglot import exp

from mwaactl.emulator.warehouse.duckdb_errors import redshift_message
from mwaactl.emulator.warehouse.faults import Refused, StatementFailed
from mwaactl.emulator.warehouse.sql.probe import probe
from mwaactl.emulator.warehouse.sql.system_tables import SYSTEM_SCHEMA
from mwaactl.emulator.warehouse.types import decimal, from_duckdb

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mwaactl.emulator.warehouse.sql.probe import Describe
    from mwaactl.emulator.warehouse.types import RedshiftType

_INTEGERS = {"int2", "int4", "int8"}
_MIN_SCALE = 4
_MAX_PRECISION = 38


def settle_types(tree: exp.Expr, describe: Describe) -> exp.Expr:
    """Give type-dependent operators Redshift's results; changes and returns the tree.

    Args:
        tree: A statement in DuckDB's terms.
        describe: The columns of a query, as (name, DuckDB type); raises duckdb.Error if it does not bind.
    """
    for node in list(_inner_first(tree)):
        replacement = _settled(node, describe)
        if replacement is not None:
            if node is tree:
                return replacement
            node.replace(replacement)
    return tree


def _inner_first(node: exp.Expr) -> Iterator[exp.Expr]:
    """Yield operators with what they depend on before them: common table expressions, sources, operands."""
    children = sorted(node.iter_expressions(), key=_rank)
    for child in children:
        yield from _inner_first(child)
    if isinstance(node, exp.Avg | exp.Sum | exp.Div | exp.Trunc):
        yield node


def _rank(node: exp.Expr) -> int:
    order: tuple[type[exp.Expr], ...] = (exp.With, exp.From, exp.Join)
    return order.index(type(node)) if isinstance(node, order) else len(order)


def _settled(node: exp.Expr, describe: Describe) -> exp.Expr | None:
    match node:
        case exp.Avg():
            return _average(node, describe)
        case exp.Sum():
            return _sum(node, describe)
        case exp.Trunc() if node.args.get("decimals") is None:
            moment = _type_of(node.this, describe).name in {"timestamp", "timestamptz", "date"}
            return exp.cast(node.this.copy(), "DATE") if moment else None
        case exp.Div():
            return _quotient(node, describe)
        case _:
            return None


def _average(node: exp.Avg, describe: Describe) -> exp.Expr | None:
    operand = _type_of(_operand(node), describe)
    if operand.name not in _INTEGERS | {"numeric"}:
        return None
    total, count = exp.Sum(this=node.this.copy()), exp.Count(this=node.this.copy())
    if operand.name in _INTEGERS:
        return _instead(
            node, lambda over: exp.cast(exp.IntDiv(this=over(total), expression=over(count)), "BIGINT")
        )
    target = decimal(_MAX_PRECISION, operand.scale)
    return _instead(node, lambda over: _exact(over(total), over(count), 0, target))


def _sum(node: exp.Sum, describe: Describe) -> exp.Expr | None:
    operand = _type_of(_operand(node), describe)
    target = {"int2": "BIGINT", "int4": "BIGINT", "int8": "DECIMAL(38,0)"}.get(operand.name)
    if not target:
        return None
    return _instead(node, lambda over: exp.cast(over(node.copy()), target, dialect="duckdb"))


def _operand(node: exp.Expr) -> exp.Expr:
    inner: exp.Expr = node.this
    return inner.expressions[0] if isinstance(inner, exp.Distinct) else inner


def _instead(node: exp.Expr, build: Callable[[Callable[[exp.Expr], exp.Expr]], exp.Expr]) -> exp.Expr | None:
    """Put what `build` makes in the place of an aggregate, or of the window that the aggregate stands in.

    `build` is given a function that puts an aggregate over that window.
    """
    window = node.parent
    if not isinstance(window, exp.Window) or window.this is not node:
        return exp.Paren(this=build(lambda aggregate: aggregate))

    def over(aggregate: exp.Expr) -> exp.Expr:
        copy = window.copy()
        copy.set("this", aggregate)
        return copy

    window.replace(exp.Paren(this=build(over)))
    return None


def _quotient(node: exp.Div, describe: Describe) -> exp.Expr | None:
    left, right = _type_of(node.this, describe), _type_of(node.expression, describe)
    names = {left.name, right.name}
    if "numeric" not in names or names - _INTEGERS - {"numeric"}:
        return None
    scale = max(_MIN_SCALE, left.scale + right.precision - right.scale + 1)
    precision = left.precision - left.scale + right.scale + scale
    if precision > _MAX_PRECISION:
        scale = max(_MIN_SCALE, scale - (precision - _MAX_PRECISION))
        precision = _MAX_PRECISION
    shift = scale + right.scale - left.scale
    return _exact(node.this.copy(), node.expression.copy(), shift, decimal(precision, scale))


def _exact(left: exp.Expr, right: exp.Expr, shift: int, target: RedshiftType) -> exp.Expr:
    """Divide decimals as integers, cutting what is behind the target's scale; DOUBLE adds noise."""
    unscaled = [exp.func(f"{SYSTEM_SCHEMA}.rs_unscaled", side) for side in (left, right)]
    powers = [
        exp.cast(exp.Literal.string("1" + "0" * power), "HUGEINT", dialect="duckdb")
        for power in (max(shift, 0), max(-shift, 0), target.scale)
    ]
    numerator = exp.Mul(this=unscaled[0], expression=powers[0])
    denominator = exp.Paren(this=exp.Mul(this=unscaled[1], expression=powers[1]))
    quotient = exp.IntDiv(this=exp.Paren(this=numerator), expression=denominator)
    text = exp.func(f"{SYSTEM_SCHEMA}.rs_scaled", quotient, powers[2], exp.Literal.number(target.scale))
    return exp.cast(text, target.duckdb, dialect="duckdb")


def _type_of(operand: exp.Expr, describe: Describe) -> RedshiftType:
    if isinstance(operand, exp.Literal) and not operand.is_string:
        return _literal(operand.name)
    try:
        return from_duckdb(describe(probe(operand, describe))[-1][1])
    except duckdb.CatalogException as error:
        raise StatementFailed(redshift_message(error)) from error
    except duckdb.Error as error:
        text = operand.sql(dialect="redshift", identify=False)
        reason = f"its type cannot be told ({redshift_message(error).removeprefix('ERROR: ')}): cast it"
        msg = f"arithmetic on `{text}` here"
        raise Refused(msg, reason) from error


def _literal(text: str) -> RedshiftType:
    whole, _, fraction = text.partition(".")
    if "e" in text.lower():
        return from_duckdb("DOUBLE")
    if not fraction:
        return from_duckdb("INTEGER" if abs(int(whole)) < 2**31 else "BIGINT")
    return decimal(len(whole.lstrip("0")) + len(fraction), len(fraction))
