"""Walks over syntax trees: many files are read, and the walks of the standard library take their time."""

from __future__ import annotations

import ast
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_SILENT = frozenset({str, int, ast.Constant, ast.Load, ast.Store, ast.Del})
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_BODIES = ("body", "orelse", "finalbody", "handlers", "cases")


def children(node: ast.AST) -> list[ast.AST]:
    """Returns the nodes directly below a node, without those that say nothing: constants and contexts."""
    found: list[ast.AST] = []
    for name in node._fields:
        value = getattr(node, name, None)
        if value is None or type(value) in _SILENT:
            continue
        if type(value) is list:
            found += [each for each in value if isinstance(each, ast.AST) and type(each) not in _SILENT]
        elif isinstance(value, ast.AST):
            found.append(value)
    return found


def blocks(node: ast.AST) -> list[ast.AST]:
    """Returns the statements directly below a node, with the handlers and cases that hold further ones."""
    found: list[ast.AST] = []
    for name in _bodies(node._fields):
        below = getattr(node, name)
        if type(below) is list:
            found += below
    return found


@cache
def _bodies(fields: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in _BODIES if name in fields)


def statements(body: Iterable[ast.AST], *, in_functions: bool) -> Iterator[ast.stmt]:
    """Yields every statement, also those in blocks; those in functions and classes where told to."""
    waiting = list(body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.stmt):
            yield node
        if in_functions or not isinstance(node, _DEFINITIONS):
            waiting += blocks(node)


def last_name(node: ast.AST | None) -> str:
    """Returns the last part of a name such as `typing.TYPE_CHECKING`; empty for anything else."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""
