"""Values and botocore's shapes: to JSON, and judged by lengths, patterns and enumerations."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Iterator

    from botocore.model import ListShape, Shape, StructureShape


def to_json(value: Any, shape: Shape) -> Any:  # noqa: ANN401
    """Return the JSON form of a value of `shape`; members that are absent or None are left out."""
    match shape.type_name:
        case "structure":
            members = cast("StructureShape", shape).members
            unknown = set(value) - set(members)
            if unknown:
                message = f"{shape.name} has no members {sorted(unknown)}"
                raise KeyError(message)
            return {key: to_json(item, members[key]) for key, item in value.items() if item is not None}
        case "list":
            return [to_json(item, cast("ListShape", shape).member) for item in value]
        case "timestamp":
            return _timestamp(value, shape)
        case _:
            return value


def _timestamp(value: datetime, shape: Shape) -> str | float:
    if shape.serialization.get("timestampFormat") == "iso8601":
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return round(value.timestamp(), 3)


def validate_constraints(value: Any, shape: Shape, path: str = "") -> list[str]:  # noqa: ANN401
    """Return one sentence, in AWS's words, per value that breaks its shape's limits."""
    if shape.type_name == "structure":
        members = cast("StructureShape", shape).members
        return [
            problem
            for key, item in value.items()
            if key in members
            for problem in validate_constraints(item, members[key], f"{path}.{key}".lstrip("."))
        ]
    problems = [_sentence(value, path, rule) for rule in _broken(value, shape)]
    if shape.type_name == "list":
        member = cast("ListShape", shape).member
        for index, item in enumerate(value, 1):
            problems += validate_constraints(item, member, f"{path}.{index}.member")
    return problems


def _sentence(value: Any, path: str, rule: str) -> str:  # noqa: ANN401
    return f"Value '{value}' at '{path}' failed to satisfy constraint: Member must {rule}"


def _broken(value: Any, shape: Shape) -> Iterator[str]:  # noqa: ANN401
    limits = shape.metadata
    if isinstance(value, str):
        pattern, allowed = limits.get("pattern"), limits.get("enum")
        if pattern and not re.search(f"^(?:{pattern})$", value):
            yield f"satisfy regular expression pattern: {pattern}"
        if allowed and value not in allowed:
            yield f"satisfy enum value set: [{', '.join(allowed)}]"
    size, what = _size(value)
    if "min" in limits and size < limits["min"]:
        yield f"have {what} greater than or equal to {limits['min']}"
    if "max" in limits and size > limits["max"]:
        yield f"have {what} less than or equal to {limits['max']}"


def _size(value: Any) -> tuple[float, str]:  # noqa: ANN401
    if isinstance(value, bool):
        return 0, "value"
    return (value, "value") if isinstance(value, int | float) else (len(value), "length")
