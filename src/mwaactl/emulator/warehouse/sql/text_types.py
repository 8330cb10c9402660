"""The declared lengths of text in a query's columns, followed from tables through expressions.

DuckDB knows only VARCHAR. What cannot be followed has no known length here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from mwaactl.emulator.warehouse.types import MAX_VARCHAR, RedshiftType, character, from_tree

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    type Types = dict[str, RedshiftType | None]
    type Lookup = Callable[[str, str], Types]

_SAME_LENGTH = (exp.Lower, exp.Upper, exp.Trim, exp.Substring, exp.Left, exp.Right, exp.Initcap, exp.Reverse)
_FROM_ARGUMENT = (exp.Max, exp.Min, exp.AnyValue, exp.Lag, exp.Lead, exp.FirstValue, exp.LastValue, exp.Paren,
                  exp.Alias, exp.Window, exp.IgnoreNulls, exp.RespectNulls)  # fmt: skip


def query_types(query: exp.Expr, lookup: Lookup, known: Mapping[str, Types] | None = None) -> Types:
    """Return a query's columns in order, each with its type if that is known and text.

    Args:
        query: The query as the user wrote it.
        lookup: The columns of a table or view, by schema (may be empty) and name.
        known: The columns of common table expressions that the query sees.
    """
    known = dict(known or {})
    head = query.args.get("with_")
    for table in head.expressions if head else ():
        found = query_types(table.this, lookup, known)
        names = [column.name.lower() for column in table.args["alias"].columns]
        known[table.alias.lower()] = dict(zip(names or found, found.values(), strict=False))
    match query:
        case exp.Subquery():
            return query_types(query.this, lookup, known)
        case exp.SetOperation():
            left, right = (query_types(side, lookup, known) for side in (query.left, query.right))
            return {
                name: _longest([kind, other])
                for (name, kind), other in zip(left.items(), right.values(), strict=False)
            }
        case exp.Select():
            return _select(query, lookup, known)
        case _:
            return {}


def _select(query: exp.Select, lookup: Lookup, known: Mapping[str, Types]) -> Types:
    sources = _sources(query, lookup, known)
    types: Types = {}
    for item in query.expressions:
        if isinstance(item, exp.Star) or (isinstance(item, exp.Column) and isinstance(item.this, exp.Star)):
            wanted = item.table.lower() if isinstance(item, exp.Column) else ""
            for name, columns in sources.items():
                types |= columns if wanted in {"", name} else {}
        else:
            types[item.alias_or_name.lower() or f"?{len(types)}"] = _type_of(item, sources)
    return types


def _sources(query: exp.Select, lookup: Lookup, known: Mapping[str, Types]) -> dict[str, Types]:
    start = query.args.get("from_")
    relations = [start.this] if start else []
    relations += [join.this for join in query.args.get("joins") or ()]
    sources: dict[str, Types] = {}
    for relation in relations:
        name = relation.alias_or_name.lower()
        if isinstance(relation, exp.Subquery):
            columns = query_types(relation, lookup, known)
        elif isinstance(relation, exp.Table) and not relation.db and relation.name.lower() in known:
            columns = known[relation.name.lower()]
        elif isinstance(relation, exp.Table):
            columns = lookup(relation.db.lower(), relation.name.lower())
        else:
            columns = {}
        alias = relation.args.get("alias")
        names = [column.name.lower() for column in alias.columns] if alias else []
        sources[name] = dict(zip(names, columns.values(), strict=False)) if names else columns
    return sources


def _type_of(  # noqa: PLR0911
    item: exp.Expr, sources: Mapping[str, Types]
) -> RedshiftType | None:
    match item:
        case exp.Column():
            return _column(item, sources)
        case exp.Cast():
            found = from_tree(item.args["to"]) if isinstance(item.args["to"], exp.DataType) else None
            return found if found and found.duckdb == "VARCHAR" else None
        case exp.Literal() if item.is_string:
            return character("VARCHAR", max(1, len(item.name.encode())))
        case exp.DPipe():
            sides = [_type_of(side, sources) for side in (item.this, item.expression)]
            return None if None in sides else _text(sum(side.length for side in sides if side))
        case exp.Coalesce():
            return _longest([_type_of(part, sources) for part in (item.this, *item.expressions)])
        case exp.Case():
            return _longest([_type_of(part, sources) for part in _results(item)])
    if isinstance(item, _FROM_ARGUMENT):
        return _type_of(item.this, sources)
    inner = _type_of(item.this, sources) if isinstance(item, _SAME_LENGTH) else None
    return _text(inner.length) if inner else None


def _results(case: exp.Case) -> list[exp.Expr]:
    default = case.args.get("default")
    return [*(branch.args["true"] for branch in case.args["ifs"]), *([default] if default else [])]


def _column(column: exp.Column, sources: Mapping[str, Types]) -> RedshiftType | None:
    name, table = column.name.lower(), column.table.lower()
    found = [columns[name] for key, columns in sources.items() if table in {"", key} and name in columns]
    return found[0] if len(found) == 1 else None


def _longest(types: Sequence[RedshiftType | None]) -> RedshiftType | None:
    known = [kind for kind in types if kind]
    if len(known) < len(types) or not known:
        return None
    if len(set(known)) == 1:
        return known[0]
    return _text(max(kind.length for kind in known))


def _text(length: int) -> RedshiftType:
    return character("VARCHAR", min(max(length, 1), MAX_VARCHAR))
