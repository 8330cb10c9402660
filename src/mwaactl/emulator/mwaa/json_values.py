"""JSON values checked against the types of botocore's model, so that nobody behind meets a surprise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from botocore.model import ListShape, MapShape, Shape, StructureShape
from botocore.utils import parse_timestamp

from mwaactl.emulator.mwaa.exceptions import ValidationError

if TYPE_CHECKING:
    from collections.abc import Mapping

type JsonValue = Any

INTEGERS = range(-(2**31), 2**31)
NOUNS = {bool: "a boolean", int: "an integer", float: "a number", str: "a string", list: "a list"}


def value_of_shape(shape: Shape, value: JsonValue, path: str) -> JsonValue:
    """Return the value as the shape's type; null stays None.

    Args:
        shape: What the model wants there.
        value: What the request has there.
        path: Where that is, for the refusal.

    Raises:
        ValidationError: It is of another type.
    """
    if value is None:
        return None
    match shape:
        case StructureShape() if getattr(shape, "is_document_type", False):
            return _document(value, path)
        case StructureShape():
            return _structure(shape, value, path)
        case MapShape():
            entries = _checked(value, dict, path)
            return {_text(key, path): _entry(shape.value, item, path) for key, item in entries.items()}
        case ListShape():
            return [_entry(shape.member, item, path) for item in _checked(value, list, path)]
        case _:
            return _scalar(shape.type_name, value, path)


def _structure(shape: StructureShape, value: JsonValue, path: str) -> Mapping[str, JsonValue]:
    given = _checked(value, dict, path)
    members = {
        name: value_of_shape(member, given.get(name), f"{path}.{name}")
        for name, member in shape.members.items()
    }
    return {name: member for name, member in members.items() if member is not None}


def _entry(shape: Shape, value: JsonValue, path: str) -> JsonValue:
    """Lists and maps of AWS's protocols hold no null."""
    if value is None:
        msg = f"{path} must not contain null"
        raise ValidationError(msg)
    return value_of_shape(shape, value, path)


def _scalar(type_name: str, value: JsonValue, path: str) -> JsonValue:
    match type_name:
        case "boolean":
            return _checked(value, bool, path)
        case "integer":
            return _integer(value, path)
        case "double":
            return _number(value, path)
        case "timestamp":
            return _timestamp(value, path)
        case _:
            return _text(value, path)


def _checked(value: JsonValue, wanted: type, path: str) -> JsonValue:
    if not isinstance(value, wanted):
        raise _mistyped(value, NOUNS.get(wanted, "an object"), path)
    return value


def _integer(value: JsonValue, path: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value not in INTEGERS:
        raise _mistyped(value, "an integer of 32 bits", path)
    return value


def _number(value: JsonValue, path: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _mistyped(value, "a number", path)
    return value


def _timestamp(value: JsonValue, path: str) -> JsonValue:
    """The protocol has seconds since 1970; AWS's own tools also send ISO 8601."""
    wrong = _mistyped(value, "a timestamp", path)
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise wrong
    try:
        read: Any = parse_timestamp
        return read(value)
    except (ValueError, OverflowError, OSError, RuntimeError) as error:
        raise wrong from error


def _text(value: JsonValue, path: str) -> str:
    text: str = _checked(value, str, path)
    try:
        text.encode()
    except UnicodeEncodeError as error:
        msg = f"{path} is not valid Unicode"
        raise ValidationError(msg) from error
    return text


def _document(value: JsonValue, path: str) -> JsonValue:
    """Any JSON is a document; what is checked is that its texts can be written."""
    match value:
        case dict():
            return {_text(key, path): _document(item, path) for key, item in value.items()}
        case list():
            return [_document(item, path) for item in value]
        case str():
            return _text(value, path)
        case _:
            return value


def _mistyped(value: JsonValue, wanted: str, path: str) -> ValidationError:
    return ValidationError(f"{path} must be {wanted}, not {NOUNS.get(type(value), 'an object')}")
