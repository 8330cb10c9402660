"""The operators of conditions: how one value of a policy compares with one of a request.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from __future__ import annotations

import base64
import binascii
import operator as comparison
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from ipaddress import ip_address, ip_network
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from mwaactl.emulator.iam.arn_matching import arn_matches
from mwaactl.emulator.iam.templates import matches, plain

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mwaactl.emulator.iam.templates import Filled

type Test = Callable[[Filled, str], bool]
"""Takes a policy's value and a request's."""

type Parse = Callable[[str], Any]
"""Makes a value comparable; returns None for what is none of its kind."""

NULL = "Null"


@dataclass(frozen=True, slots=True)
class Operator:
    """One operator, without set operator and `IfExists`.

    Attributes:
        name: Its name.
        test: Whether a policy's value fits a request's, before any negation.
        negated: Whether it holds when no value fits.
        variables: Whether `${…}` in its values is a variable.
        wildcards: Whether `*` and `?` in its values stand for other characters.
    """

    name: str
    test: Test
    negated: bool = False
    variables: bool = False
    wildcards: bool = False


def _equal(policy: Filled, request: str) -> bool:
    return plain(policy) == request


def _equal_without_case(policy: Filled, request: str) -> bool:
    return plain(policy).lower() == request.lower()


def _same_bytes(policy: Filled, request: str) -> bool:
    wanted, found = _bytes(plain(policy)), _bytes(request)
    return wanted is not None and wanted == found


def _same_boolean(policy: Filled, request: str) -> bool:
    value = plain(policy).lower()
    return value in {"true", "false"} and value == request.lower()


def _in_range(policy: Filled, request: str) -> bool:
    try:
        return ip_address(request) in ip_network(plain(policy), strict=False)
    except ValueError:
        return False


def _compared(parse: Parse, compare: Callable[[Any, Any], bool]) -> Test:
    """Return a test of the request's value against the policy's; what cannot be read fits nothing."""

    def test(policy: Filled, request: str) -> bool:
        wanted, found = parse(plain(policy)), parse(request)
        return wanted is not None and found is not None and compare(found, wanted)

    return test


def _bytes(text: str) -> bytes | None:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        return None


def parse_number(text: str) -> Decimal | None:
    """Return the number, or None if it is none."""
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


_YEAR = re.compile(r"\d{4}")
_MONTH = re.compile(r"\d{4}-\d{2}")
_EPOCH = re.compile(r"\d+(\.\d+)?")


def parse_date(text: str) -> datetime | None:
    """Return the moment that W3C's profile of ISO 8601 or seconds since 1970 name, or None."""
    try:
        if _YEAR.fullmatch(text):
            return datetime(int(text), 1, 1, tzinfo=UTC)
        if _EPOCH.fullmatch(text):
            return datetime.fromtimestamp(float(text), tz=UTC)
        moment = datetime.fromisoformat(f"{text}-01" if _MONTH.fullmatch(text) else text)
    except (ValueError, OverflowError, OSError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _ordered(prefix: str, parse: Parse) -> tuple[Operator, ...]:
    """Return the six operators of values that have an order."""
    same = _compared(parse, comparison.eq)
    return (
        Operator(f"{prefix}Equals", same),
        Operator(f"{prefix}NotEquals", same, negated=True),
        Operator(f"{prefix}LessThan", _compared(parse, comparison.lt)),
        Operator(f"{prefix}LessThanEquals", _compared(parse, comparison.le)),
        Operator(f"{prefix}GreaterThan", _compared(parse, comparison.gt)),
        Operator(f"{prefix}GreaterThanEquals", _compared(parse, comparison.ge)),
    )


def _pairs() -> tuple[Operator, ...]:
    """Return the operators that come with their negation and take variables."""
    found = []
    for positive, negative, test, wildcards in (
        ("StringEquals", "StringNotEquals", _equal, False),
        ("StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", _equal_without_case, False),
        ("StringLike", "StringNotLike", matches, True),
        ("ArnEquals", "ArnNotEquals", arn_matches, True),
        ("ArnLike", "ArnNotLike", arn_matches, True),
    ):
        found += [
            Operator(positive, test, variables=True, wildcards=wildcards),
            Operator(negative, test, negated=True, variables=True, wildcards=wildcards),
        ]
    return tuple(found)


_ALL = (
    *_pairs(),
    *_ordered("Numeric", parse_number),
    *_ordered("Date", parse_date),
    Operator("Bool", _same_boolean, variables=True),
    Operator("BinaryEquals", _same_bytes),
    Operator("IpAddress", _in_range),
    Operator("NotIpAddress", _in_range, negated=True),
    # Tells whether the key is absent; it never compares.
    Operator(NULL, _same_boolean),
)

OPERATORS: Mapping[str, Operator] = MappingProxyType({each.name: each for each in _ALL})
"""Operators by name."""
