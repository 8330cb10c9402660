"""A property of the Open Data Contract Standard, read as a column: its type, its options, its `quality`.

https://bitol-io.github.io/open-data-contract-standard/latest/data-quality/
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from typed_assets.spec.contracts import Column, ColumnType, Severity
from typed_assets.spec.errors import SpecError, nearest
from typed_assets.spec.odcs import MAX_BYTES, MAX_LENGTH, MAXIMUM, MIN_LENGTH, MINIMUM, SEVERITY
from typed_assets.spec.odcs_words import (
    custom_of,
    list_of,
    metric_of,
    must_be_zero,
    own_severity,
    refuse,
    scalar,
    severity_of,
    told,
)

_TYPES = {
    "string": ColumnType.TEXT,
    "integer": ColumnType.INTEGER,
    "boolean": ColumnType.BOOLEAN,
    "date": ColumnType.DATE,
    "timestamp": ColumnType.TIMESTAMP,
}
_FLOATS = ("float", "double", "real")
_INTEGERS = ("int", "bigint", "smallint", "tinyint")
_NESTED = ("items", "properties")
_EXCLUSIVE = {"exclusiveMinimum": (MINIMUM, 1), "exclusiveMaximum": (MAXIMUM, -1)}
_OPTIONS = frozenset({MINIMUM, MAXIMUM, "pattern", MIN_LENGTH, MAX_LENGTH, *_EXCLUSIVE})
_FORMATS = frozenset({"format", "timezone", "defaultTimezone"})
"""Options that say how a value is written, and not which values may occur."""
_OPTION_HINTS = {"multipleOf": "write a rule of the object in SQL"}


@dataclass(frozen=True, slots=True)
class _Quality:
    """What the `quality` of a property says of its values."""

    required: bool = False
    unique: bool = False
    allowed: tuple[Any, ...] = ()
    pattern: str | None = None


def column_name(part: Mapping[str, Any]) -> str:
    """Return what a column is called where the data stands.

    Raises:
        SpecError: it has no name.
    """
    name = str(part.get("physicalName") or part.get("name") or "")
    if not name:
        message = "a property has no `name`"
        raise SpecError(message)
    return name


def read_column(part: Mapping[str, Any]) -> Column:
    """Return the column that a property says.

    Raises:
        SpecError: it says what a column cannot say.
    """
    name = column_name(part)
    for key in _NESTED:
        if part.get(key):
            refuse(f"`{key}` of `{name}`")
    kind = _type(part, name)
    options = _options(part, name, kind)
    custom = custom_of(part)
    rules = [rule for rule in list_of(part, "quality", name) if rule.get("type") != "text"]
    quality = _quality(rules, part, name)
    return Column(
        name=name,
        type=kind,
        nullable=not (part.get("required", False) or quality.required),
        unique=bool(part.get("unique", False)) or quality.unique,
        minimum=options.get(MINIMUM, custom.get(MINIMUM)),
        maximum=options.get(MAXIMUM, custom.get(MAXIMUM)),
        allowed=quality.allowed,
        pattern=_one(options.get("pattern"), quality.pattern, f"two patterns of `{name}`"),
        min_length=options.get(MIN_LENGTH) or None,
        max_length=options.get(MAX_LENGTH),
        max_bytes=custom.get(MAX_BYTES),
        description=str(part.get("description") or ""),
        severity=_severity(rules, custom, name),
    )


def _options(part: Mapping[str, Any], name: str, kind: ColumnType) -> dict[str, Any]:
    options = {key: scalar(value) for key, value in dict(part.get("logicalTypeOptions") or {}).items()}
    for key in options.keys() - _OPTIONS - _FORMATS:
        refuse(f"`logicalTypeOptions.{key}` of `{name}`", _OPTION_HINTS.get(key))
    for key, (bound, step) in _EXCLUSIVE.items():
        given = options.get(key)
        if given is not None and given is not False:
            value = options.get(bound) if given is True else given  # version 3.0 says it of `minimum`
            options[bound] = _next(kind, value, step, f"`logicalTypeOptions.{key}` of `{name}`", bound)
    return options


def _next(kind: ColumnType, value: Any, step: int, what: str, bound: str) -> Any:  # noqa: ANN401
    """The value beside one that is excluded, where there is a next one."""
    with suppress(ValueError, OverflowError):
        if value is not None and kind is ColumnType.INTEGER:
            return int(value) + step
        if value is not None and kind is ColumnType.DATE:
            return (date.fromisoformat(str(value)) + timedelta(days=step)).isoformat()
    return refuse(what, f"write `{bound}`, which is allowed itself")


def _type(part: Mapping[str, Any], name: str) -> ColumnType:
    logical, physical = str(part.get("logicalType")), str(part.get("physicalType") or "").lower()
    if logical == "number":
        if physical.startswith(_INTEGERS):
            return ColumnType.INTEGER
        return ColumnType.FLOAT if physical.startswith(_FLOATS) else ColumnType.DECIMAL
    if logical == "date" and physical.startswith(("timestamp", "datetime")):
        return ColumnType.TIMESTAMP  # as version 3.0 says it
    if logical not in _TYPES:
        refuse(f"`logicalType: {logical}` of `{name}`", nearest(logical, [*_TYPES, "number"]))
    return _TYPES[logical]


def _severity(rules: list[Any], custom: Mapping[str, Any], name: str) -> Severity:
    """The severity of a column: a rule that tells none has the column's."""
    told_ones = [severity_of(rule, name) for rule in rules if "severity" in rule]
    severity = own_severity(custom, SEVERITY, told_ones[0] if told_ones else Severity.BLOCK)
    if any(other is not severity for other in told_ones):
        refuse(f"severities of `{name}` that differ")
    return severity


def _quality(rules: list[Any], part: Mapping[str, Any], name: str) -> _Quality:
    """What rules say; `enum` is what version 3.2 says instead of a rule about valid values."""
    required = unique = False
    allowed: tuple[Any, ...] = tuple(scalar(each["value"]) for each in list_of(part, "enum", name))
    pattern: str | None = None
    for rule in rules:
        arguments = dict(rule.get("arguments") or {})
        match metric_of(rule), sorted(arguments):
            case "nullValues", []:
                required = True
            case "missingValues", ["missingValues"] if arguments["missingValues"] == [None]:
                required = True
            case "duplicateValues", []:
                unique = True
            case "invalidValues", ["pattern"]:
                pattern = _one(pattern, str(arguments["pattern"]), f"two patterns of `{name}`")
            case "invalidValues", ["validValues"] if not allowed:
                values = (scalar(value) for value in arguments["validValues"])
                allowed = tuple(value for value in values if value is not None)
            case _:
                refuse(f"{told(rule)} of `{name}`")
        must_be_zero(rule, name)
    return _Quality(required, unique, allowed, pattern)


def _one(first: str | None, other: str | None, what: str) -> str | None:
    if first is not None and other is not None and first != other:
        refuse(what)
    return other if first is None else first
