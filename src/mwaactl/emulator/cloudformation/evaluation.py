"""Resolves intrinsic functions: a piece of a template and a scope become plain values."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mwaactl.emulator.cloudformation.faults import ValidationError
from mwaactl.emulator.cloudformation.references import SUB_VARIABLE

if TYPE_CHECKING:
    from mwaactl.emulator.cloudformation.template import Template

NO_VALUE = object()


@dataclass(frozen=True, slots=True)
class Scope:
    """Where names get their values.

    Attributes:
        template: Gives mappings and conditions.
        names: Parameters and pseudo parameters by name.
        reference: Gives a resource's physical id by logical id.
        attribute: Gives a resource's attribute by logical id and attribute name.
        imported: Gives an export's value by its name.
        zones: Gives a region's availability zones.
    """

    template: Template
    names: Mapping[str, Any]
    reference: Callable[[str], Any]
    attribute: Callable[[str, str], Any]
    imported: Callable[[str], str]
    zones: Callable[[str], list[str]]


def holds(name: str, scope: Scope) -> bool:
    """Tell whether a condition of the template is true.

    Raises:
        ValidationError: If there is no such condition.
    """
    conditions = scope.template.section("Conditions")
    if name not in conditions:
        message = f"Template error: unresolved condition dependency {name}"
        raise ValidationError(message)
    return bool(evaluate(conditions[name], scope))


def evaluate(value: Any, scope: Scope) -> Any:  # noqa: ANN401 - any piece of JSON
    """Return the value with every intrinsic function resolved and AWS::NoValue left out.

    Raises:
        ValidationError: If a function is unknown, misused or refers to nothing.
    """
    if isinstance(value, list):
        items = (evaluate(item, scope) for item in value)
        return [item for item in items if item is not NO_VALUE]
    if not isinstance(value, Mapping):
        return value
    if len(value) == 1:
        name, argument = next(iter(value.items()))
        if name in FUNCTIONS:
            return FUNCTIONS[name](argument, scope)
        if name.startswith("Fn::"):
            message = f"Template error: the emulator does not model the intrinsic function {name}"
            raise ValidationError(message)
    pairs = ((key, evaluate(inner, scope)) for key, inner in value.items())
    return {key: inner for key, inner in pairs if inner is not NO_VALUE}


def _ref(argument: Any, scope: Scope) -> Any:  # noqa: ANN401
    if argument == "AWS::NoValue":
        return NO_VALUE
    return scope.names[argument] if argument in scope.names else scope.reference(argument)


def _get_att(argument: Any, scope: Scope) -> Any:  # noqa: ANN401
    parts = argument.split(".", 1) if isinstance(argument, str) else argument
    return scope.attribute(parts[0], str(evaluate(parts[1], scope)))


def _if(argument: Any, scope: Scope) -> Any:  # noqa: ANN401
    condition, then, otherwise = argument
    return evaluate(then if holds(condition, scope) else otherwise, scope)


def _join(argument: Any, scope: Scope) -> str:  # noqa: ANN401
    separator, parts = argument
    return str(separator).join(_text(part) for part in evaluate(parts, scope))


def _split(argument: Any, scope: Scope) -> list[str]:  # noqa: ANN401
    separator, text = argument
    return str(evaluate(text, scope)).split(separator)


def _select(argument: Any, scope: Scope) -> Any:  # noqa: ANN401
    index, items = evaluate(argument[0], scope), evaluate(argument[1], scope)
    try:
        return items[int(index)]
    except (IndexError, ValueError) as error:
        message = f"Template error: Fn::Select cannot select nonexistent value at index {index}"
        raise ValidationError(message) from error


def _sub(argument: Any, scope: Scope) -> str:  # noqa: ANN401
    text, variables = (argument, {}) if isinstance(argument, str) else argument
    values = {name: _text(evaluate(value, scope)) for name, value in variables.items()}

    def replace(name: str) -> str:
        if name in values:
            return values[name]
        return _text(_get_att(name, scope) if "." in name else _ref(name, scope))

    resolved = SUB_VARIABLE.sub(lambda match: replace(match.group(1).strip()), text)
    return resolved.replace("${!", "${")


def _find_in_map(argument: Any, scope: Scope) -> Any:  # noqa: ANN401
    name, first, second = (evaluate(part, scope) for part in argument[:3])
    try:
        return scope.template.section("Mappings")[name][first][second]
    except KeyError as error:
        message = f"Template error: Unable to get mapping for {name}::{first}::{second}"
        raise ValidationError(message) from error


def _get_azs(argument: Any, scope: Scope) -> list[str]:  # noqa: ANN401
    return scope.zones(str(evaluate(argument, scope) or scope.names["AWS::Region"]))


def _equals(argument: Any, scope: Scope) -> bool:  # noqa: ANN401
    left, right = (evaluate(part, scope) for part in argument)
    return _text(left) == _text(right)


def _contains(argument: Any, scope: Scope) -> bool:  # noqa: ANN401
    items, wanted = (evaluate(part, scope) for part in argument)
    return _text(wanted) in [_text(item) for item in items]


def _condition(argument: Any, scope: Scope) -> Any:  # noqa: ANN401
    # A policy statement has a member named Condition as well; only a name is CloudFormation's.
    return holds(argument, scope) if isinstance(argument, str) else {"Condition": evaluate(argument, scope)}


def _text(value: Any) -> str:  # noqa: ANN401
    if isinstance(value, bool):
        return str(value).lower()
    return str(value)


FUNCTIONS: Mapping[str, Callable[[Any, Scope], Any]] = {
    "Ref": _ref,
    "Condition": _condition,
    "Fn::GetAtt": _get_att,
    "Fn::If": _if,
    "Fn::Join": _join,
    "Fn::Split": _split,
    "Fn::Select": _select,
    "Fn::Sub": _sub,
    "Fn::FindInMap": _find_in_map,
    "Fn::GetAZs": _get_azs,
    "Fn::ImportValue": lambda argument, scope: scope.imported(str(evaluate(argument, scope))),
    "Fn::Base64": lambda argument, scope: base64.b64encode(str(evaluate(argument, scope)).encode()).decode(),
    "Fn::ToJsonString": lambda argument, scope: json.dumps(evaluate(argument, scope)),
    "Fn::Equals": _equals,
    "Fn::Contains": _contains,
    "Fn::Not": lambda argument, scope: not evaluate(argument[0], scope),
    "Fn::And": lambda argument, scope: all(evaluate(part, scope) for part in argument),
    "Fn::Or": lambda argument, scope: any(evaluate(part, scope) for part in argument),
}
