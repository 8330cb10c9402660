"""Which names a module has at its top level once it was imported, without importing it.

A name counts as sure where every way through the file binds it, as a perhaps where a condition decides. What
code makes up as it runs (`__getattr__`, `globals()`, `exec`) cannot be read: such a file may have any name.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from sys import intern
from typing import TYPE_CHECKING

from mwaactl.project.module_names import base_of, is_foreign
from mwaactl.project.syntax_tree import children, last_name, statements

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_EXPORTS = "__all__"
# What must stand in a text that binds names in an expression or a function, or makes names as it runs.
_HIDING = (b":=", b"global", b"exec", b"modules")

_BRANCHING = (
    ast.Raise,
    ast.If,
    ast.Try,
    ast.TryStar,
    ast.With,
    ast.AsyncWith,
    ast.For,
    ast.AsyncFor,
    ast.While,
    ast.Match,
)


@dataclass(frozen=True, slots=True)
class Names:
    """The names at a module's top level.

    Attributes:
        sure: Names that it has in any case, sorted.
        perhaps: Names that it has under a condition, sorted.
        dynamic: Whether it may have further names that its text does not tell.
        exports: What `__all__` lists; None without an `__all__`, and where it is computed.
        origins: Name to the dotted name that an import statement with `as` bound it to, for what may be
            of the tree. What an import statement binds under its own name stands in the needs.
    """

    sure: tuple[str, ...] = ()
    perhaps: tuple[str, ...] = ()
    dynamic: bool = False
    exports: tuple[str, ...] | None = None
    origins: tuple[tuple[str, str], ...] = ()


def names_of(tree: ast.Module, key: str, content: bytes) -> Names:
    """Reads the names of a module.

    Args:
        tree: The module.
        key: Its place, from which relative imports start.
        content: Its text.
    """
    try:
        bound = _bound(tree.body)
    except RecursionError:  # thousands of `elif` nest as deeply
        return Names(dynamic=True)
    hidden, dynamic = _hidden(tree) if any(each in content for each in _HIDING) else (set(), False)
    return Names(
        sure=_sorted(bound.sure),
        perhaps=_sorted((bound.perhaps | hidden) - bound.sure),
        dynamic=dynamic or "__getattr__" in bound.sure | bound.perhaps,
        exports=_exports(tree.body) if _EXPORTS in bound.sure else None,
        origins=tuple(sorted(set(_origins(tree, key)))),
    )


@dataclass(frozen=True, slots=True)
class _Bound:
    """What a run of statements binds, and whether it ends in `raise`, so that nothing follows it."""

    sure: frozenset[str] = frozenset()
    perhaps: frozenset[str] = frozenset()
    ends: bool = False

    def uncertain(self) -> _Bound:
        return _Bound(perhaps=self.sure | self.perhaps)


def _bound(body: Iterable[ast.stmt]) -> _Bound:
    sure, perhaps = set[str](), set[str]()
    for statement in body:
        if isinstance(statement, ast.Delete):
            gone = {each.id for each in statement.targets if isinstance(each, ast.Name)}
            sure, perhaps = sure - gone, perhaps - gone
        elif not isinstance(statement, _BRANCHING):
            sure.update(_bound_simply(statement))
        else:
            one = _bound_by(statement)
            sure |= one.sure
            perhaps |= one.perhaps
            if one.ends:
                return _Bound(frozenset(sure), frozenset(perhaps), ends=True)
    return _Bound(frozenset(sure), frozenset(perhaps))


def _bound_by(node: ast.stmt) -> _Bound:
    match node:
        case ast.Raise():
            return _Bound(ends=True)
        case ast.If():
            return _bound_by_if(node)
        case ast.Try() | ast.TryStar():
            return _bound_by_try(node)
        case ast.With() | ast.AsyncWith():
            inner = _bound(node.body)
            items = [each for each in node.items if each.optional_vars]
            targets = frozenset(name for each in items for name in _stored(each.optional_vars))
            inner = inner.uncertain() if any(_suppresses(each) for each in node.items) else inner
            return _Bound(inner.sure | targets, inner.perhaps, inner.ends)
        case ast.For() | ast.AsyncFor() | ast.While() | ast.Match():
            # A loop may run for no item, and a match for no case.
            return _Bound(perhaps=frozenset(_bound_within(node)))
        case _:
            return _Bound()


def _bound_by_if(node: ast.If) -> _Bound:
    match checking_types(node.test):
        case True:
            return _bound(node.orelse)
        case False:
            return _bound(node.body)
        case None:
            return _either([_bound(node.body), _bound(node.orelse)])


def _bound_by_try(node: ast.Try | ast.TryStar) -> _Bound:
    whole = _bound([*node.body, *node.orelse])
    handlers = [_bound(each.body) for each in node.handlers]
    last = _bound(node.finalbody)
    merged = _either([whole, *handlers])
    # A handler that goes on may have been entered before the body had bound anything.
    return _Bound(merged.sure | last.sure, merged.perhaps | last.perhaps, merged.ends or last.ends)


def _either(branches: Sequence[_Bound]) -> _Bound:
    """Joins ways of which one is taken; a way that ends in `raise` leaves no module behind."""
    going_on = [each for each in branches if not each.ends]
    if not going_on:
        return _Bound(ends=True)
    sure = frozenset.intersection(*(each.sure for each in going_on))
    every = frozenset[str]().union(*(each.sure | each.perhaps for each in going_on))
    return _Bound(sure, every - sure)


def checking_types(test: ast.expr) -> bool | None:
    """Tells whether a condition is only true for type checkers, only false for them, or neither (None)."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        inner = checking_types(test.operand)
        return None if inner is None else not inner
    if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And):
        return True if any(checking_types(each) is True for each in test.values) else None
    return True if last_name(test) == "TYPE_CHECKING" else None


