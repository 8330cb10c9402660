"""Metric math in alarms: arithmetic, and the functions that alarms mostly use.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
"""

from __future__ import annotations

import ast
import operator
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

type Values = tuple[float | None, ...]
type Value = float | Values | list[Values]

_ARITHMETIC: Mapping[type[ast.operator], Callable[[float, float], float]] = MappingProxyType(
    {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}
)
_COMPARISONS: Mapping[type[ast.cmpop], Callable[[float, float], bool]] = MappingProxyType(
    {
        ast.Lt: operator.lt,
        ast.LtE: operator.le,
        ast.Gt: operator.gt,
        ast.GtE: operator.ge,
        ast.Eq: operator.eq,
        ast.NotEq: operator.ne,
    }
)
_AGGREGATES: Mapping[str, Callable[[Sequence[float]], float]] = MappingProxyType(
    {"SUM": sum, "AVG": lambda found: sum(found) / len(found), "MIN": min, "MAX": max}
)
_ARGUMENTS: Mapping[str, int] = MappingProxyType({**dict.fromkeys(_AGGREGATES, 1), "FILL": 2, "IF": 3})


class UnknownExpressionError(ValueError):
    """The expression has something that is not modelled; the text names it."""


def parse(expression: str) -> ast.expr:
    """Return an expression, ready to be computed.

    Raises:
        UnknownExpressionError: It is no expression, or has something that is not modelled.
    """
    try:
        tree = ast.parse(expression, mode="eval").body
    except SyntaxError as error:
        raise UnknownExpressionError(expression) from error
    _check(tree)
    return tree


def compute(tree: ast.expr, series: Mapping[str, Values], length: int) -> Values:
    """Return the values of an expression, period by period.

    Args:
        tree: What `parse` returned.
        series: The values of each metric and expression by its id.
        length: How many periods there are.

    Raises:
        UnknownExpressionError: It names an id that is not there.
    """
    value = _value(tree, series)
    if isinstance(value, list):
        message = "an expression of an alarm gives one series"
        raise UnknownExpressionError(message)
    return (value,) * length if isinstance(value, float) else value


def compute_all(
    expressions: Mapping[str, str], series: Mapping[str, Values], length: int
) -> dict[str, Values]:
    """Return the values of metrics and expressions, whichever order these are written in.

    Args:
        expressions: Expressions by id.
        series: The values of metrics by id.
        length: How many periods there are.

    Raises:
        UnknownExpressionError: One has something that is not modelled, or names an id that is not there.
    """
    found, waiting = dict(series), {name: parse(text) for name, text in expressions.items()}
    while waiting:
        ready = {name: tree for name, tree in waiting.items() if _names(tree) <= found.keys()}
        if not ready:
            raise UnknownExpressionError(", ".join(expressions[name] for name in waiting))
        for name, tree in ready.items():
            found[name] = compute(tree, found, length)
            del waiting[name]
    return found


def _names(tree: ast.expr) -> set[str]:
    called = {id(each.func) for each in ast.walk(tree) if isinstance(each, ast.Call)}
    return {each.id for each in ast.walk(tree) if isinstance(each, ast.Name) and id(each) not in called}


def _check(tree: ast.expr) -> None:
    for inner in _inner(tree):
        _check(inner)


def _inner(tree: ast.expr) -> Sequence[ast.expr]:
    """Return what an expression is made of; fails if it is not modelled."""
    inner: Sequence[ast.expr] | None = None
    match tree:
        case ast.BinOp(left, op, right) if type(op) in _ARITHMETIC:
            inner = (left, right)
        case ast.Compare(left, [compared], [right]) if type(compared) in _COMPARISONS:
            inner = (left, right)
        case ast.UnaryOp(ast.USub(), operand):
            inner = (operand,)
        case ast.List(items):
            inner = items
        case ast.Call(ast.Name(name), arguments, []) if _ARGUMENTS.get(name) == len(arguments):
            inner = arguments
        case ast.Name():
            inner = ()
        case ast.Constant(value) if type(value) in {int, float}:  # True is an int to a pattern
            inner = ()
    if inner is None:
        raise UnknownExpressionError(ast.unparse(tree))
    return inner


def _value(tree: ast.expr, series: Mapping[str, Values]) -> Value:
    match tree:
        case ast.Constant(number):
            return float(str(number))
        case ast.Name(name) if name in series:
            return series[name]
        case ast.UnaryOp(_, inner):
            return _combined(operator.sub, 0.0, _value(inner, series))
        case ast.BinOp() | ast.Compare():
            return _of_two(tree, series)
        case ast.List(items):
            return [value for item in items if isinstance(value := _value(item, series), tuple)]
        case ast.Call(ast.Name(name), arguments):
            return _called(name, [_value(argument, series) for argument in arguments])
        case _:
            raise UnknownExpressionError(ast.unparse(tree))


def _of_two(tree: ast.BinOp | ast.Compare, series: Mapping[str, Values]) -> Value:
    if isinstance(tree, ast.BinOp):
        return _combined(_ARITHMETIC[type(tree.op)], _value(tree.left, series), _value(tree.right, series))
    holds, (right,) = _COMPARISONS[type(tree.ops[0])], tree.comparators
    return _combined(
        lambda one, other: float(holds(one, other)), _value(tree.left, series), _value(right, series)
    )


def _called(name: str, arguments: list[Value]) -> Value:
    first = arguments[0]
    if name == "IF":
        return _chosen(first, arguments[1], arguments[2])
    if name == "FILL":
        value, filling = first, arguments[1]
        if isinstance(value, tuple) and isinstance(filling, float):
            return tuple(filling if each is None else each for each in value)
        raise UnknownExpressionError(name)
    if not isinstance(first, list):
        raise UnknownExpressionError(name)
    found = [[value for value in column if value is not None] for column in zip(*first, strict=True)]
    return tuple(_AGGREGATES[name](values) if values else None for values in found)


def _chosen(condition: Value, then: Value, otherwise: Value) -> Value:
    """Take one value where the condition is not 0, else the other; where it is missing, nothing."""
    if isinstance(condition, list) or isinstance(then, list) or isinstance(otherwise, list):
        message = "IF with lists"
        raise UnknownExpressionError(message)
    if isinstance(condition, float):
        return then if condition else otherwise
    return tuple(
        None if holds is None else _at(then if holds else otherwise, index)
        for index, holds in enumerate(condition)
    )


def _at(value: float | Values, index: int) -> float | None:
    return value if isinstance(value, float) else value[index]


def _combined(operation: Callable[[float, float], float], one: Value, other: Value) -> Value:
    """Combine two numbers or series; a period that one of them lacks, or that divides by 0, is missing."""
    if isinstance(one, list) or isinstance(other, list):
        message = "arithmetic of lists"
        raise UnknownExpressionError(message)
    if isinstance(one, float) and isinstance(other, float):
        return operation(one, other) if other or operation is not operator.truediv else 0.0
    length = len(one) if isinstance(one, tuple) else len(other) if isinstance(other, tuple) else 0
    left = one if isinstance(one, tuple) else (one,) * length
    right = other if isinstance(other, tuple) else (other,) * length
    divides = operation is operator.truediv
    return tuple(
        None if mine is None or theirs is None or (divides and not theirs) else operation(mine, theirs)
        for mine, theirs in zip(left, right, strict=True)
    )
