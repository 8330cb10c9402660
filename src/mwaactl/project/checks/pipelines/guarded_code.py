"""What a file runs whatever Airflow is there: code that asks first, or is ready to fail, is for several."""

import ast
from collections.abc import Iterable, Iterator

from mwaactl.project.handled_failures import handled_by, suppressed_by
from mwaactl.project.needs import Failure

_ASKS = ("version", "airflow_v", "type_checking", "hasattr")


def unguarded(tree: ast.Module) -> Iterator[ast.AST]:
    """Yield the nodes that no version, and no failed import, decides on."""
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += _below(node)


def _below(node: ast.AST) -> Iterable[ast.AST]:
    match node:
        case ast.Try() | ast.TryStar() if any(handled_by(each.type) for each in node.handlers):
            return node.finalbody
        case ast.With() | ast.AsyncWith() if suppressed_by(node) != Failure.NOTHING:
            return ()
        case ast.If(test=test) | ast.IfExp(test=test) if _asks(test):
            return ()
        case _:
            return ast.iter_child_nodes(node)


def _asks(test: ast.expr) -> bool:
    names = [getattr(node, "id", getattr(node, "attr", "")) for node in ast.walk(test)]
    return any(each in str(name).lower() for name in names for each in _ASKS)