def _suppresses(item: ast.withitem) -> bool:
    call = item.context_expr
    return isinstance(call, ast.Call) and last_name(call.func) == "suppress"


def _bound_within(node: ast.For | ast.AsyncFor | ast.While | ast.Match) -> Iterator[str]:
    """Yields every name that the statements of a block bind, without entering functions and classes."""
    waiting: list[ast.AST] = [node]
    while waiting:
        each = waiting.pop()
        if isinstance(each, ast.stmt):
            yield from _bound_simply(each)
        yield from _captured(each)
        if not isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            waiting.extend(children(each))


def _bound_simply(node: ast.stmt) -> Iterator[str]:
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.Import():
            yield from (each.asname or each.name.partition(".")[0] for each in node.names)
        case ast.ImportFrom():
            yield from (each.asname or each.name for each in node.names if each.name != "*")
        case ast.Assign():
            yield from (name for target in node.targets for name in _stored(target))
        case ast.AnnAssign(value=value) if value is not None:
            yield from _stored(node.target)
        case ast.For() | ast.AsyncFor():
            yield from _stored(node.target)
        case ast.TypeAlias():
            yield from _stored(node.name)
        case _:
            pass


def _captured(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)) | ast.MatchMapping(rest=str(name)):
            yield name
        case ast.withitem(optional_vars=target) if target is not None:
            yield from _stored(target)
        case _:
            pass


def _stored(target: ast.expr | None) -> Iterator[str]:
    match target:
        case ast.Name(id=name):
            yield name
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            for each in parts:
                yield from _stored(each)
        case ast.Starred(value=value):
            yield from _stored(value)
        case _:
            pass


def _hidden(tree: ast.Module) -> tuple[set[str], bool]:
    """Returns names that expressions and functions bind, and whether others may be made as the code runs."""
    names, dynamic = set[str](), False
    for node in ast.walk(tree):
        match node:
            case ast.NamedExpr(target=ast.Name(id=name)):
                names.add(name)
            case ast.Global():
                names.update(node.names)
            case (
                ast.Call(func=ast.Name(id="globals" | "exec"))
                | ast.Attribute(value=ast.Name(id="sys"), attr="modules")
            ):
                dynamic = True
            case _:
                pass
    return names, dynamic


def _exports(body: Iterable[ast.stmt]) -> tuple[str, ...] | None:
    """Adds up `__all__ = [...]` and `__all__ += [...]`; None where it is computed."""
    listed: list[str] = []
    for node in body:
        match node:
            case ast.Assign(targets=[ast.Name(id="__all__")]) | ast.AnnAssign(target=ast.Name(id="__all__")):
                more, listed = _texts(node.value), []
            case ast.AugAssign(target=ast.Name(id="__all__")):
                more = _texts(node.value)
            case _ if any(isinstance(each, ast.Name) and each.id == _EXPORTS for each in ast.walk(node)):
                more = None
            case _:
                continue
        if more is None:
            return None
        listed += more
    return _sorted(listed)


def _texts(node: ast.expr | None) -> list[str] | None:
    if not isinstance(node, ast.List | ast.Tuple):
        return None
    texts = [
        each.value for each in node.elts if isinstance(each, ast.Constant) and isinstance(each.value, str)
    ]
    return texts if len(texts) == len(node.elts) else None


def _origins(tree: ast.Module, key: str) -> Iterator[tuple[str, str]]:
    """Yields what import statements outside of functions bind under another name, and the dotted name."""
    for node in statements(tree.body, in_functions=False):
        if isinstance(node, ast.Import | ast.ImportFrom):
            base = f"{base_of(key, node)}." if isinstance(node, ast.ImportFrom) else ""
            for each in node.names:
                dotted = f"{base}{each.name}".strip(".")
                if each.asname is not None and not is_foreign(dotted):
                    yield intern(each.asname), intern(dotted)


def _sorted(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(intern(each) for each in sorted(set(names)))
