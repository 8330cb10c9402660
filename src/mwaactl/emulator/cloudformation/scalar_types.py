"""Values in the type that a service wants: parameters of a template are text, whatever their type.

CloudFormation converts what converts without loss, by the type that the resource's schema names:
https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from botocore.model import OperationModel, Shape

_INTEGER = re.compile(r"-?\d+")
_NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?")
_WHOLE, _FRACTIONS = {"integer", "long"}, {"float", "double"}
_BOOLEANS = {"true": True, "false": False}


def convert_parameters(params: dict[str, Any], model: OperationModel, **_: object) -> dict[str, Any]:
    """Return a request's members in the types of the operation's model; botocore's event calls it."""
    return {name: _member(model.input_shape, name, value) for name, value in params.items()}


def converted(value: Any, shape: Shape) -> Any:  # noqa: ANN401 - any piece of JSON
    """Return the value in the type of a shape, or as it is where it does not convert."""
    match shape.type_name:
        case "structure" if isinstance(value, dict):
            return {name: _member(shape, name, inner) for name, inner in value.items()}
        case "list" if isinstance(value, list):
            return [converted(inner, _of(shape, "member")) for inner in value]
        case "map" if isinstance(value, dict):
            return {name: converted(inner, _of(shape, "value")) for name, inner in value.items()}
        case _:
            return _scalar(value, shape.type_name)


def _member(shape: Any, name: str, value: Any) -> Any:  # noqa: ANN401 - botocore has no stubs for members
    members = shape.members if shape else {}
    return converted(value, members[name]) if name in members else value


def _of(shape: Any, part: str) -> Shape:  # noqa: ANN401 - botocore has no stubs for list and map shapes
    inner: Shape = getattr(shape, part)
    return inner


def _scalar(value: Any, kind: str) -> Any:  # noqa: ANN401
    match value:
        case str():
            return _from_text(value, kind)
        case bool() if kind == "string":
            return str(value).lower()
        case int() if kind == "string":
            return str(value)
        case float() if kind in _WHOLE and value.is_integer():
            return int(value)
    return value


def _from_text(text: str, kind: str) -> str | float | bool:
    if kind in _WHOLE and _INTEGER.fullmatch(text):
        return int(text)
    if kind in _FRACTIONS and _NUMBER.fullmatch(text):
        return float(text)
    return _BOOLEANS.get(text.lower(), text) if kind == "boolean" else text
