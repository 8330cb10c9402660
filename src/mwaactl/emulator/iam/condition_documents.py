"""The `Condition` element of a policy document, read strictly.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from mwaactl.emulator.iam.condition_operators import NULL, OPERATORS
from mwaactl.emulator.iam.conditions import Condition, SetOperator
from mwaactl.emulator.iam.malformed import LEGACY, SYNTAX, MalformedPolicyError
from mwaactl.emulator.iam.templates import parse_template

if TYPE_CHECKING:
    from mwaactl.emulator.iam.condition_operators import Operator
    from mwaactl.emulator.iam.templates import Template

_IF_EXISTS = "IfExists"
_LAST_EPOCH = 2**63 - 1
_DATE = re.compile(
    r"-?\d+(?:-(?P<month>\d+)(?:-(?P<day>\d+))?)?"
    r"(?:t(?:(?P<hour>\d+)(?::(?P<minute>\d+)(?::(?P<second>\d+)(?:\.\d{1,9})?"
    r"(?:z|\+(?P<zone_hour>\d{2})(?::(?P<zone_minute>\d{2}))?)?)?)?)?)?"
)
_LEAST = (1, 1, 0, 0, 0, 0, 0)
_MOST = MappingProxyType(
    {"month": 12, "day": 31, "hour": 23, "minute": 59, "second": 59, "zone_hour": 23, "zone_minute": 59}
)


def read_conditions(found: Any, *, variables: bool) -> tuple[Condition, ...]:  # noqa: ANN401 - any JSON value
    """Return the conditions, all of which must hold.

    Args:
        found: The element's JSON value.
        variables: Whether `${…}` is a variable.

    Raises:
        MalformedPolicyError: An operator does not exist, or a value is none that it could compare.
    """
    if not isinstance(found, dict):
        raise MalformedPolicyError(SYNTAX)
    conditions: list[Condition] = []
    for name, keys in found.items():
        if not isinstance(keys, dict):
            raise MalformedPolicyError(SYNTAX)
        # An operator that IAM does not know is passed over as long as it compares nothing.
        conditions += [_condition(name, key, values, variables=variables) for key, values in keys.items()]
    return tuple(conditions)


def _condition(name: str, key: str, values: Any, *, variables: bool) -> Condition:  # noqa: ANN401 - any JSON value
    prefix, colon, rest = name.partition(":")
    set_operator = _set_operator(prefix) if colon else None
    bare = (rest if colon else name).removesuffix(_IF_EXISTS)
    operator = OPERATORS.get(bare)
    if_exists = name.endswith(_IF_EXISTS)
    if operator is None or (operator.name == NULL and if_exists):
        raise MalformedPolicyError(SYNTAX)
    read = tuple(_value(each, operator, variables=variables) for each in _listed(values))
    return Condition(operator, key.lower(), read, set_operator, if_exists)


def _set_operator(prefix: str) -> SetOperator:
    try:
        return SetOperator(prefix)
    except ValueError:
        raise MalformedPolicyError(SYNTAX) from None


def _value(found: Any, operator: Operator, *, variables: bool) -> Template:  # noqa: ANN401 - any JSON value
    match found:
        case bool():
            text = "true" if found else "false"
        case str() | int() | float():
            text = str(found)
        case _:
            raise MalformedPolicyError(SYNTAX)
    if operator.name.startswith("Date") and not _is_date(text):
        raise MalformedPolicyError(LEGACY)
    return parse_template(text, variables=variables and operator.variables, wildcards=operator.wildcards)


def _listed(values: Any) -> list[Any]:  # noqa: ANN401 - any JSON value
    return values if isinstance(values, list) else [values]


def _is_date(text: str) -> bool:
    """Tell whether IAM takes the text for a date; it takes more than it can compare."""
    if text.isdecimal():
        return int(text) <= _LAST_EPOCH
    found = _DATE.fullmatch(text.lower())
    if not found or ("t" not in text.lower() and "-" not in text):
        return False
    parts = {
        name: int(value or least)
        for (name, value), least in zip(found.groupdict().items(), _LEAST, strict=True)
    }
    return (
        all(parts[name] <= most for name, most in _MOST.items()) and parts["month"] > 0 and parts["day"] > 0
    )
