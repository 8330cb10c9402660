"""Walks over syntax trees: many files are read, and the walks of the standard library take their time."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_BLOCKS = (ast.stmt, ast.ExceptHandler, ast.match_case)


def children(node: ast.AST) -> list[ast.AST]:
    """Returns the nodes directly below a node."""
    found: list[ast.AST] = []
    for name in node._fields:
        value = getattr(node, name, None)
        if isinstance(value, list):
            found += [each for each in value if isinstance(each, ast.AST)]
        elif isinstance(value, ast.AST):
            found.append(value)
    return found


def statements(body: Iterable[ast.AST], *, in_functions: bool) -> Iterator[ast.stmt]:
    """Yields every statement, also those in blocks; those in functions and classes where told to."""
    waiting = list(body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.stmt):
            yield node
        if in_functions or not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            waiting += [each for each in children(node) if isinstance(each, _BLOCKS)]


def last_name(node: ast.AST | None) -> str:
    """Returns the last part of a name such as `typing.TYPE_CHECKING`; empty for anything else."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""
