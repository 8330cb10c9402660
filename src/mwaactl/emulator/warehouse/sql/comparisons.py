"""Comparisons as Redshift makes them: blanks at the end of text mean nothing, SUPER values compare by type.

https://docs.aws.amazon.com/redshift/latest/dg/r_Character_types.html
https://docs.aws.amazon.com/redshift/latest/dg/query-super.html
"""

from __future__ import annotations

from sqlglot import exp

from mwaactl.emulator.warehouse.sql.super_values import is_super
from mwaactl.emulator.warehouse.sql.system_tables import SYSTEM_SCHEMA

_READ_AS: dict[type[exp.Expr], str] = {exp.Boolean: "rs_super_boolean", exp.Cast: "rs_super_string"}
_COMPARES = exp.EQ | exp.NEQ | exp.GT | exp.GTE | exp.LT | exp.LTE | exp.NullSafeEQ | exp.NullSafeNEQ


def compared(node: exp.Expr) -> exp.Expr:
    """Return a node of a translated tree so that what it compares is compared by Redshift's rules."""
    match node:
        case exp.EQ() if isinstance(node.parent, exp.Update) and node.arg_key == "expressions":
            return node  # SET column = value assigns
        case _ if isinstance(node, _COMPARES):
            left, right = node.this, node.expression
            node.set("this", _side(left, right))
            node.set("expression", _side(right, left))
        case exp.Between():
            low, high, value = node.args["low"], node.args["high"], node.this
            node.set("this", _side(value, low))
            node.set("low", _side(low, value))
            node.set("high", _side(high, value))
        case exp.In():
            _membership(node)
        case exp.Case() if node.this:
            value = node.this
            for branch in node.args["ifs"]:
                branch.set("this", _side(branch.this, value))
            node.set("this", _side(value, node.args["ifs"][0].this))
        case exp.Distinct() if isinstance(node.parent, exp.Count):
            node.set("expressions", [_plain(item) for item in node.expressions])
        case exp.Window():
            node.set("partition_by", [_plain(item) for item in node.args.get("partition_by") or ()])
        case exp.Nullif():
            equal = exp.EQ(this=_side(node.this.copy(), node.expression), expression=node.expression)
            return exp.Case(ifs=[exp.If(this=equal, true=exp.Null())], default=node.this)
    return node


def _membership(node: exp.In) -> None:
    query, value = node.args.get("query"), node.this
    if query is not None:
        inner = exp.Subquery(
            this=query.this if isinstance(query, exp.Subquery) else query,
            alias=exp.TableAlias(this=exp.to_identifier("rs_in"), columns=[exp.to_identifier("value")]),
        )
        select = exp.Select(expressions=[_plain(exp.column("value", "rs_in"))])
        node.set("query", exp.Subquery(this=select.from_(inner)))
        node.set("this", _plain(value))
    elif node.expressions:
        first = node.expressions[0]
        node.set("this", _side(value, first))
        node.set("expressions", [_side(item, value) for item in node.expressions])


def _side(value: exp.Expr, other: exp.Expr) -> exp.Expr:
    """Return one side of a comparison; what the other side is decides how a SUPER value is read."""
    if isinstance(value, exp.Literal) and value.is_string:
        return exp.Literal.string(value.name.rstrip(" "))
    if isinstance(value, exp.Literal | exp.Null | exp.Boolean | exp.Star | exp.Tuple | exp.Any | exp.All):
        return value
    if isinstance(other, exp.Any | exp.All | exp.Tuple):
        return value
    if not is_super(value) or is_super(other):
        return _plain(value)
    if isinstance(other, exp.Literal):
        return _macro("rs_super_string" if other.is_string else "rs_super_number", value)
    return _macro(_READ_AS.get(type(other), "rs_super_number"), value)


def _plain(value: exp.Expr) -> exp.Expr:
    if isinstance(value, exp.Star | exp.Tuple):
        return value
    if isinstance(value, exp.Max | exp.Min):  # DuckDB tells no types of aggregates to a macro
        return type(value)(this=_plain(value.this))
    if value.find(exp.AggFunc, exp.Window):
        return value
    return _macro("rs_text", value)


def _macro(name: str, value: exp.Expr) -> exp.Expr:
    return exp.func(f"{SYSTEM_SCHEMA}.{name}", value.copy())
