"""PIVOT and UNPIVOT of FROM, written as the queries that they stand for.

https://docs.aws.amazon.com/redshift/latest/dg/r_FROM_clause-pivot-unpivot-examples.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from mwaactl.emulator.warehouse.faults import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    type Names = Callable[[exp.Expr], Sequence[str]]

_AGGREGATES = exp.Count | exp.Sum | exp.Min | exp.Max | exp.Avg


def without_pivots(tree: exp.Expr, names: Names) -> exp.Expr:
    """Return a statement whose pivoted relations are subqueries; it is changed.

    Args:
        tree: A statement in Redshift's terms.
        names: Gives the names of a query's columns.

    Raises:
        Refused: If a pivot is written in a way that is not modelled.
    """
    for pivot in [node for node in tree.find_all(exp.Pivot) if node.arg_key == "pivots"]:
        relation = pivot.parent
        if relation is None or len(relation.args["pivots"]) > 1 or len(pivot.args["fields"]) != 1:
            msg = "PIVOT and UNPIVOT of more than one column"
            raise Refused(msg, "write one subquery for each")
        source = relation.copy()
        source.set("pivots", None)
        columns = names(_visible(tree, pivot, exp.select("*").from_(source.copy())))
        query = (
            _unpivoted(pivot, source, columns)
            if pivot.args.get("unpivot")
            else _pivoted(pivot, source, columns)
        )
        alias = pivot.args.get("alias") or exp.TableAlias(this=exp.to_identifier("rs_pivot"))
        relation.replace(exp.Subquery(this=query, alias=alias.copy()))
    return tree


def _visible(tree: exp.Expr, pivot: exp.Expr, query: exp.Select) -> exp.Select:
    """Give a query the statement's common table expressions that stand before the pivot."""
    head = tree.args.get("with_")
    for table in head.expressions if head else ():
        if any(node is pivot for node in table.find_all(exp.Pivot)):
            break
        query = query.with_(table.alias, as_=table.this.copy())
    return query


def _parts(pivot: exp.Expr) -> tuple[exp.Expr, Iterator[tuple[exp.Expr, str]]]:
    """Return what stands behind FOR, and each item of IN with its name."""
    field = pivot.args["fields"][0]
    return field.this, (_item(item) for item in field.expressions)


def _item(item: exp.Expr) -> tuple[exp.Expr, str]:
    if isinstance(item, exp.PivotAlias):
        return item.this, item.args["alias"].name.lower()
    return item, "null" if isinstance(item, exp.Null) else item.name.lower()


def _pivoted(pivot: exp.Expr, source: exp.Expr, columns: Sequence[str]) -> exp.Expr:
    """One column for each item and aggregate; the other columns of the source are groups."""
    key, items = _parts(pivot)
    used = {column.name.lower() for part in pivot.expressions for column in part.find_all(exp.Column)}
    groups = [name for name in columns if name.lower() not in {*used, key.name.lower()}]
    chosen: list[exp.Expr] = [exp.column(name) for name in groups]
    for value, label in items:
        null = isinstance(value, exp.Null)
        asked = (
            exp.Is(this=key.copy(), expression=exp.Null())
            if null
            else exp.EQ(this=key.copy(), expression=value)
        )
        for part in pivot.expressions:
            suffix = f"_{part.alias.lower()}" if part.alias else ""
            chosen.append(exp.alias_(_of_rows(part.unalias(), asked), f"{label}{suffix}", quoted=True))
    query = exp.Select(expressions=chosen).from_(source)
    return query.group_by(*[exp.column(name) for name in groups]) if groups else query


def _of_rows(aggregate: exp.Expr, asked: exp.Expr) -> exp.Expr:
    """Return an aggregate of the rows that fulfil a condition only."""
    result = aggregate.copy()
    inner = result.this
    if not isinstance(result, _AGGREGATES) or isinstance(inner, exp.Distinct):
        msg = f"PIVOT with {aggregate.sql(dialect='redshift')}"
        raise Refused(msg, "aggregates are COUNT, SUM, MIN, MAX and AVG")
    value = exp.Literal.number(1) if isinstance(inner, exp.Star) or inner is None else inner
    result.set("this", exp.Case(ifs=[exp.If(this=asked.copy(), true=value.copy())]))
    return result


def _unpivoted(pivot: exp.Expr, source: exp.Expr, columns: Sequence[str]) -> exp.Expr:
    """One query for each column of IN, of the rows that hold a value there."""
    key, items = _parts(pivot)
    listed = list(items)
    taken = {item.name.lower() for item, _ in listed}
    others = [name for name in columns if name.lower() not in taken]
    value = pivot.expressions[0]
    queries: list[exp.Select] = []
    for column, label in listed:
        query = exp.Select(
            expressions=[
                *(exp.column(name) for name in others),
                exp.alias_(exp.Literal.string(label), key.name.lower()),
                exp.alias_(exp.column(column.name), value.name.lower()),
            ]
        ).from_(source.copy())
        if not pivot.args.get("include_nulls"):
            query = query.where(exp.Not(this=exp.Is(this=exp.column(column.name), expression=exp.Null())))
        queries.append(query)
    return exp.union(*queries, distinct=False) if len(queries) > 1 else queries[0]
