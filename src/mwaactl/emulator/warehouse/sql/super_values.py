"""SUPER: navigation with dots and brackets, and the elements of an array as rows of FROM.

`a.b.c` may be schema, table and column, or a column and what lies inside of it: the tables that the query
names decide, as in Redshift.

https://docs.aws.amazon.com/redshift/latest/dg/query-super.html
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlglot import exp

from mwaactl.emulator.warehouse.faults import Refused
from mwaactl.emulator.warehouse.sql.system_tables import SYSTEM_SCHEMA

if TYPE_CHECKING:
    from collections.abc import Iterator

NAVIGATE = f"{SYSTEM_SCHEMA}.rs_navigate"
ELEMENTS = "elements of a SUPER array"  # the mark of relations that are written here
_SCOPES = exp.Select | exp.Update | exp.Delete | exp.Merge


def navigated(tree: exp.Expr) -> exp.Expr:
    """Return the tree with navigation as calls of a macro and with arrays in FROM as joins; it is changed."""
    for unnest in list(tree.find_all(exp.Unnest)):
        _unnested(unnest)
    for node in list(tree.walk()):
        outermost = not isinstance(node.parent, exp.Dot | exp.Bracket) or node.arg_key != "this"
        if isinstance(node, exp.Column | exp.Dot | exp.Bracket) and outermost:
            replacement = _value(node)
            if replacement is not None:
                node.replace(replacement)
    return tree


def is_super(value: exp.Expr) -> bool:
    """Whether an expression is known to be SUPER by how it is written."""
    return isinstance(value, exp.ParseJSON) or (isinstance(value, exp.Anonymous) and value.name == NAVIGATE)


def _value(node: exp.Expr) -> exp.Expr | None:
    """Return the call that gets at what a node names inside of a column; None for a column itself."""
    steps: list[str | int] = []
    root = node
    while isinstance(root, exp.Dot | exp.Bracket):
        steps = [*_steps(root), *steps]
        root = root.this
    if not isinstance(root, exp.Column) or isinstance(root.this, exp.Star):
        return None
    column, inside = _split(root)
    path = [*inside, *steps]
    if not path:
        return column if column is not root else None
    text = "$" + "".join(f"[{step}]" if isinstance(step, int) else f".{json.dumps(step)}" for step in path)
    return exp.func(NAVIGATE, column.copy(), exp.Literal.string(text))


def _steps(node: exp.Expr) -> list[str | int]:
    if isinstance(node, exp.Dot):
        return [node.expression.name.lower()]
    steps: list[str | int] = []
    for item in node.expressions:
        if not isinstance(item, exp.Literal):
            msg = "SUPER navigation with a computed index"
            raise Refused(msg, "write a number or a name between the brackets")
        steps.append(item.name if item.is_string else int(item.name))
    return steps


def _split(column: exp.Column) -> tuple[exp.Expr, list[str]]:
    """Return the column that a chain of names begins with, and the names inside of it."""
    names = [part.name.lower() for part in column.parts]
    if len(names) == 1:
        return column, []
    aliases, elements, qualified = _names_in_scope(column)
    if names[0] in elements:
        return exp.column(names[0], names[0]), names[1:]
    if names[0] in aliases or not aliases:
        return (column, []) if len(names) == 2 else (exp.column(names[1], names[0]), names[2:])  # noqa: PLR2004
    if tuple(names[:2]) in qualified or column.catalog:
        return (column, []) if len(names) == 3 else (exp.column(names[2], names[1]), names[3:])  # noqa: PLR2004
    return exp.column(names[0]), names[1:]


def _names_in_scope(node: exp.Expr) -> tuple[set[str], set[str], set[tuple[str, str]]]:
    """Return aliases of tables, aliases of elements, and schemas with tables, that a node can see."""
    aliases: set[str] = set()
    elements: set[str] = set()
    qualified: set[tuple[str, str]] = set()
    for relation in _relations(node):
        name = relation.alias_or_name.lower()
        aliases.add(name)
        if isinstance(relation, exp.Lateral):
            elements.add(name)
        if isinstance(relation, exp.Table) and relation.db:
            qualified.add((relation.db.lower(), relation.name.lower()))
    return aliases, elements, qualified


def _relations(node: exp.Expr) -> Iterator[exp.Expr]:
    scope = node.parent
    while scope is not None:
        if isinstance(scope, _SCOPES):
            if not isinstance(scope, exp.Select) and isinstance(scope.this, exp.Expr):
                yield scope.this
            start = scope.args.get("from_")
            if start:
                yield start.this
            using = scope.args.get("using")
            yield from (item for item in (using if isinstance(using, list) else [using]) if item)
            yield from (join.this for join in scope.args.get("joins") or ())
        scope = scope.parent


def _unnested(unnest: exp.Unnest) -> None:
    """Put the elements of an array, as rows, in the place of `alias.column AS element` in FROM."""
    alias = unnest.args.get("alias")
    names = [*(alias.columns if alias else ()), *([alias.this] if alias and alias.this else ())]
    if not names or len(unnest.expressions) != 1 or not isinstance(unnest.parent, exp.Join):
        return
    name = exp.to_identifier(names[0].name.lower())
    elements = exp.func(f"{SYSTEM_SCHEMA}.rs_elements", unnest.expressions[0])
    lateral = exp.Lateral(
        this=exp.Anonymous(this="unnest", expressions=[elements]),
        alias=exp.TableAlias(this=name, columns=[name.copy()]),
    )
    lateral.meta[ELEMENTS] = True
    unnest.replace(lateral)
