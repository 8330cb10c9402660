"""What is read alike everywhere in a document of the Open Data Contract Standard, or refused by name."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NoReturn

from typed_assets.spec.contracts import Severity
from typed_assets.spec.errors import SpecError, nearest

OPERATORS = ("mustBe", "mustNotBe", "mustBeGreaterThan", "mustBeGreaterOrEqualTo", "mustBeLessThan",
             "mustBeLessOrEqualTo", "mustBeBetween", "mustNotBeBetween")  # fmt: skip
_SEVERITIES = {"error": Severity.BLOCK, "warning": Severity.WARN, "info": Severity.WARN}


def refuse(what: str, hint: str | None = None) -> NoReturn:
    """Say that a contract cannot say something.

    Raises:
        SpecError: always.
    """
    message = f"a contract cannot say {what}"
    raise SpecError(message, hint=hint)


def metric_of(rule: Mapping[str, Any]) -> str:
    """Return the metric of a rule of `quality`, also as version 3.0 calls it."""
    return str(rule.get("metric") or rule.get("rule") or "")


def told(rule: Mapping[str, Any]) -> str:
    """Return a rule as messages call it."""
    return f"`quality` `{metric_of(rule) or rule.get('type')}`"


def must_be_zero(rule: Mapping[str, Any], name: str) -> None:
    """Refuse a rule that lets something bad through."""
    used = {operator: rule[operator] for operator in OPERATORS if operator in rule}
    if used != {"mustBe": 0}:
        refuse(f"{told(rule)} of `{name}` with another bound than `mustBe: 0`")


def severity_of(rule: Mapping[str, Any], name: str) -> Severity:
    """Return what a finding of a rule does."""
    word = str(rule.get("severity", "error"))
    if word not in _SEVERITIES:
        refuse(f"`severity: {word}` of `{name}`", nearest(word, _SEVERITIES))
    return _SEVERITIES[word]


def own_severity(custom: Mapping[str, Any], key: str, default: Severity) -> Severity:
    """Return a severity that stands in `customProperties`."""
    word = custom.get(key, default.value)
    if word not in set(Severity):
        refuse(f"`{key}: {word}`", nearest(str(word), Severity))
    return Severity(word)


def custom_of(part: Mapping[str, Any]) -> dict[str, Any]:
    """Return `customProperties` as a mapping."""
    return {str(item["property"]): item.get("value") for item in part.get("customProperties") or ()}


def list_of(part: Mapping[str, Any], key: str, where: str) -> list[Any]:
    """Return a list of mappings, empty where there is none."""
    value = part.get(key) or []
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        message = f"`{key}` of {where} is not a list of mappings"
        raise SpecError(message)
    return value


def mapping_of(value: object, what: str) -> Mapping[str, Any]:
    """Return a mapping."""
    if isinstance(value, dict):
        return value
    message = f"{what} is not a mapping"
    raise SpecError(message)


def scalar(value: Any) -> Any:  # noqa: ANN401
    """A date that YAML has made of a bare word is text in contracts."""
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    return value.isoformat() if isinstance(value, date) else value
