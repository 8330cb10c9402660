"""The arguments of an operator, read from its class: names, types as far as JSON has them, defaults.

Annotations are read as text and never evaluated: providers name classes there that are imported for type
checkers only.
"""

import ast
import inspect
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from typed_assets.yaml.operator_arguments import ANY, CALLABLE, DURATION, TIME, Argument, OperatorArguments

_KINDS: Mapping[str, str] = {
    "str": "string",
    "bool": "boolean",
    "int": "integer",
    "float": "number",
    "None": "null",
    "list": "array",
    "tuple": "array",
    "set": "array",
    "List": "array",
    "Tuple": "array",
    "dict": "object",
    "Dict": "object",
    "Mapping": "object",
    "MutableMapping": "object",
    "timedelta": DURATION,
    "datetime": TIME,
    "Callable": CALLABLE,
}
_OPTIONAL = "Optional"
_NOT_GIVEN = {"ArgNotSet", "NotSet", "NOTSET"}
_LAST = "BaseOperator"
"""Airflow's base takes `**kwargs` only to refuse them in its own words."""
_HIDDEN = {"self", "task_id", "dag", "task_group", "args", "kwargs", "context"}


def arguments_of_class(operator: type, name: str) -> OperatorArguments:
    """Return the arguments that a class takes, its own first, then those of its bases.

    A base's arguments count as long as each class hands on what it does not know (`**kwargs`). Only the
    first `__init__` says what is required: what a base needs, a class may give it by itself.

    Args:
        operator: the class.
        name: `module.Class` as the author wrote it.
    """
    found: dict[str, Argument] = {}
    is_open = True
    for base in operator.__mro__:
        if is_open and base is not object and "__init__" in vars(base):
            own, is_open = own_arguments(base)
            optional = {key: replace(each, required=False) for key, each in own.items()}
            found = {**(optional if found else own), **found}
            is_open = is_open and not _is_last(base)
    return OperatorArguments(name, found, open=is_open)


def _is_last(base: type) -> bool:
    return base.__name__ == _LAST and base.__module__.startswith("airflow.sdk")


def own_arguments(operator: type) -> tuple[dict[str, Argument], bool]:
    """Return what the class's own `__init__` takes, and whether it hands on what it does not know."""
    parameters = inspect.signature(vars(operator)["__init__"]).parameters
    found = {key: _argument(each) for key, each in parameters.items() if _is_argument(each)}
    return found, any(each.kind is inspect.Parameter.VAR_KEYWORD for each in parameters.values())


def _is_argument(parameter: inspect.Parameter) -> bool:
    named = parameter.kind in (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    shown = parameter.name not in _HIDDEN
    return named and shown and not parameter.name.startswith("_")


def _argument(parameter: inspect.Parameter) -> Argument:
    kinds, choices = kinds_of(parameter.annotation)
    return Argument(kinds, parameter.default is inspect.Parameter.empty, choices)


def kinds_of(annotation: Any) -> tuple[frozenset[str], tuple[Any, ...]]:  # noqa: ANN401 - what Python allows
    """Return the kinds that an annotation names (`any` where it is not clear), and values of a `Literal`."""
    if annotation is inspect.Parameter.empty:
        return frozenset({ANY}), ()
    text = annotation if isinstance(annotation, str) else inspect.formatannotation(annotation)
    try:
        node = ast.parse(text, mode="eval").body
    except SyntaxError:
        return frozenset({ANY}), ()
    kinds: set[str] = set()
    choices: list[Any] = []
    for part in _alternatives(node):
        _take(part, kinds, choices)
    return frozenset({ANY} if ANY in kinds else kinds), tuple(choices)


def _take(part: ast.expr, kinds: set[str], choices: list[Any]) -> None:
    outer = part.value if isinstance(part, ast.Subscript) else part
    name = _name(outer)
    if name == "Literal" and isinstance(part, ast.Subscript):
        choices += [each.value for each in _items(part.slice) if isinstance(each, ast.Constant)]
    elif name not in _NOT_GIVEN:
        kinds.add(_KINDS.get(name, ANY))


def _alternatives(node: ast.expr) -> list[ast.expr]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return [*_alternatives(node.left), *_alternatives(node.right)]
    if isinstance(node, ast.Subscript) and _name(node.value) in {"Union", _OPTIONAL}:
        return [each for item in _items(node.slice) for each in _alternatives(item)]
    return [node]


def _items(node: ast.expr) -> list[ast.expr]:
    return list(node.elts) if isinstance(node, ast.Tuple) else [node]


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
