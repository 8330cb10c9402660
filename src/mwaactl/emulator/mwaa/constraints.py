"""What botocore's MWAA model states and botocore itself does not check: lengths, patterns, enums.

AWS's front end checks these before the service sees a request; the sentences follow its form.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from botocore.model import ListShape, MapShape, Shape, StructureShape

from mwaactl.emulator.mwaa.exceptions import ValidationError
from mwaactl.emulator.mwaa.service_model import service_model

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

type JsonValue = Any

# Python's `re` has no Unicode property classes; these cover the same letters and digits, and the separators.
_PROPERTIES = {
    r"\p{L}": r"\w",
    r"\p{Z}": " \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000",
    r"\p{N}": r"\d",
}


def check_constraints(operation: str, parameters: Mapping[str, Any]) -> None:
    """Refuse parameters that break the model.

    Args:
        operation: The API operation, such as `CreateEnvironment`.
        parameters: Its input members by their API names.

    Raises:
        ValidationError: Names every member that breaks a constraint.
    """
    shape = service_model().operation_model(operation).input_shape
    problems = list(violations(shape, parameters)) if shape else []
    if problems:
        noun = "error" if len(problems) == 1 else "errors"
        msg = f"{len(problems)} validation {noun} detected: {'; '.join(problems)}"
        raise ValidationError(msg)


def violations(shape: Shape, value: JsonValue) -> Iterator[str]:
    """Yield every constraint of the model that a value breaks, in AWS's words.

    Args:
        shape: What the value is to be.
        value: A value of the shape's type.
    """
    return _violations(shape, value, "")


def _violations(shape: Shape, value: JsonValue, path: str) -> Iterator[str]:
    match shape:
        case StructureShape() if not getattr(shape, "is_document_type", False):
            yield from _structure_violations(shape, value, path)
        case ListShape():
            yield from _size_violations(shape, value, path, "length")
            for index, item in enumerate(value, 1):
                yield from _violations(shape.member, item, f"{path}.{index}.member")
        case MapShape():
            yield from _size_violations(shape, value, path, "length")
            for key, item in value.items():
                yield from _violations(shape.key, key, f"{path}.key")
                yield from _violations(shape.value, item, f"{path}.{key}.value")
        case _:
            yield from _scalar_violations(shape, value, path)


def _structure_violations(shape: StructureShape, value: Mapping[str, Any], path: str) -> Iterator[str]:
    for name, member in shape.members.items():
        where = f"{path}.{_api_case(name)}" if path else _api_case(name)
        if value.get(name) is not None:
            yield from _violations(member, value[name], where)
        elif name in shape.required_members:
            yield f"Value null at '{where}' failed to satisfy constraint: Member must not be null"


def _scalar_violations(shape: Shape, value: JsonValue, path: str) -> Iterator[str]:
    if shape.type_name in {"integer", "long", "float", "double"}:
        yield from _size_violations(shape, value, path, "value")
    if shape.type_name != "string":
        return
    yield from _size_violations(shape, value, path, "length")
    allowed = shape.metadata.get("enum")
    if allowed and value not in allowed:
        yield _failed(shape, value, path, f"Member must satisfy enum value set: [{', '.join(allowed)}]")
    pattern = shape.metadata.get("pattern")
    # A text that is too long already could keep a pattern of nested repetitions busy for hours.
    too_long = len(value) > shape.metadata.get("max", len(value))
    if pattern and not too_long and not _matches(pattern, value):
        yield _failed(shape, value, path, f"Member must satisfy regular expression pattern: {pattern}")


def _size_violations(shape: Shape, value: JsonValue, path: str, noun: str) -> Iterator[str]:
    size = len(value) if noun == "length" else value
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if least is not None and size < least:
        yield _failed(shape, value, path, f"Member must have {noun} greater than or equal to {least}")
    if most is not None and size > most:
        yield _failed(shape, value, path, f"Member must have {noun} less than or equal to {most}")


def _failed(shape: Shape, value: JsonValue, path: str, constraint: str) -> str:
    shown = "" if shape.metadata.get("sensitive") else f" '{value}'"
    return f"Value{shown} at '{path}' failed to satisfy constraint: {constraint}"


def _matches(pattern: str, value: str) -> bool:
    """Match as Java does: digits and words are ASCII, only the Unicode properties are not."""
    flags = re.NOFLAG if "\\p{" in pattern else re.ASCII
    for theirs, ours in _PROPERTIES.items():
        pattern = pattern.replace(theirs, ours)
    return re.fullmatch(pattern, value, flags) is not None


def _api_case(name: str) -> str:
    return name[:1].lower() + name[1:]
