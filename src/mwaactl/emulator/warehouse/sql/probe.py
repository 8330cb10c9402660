"""A query whose one column is an expression of another statement, so that DuckDB tells the expression's type.

It must bind at the first try: DuckDB gives up a transaction after any error, and a batch is one transaction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from mwaactl.emulator.warehouse.sql.translate import to_duckdb

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    type Describe = Callable[[str], list[tuple[str, str]]]

_SCOPES = exp.Select | exp.Update | exp.Delete | exp.Merge


def probe(operand: exp.Expr, describe: Describe) -> str:
    """Return a query in DuckDB's terms whose one column is the operand.

    Args:
        operand: An expression inside a statement; it stays where it is.
        describe: The columns of a query, as (name, DuckDB type).
    """
    scopes = _scopes_needed(operand)
    if not scopes:
        return f"SELECT {to_duckdb(operand)}"
    head = _with(scopes[0])
    sources = ", ".join(text for scope in scopes for text in _sources(scope))
    source = f" FROM {sources}" if sources else ""
    aliases = _aliases(scopes[0])
    if aliases and source:
        names = {name.lower() for name, _ in describe(f"{head}SELECT *{source}")}
        aliases = {name: value for name, value in aliases.items() if name not in names}
    group = _group(scopes[0], aliases) if _aggregates(operand) else ""
    return f"{head}SELECT {to_duckdb(_resolved(operand, aliases))}{source}{group}"


def _scopes_needed(operand: exp.Expr) -> list[exp.Expr]:
    """Return the scope that the operand stands in, and those further out whose tables it names."""
    scopes = list(_scopes(operand))
    if not scopes:
        return []
    open_names = {column.table.lower() for column in operand.find_all(exp.Column) if column.table}
    open_names -= _table_names(scopes[0])
    return [scopes[0], *(scope for scope in scopes[1:] if open_names & _table_names(scope))]


def _scopes(node: exp.Expr) -> Iterator[exp.Expr]:
    parent = node.parent
    while parent:
        if isinstance(parent, _SCOPES):
            yield parent
        parent = parent.parent


def _relations(scope: exp.Expr) -> Iterator[exp.Expr]:
    if isinstance(scope, exp.Update | exp.Delete | exp.Merge) and scope.this:
        yield scope.this
    start = scope.args.get("from_")
    if start:
        yield start.this
    for join in scope.args.get("joins") or ():
        yield join.this
    using = scope.args.get("using")
    yield from (source for source in (using if isinstance(using, list) else [using]) if source)


def _table_names(scope: exp.Expr) -> set[str]:
    return {relation.alias_or_name.lower() for relation in _relations(scope)}


def _sources(scope: exp.Expr) -> Iterator[str]:
    """Yield what stands in FROM: a query's own joins as they are, the tables of a change side by side."""
    if not isinstance(scope, exp.Select):
        yield from (to_duckdb(relation) for relation in _relations(scope))
        return
    start = scope.args.get("from_")
    if start:
        yield to_duckdb(start.this) + "".join(_join(join) for join in scope.args.get("joins") or ())


def _join(join: exp.Expr) -> str:
    text = to_duckdb(join).strip()
    return text if text.startswith(",") else f" {text}"


def _aliases(scope: exp.Expr) -> dict[str, exp.Expr]:
    """Return the query's own names for its columns, which later expressions may use."""
    if not isinstance(scope, exp.Select):
        return {}
    return {item.alias.lower(): item.this for item in scope.expressions if isinstance(item, exp.Alias)}


def _resolved(operand: exp.Expr, aliases: dict[str, exp.Expr]) -> exp.Expr:
    """Return the operand with the query's own names replaced by what they stand for."""
    result = exp.Paren(this=operand.copy())
    for column in list(result.find_all(exp.Column)):
        value = aliases.get(column.name.lower()) if not column.table else None
        if value is not None and value is not operand:
            column.replace(
                exp.Paren(this=_resolved(value, {k: v for k, v in aliases.items() if v is not value}))
            )
    return result


def _aggregates(operand: exp.Expr) -> bool:
    return any(not _inside_query(found, operand) for found in operand.find_all(exp.AggFunc))


def _inside_query(node: exp.Expr, stop: exp.Expr) -> bool:
    while node is not stop and node.parent is not None:
        node = node.parent
        if isinstance(node, exp.Select):
            return True
    return False


def _group(scope: exp.Expr, aliases: dict[str, exp.Expr]) -> str:
    """Return the query's GROUP BY with positions and own names written out."""
    group = scope.args.get("group")
    if not group:
        return ""
    items = []
    for item in group.expressions:
        position = isinstance(item, exp.Literal) and not item.is_string
        written = scope.expressions[int(item.name) - 1].unalias() if position else item
        items.append(to_duckdb(_resolved(written, aliases)))
    return f" GROUP BY {', '.join(items)}" if items else ""


def _with(scope: exp.Expr) -> str:
    """Return the common table expressions that are visible in a scope, outermost first."""
    visible: list[str] = []
    recursive = False
    node: exp.Expr | None = scope
    inside: set[int] = set()
    while node:
        inside.add(id(node))
        head = node.args.get("with_")
        if head:
            visible = [*_before(head.expressions, inside), *visible]
            recursive = recursive or bool(head.args.get("recursive"))
        node = node.parent
    return f"WITH {'RECURSIVE ' if recursive else ''}{', '.join(visible)} " if visible else ""


def _before(tables: list[exp.Expr], inside: set[int]) -> Iterator[str]:
    """Yield a WITH's tables up to the one that the scope itself stands in."""
    for table in tables:
        if id(table) in inside:
            return
        yield to_duckdb(table)
