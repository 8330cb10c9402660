"""Which failed imports a piece of code handles, by its `except` clauses and `contextlib.suppress`."""

from __future__ import annotations

import ast

from mwaactl.project.needs import Failure
from mwaactl.project.syntax_tree import last_name

_HANDLED = {
    "ModuleNotFoundError": Failure.ABSENT_MODULE,
    "ImportError": Failure.ABSENT_MODULE | Failure.ABSENT_NAME,
    "AttributeError": Failure.ABSENT_ATTRIBUTE,
    "Exception": ~Failure.NOTHING,
    "BaseException": ~Failure.NOTHING,
}


def handled_by(kind: ast.expr | None) -> Failure:
    """Returns what `except kind:` handles; nothing behind `except` handles everything."""
    if kind is None:
        return ~Failure.NOTHING
    handled = Failure.NOTHING
    for each in kind.elts if isinstance(kind, ast.Tuple) else [kind]:
        handled |= _HANDLED.get(last_name(each), Failure.NOTHING)
    return handled


def suppressed_by(node: ast.With | ast.AsyncWith) -> Failure:
    """Returns what `with suppress(…):` handles."""
    suppressed = Failure.NOTHING
    for item in node.items:
        call = item.context_expr
        if isinstance(call, ast.Call) and last_name(call.func) == "suppress":
            for each in call.args:
                suppressed |= handled_by(each)
    return suppressed
