"""Template parameters: what was passed, kept or defaulted, checked and typed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mwaactl.emulator.cloudformation.faults import ValidationError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mwaactl.emulator.cloudformation.template import Template

_SSM_VALUE = re.compile(r"^AWS::SSM::Parameter::Value<(.+)>$")


@dataclass(frozen=True, slots=True)
class ParameterValue:
    """One parameter of a stack.

    Attributes:
        submitted: The text that was passed or defaulted; for an SSM parameter type, the SSM parameter's name.
        value: What Ref gives: text, or a list for list types.
        resolved: The SSM parameter's text for SSM parameter types, else None.
        secret: Whether the template hides it (NoEcho).
    """

    submitted: str
    value: str | list[str]
    resolved: str | None = None
    secret: bool = False


def choose_submitted(
    requested: list[Mapping[str, Any]], previous: Mapping[str, ParameterValue]
) -> dict[str, str]:
    """Return the parameter texts of a request, with UsePreviousValue looked up.

    Raises:
        ValidationError: If a previous value is asked for that there is not.
    """
    chosen: dict[str, str] = {}
    for entry in requested:
        key = str(entry["ParameterKey"])
        if entry.get("UsePreviousValue"):
            if key not in previous:
                message = f"Invalid input for parameter key {key}. Cannot specify usePreviousValue as true for a parameter key not in the previous template"  # noqa: E501
                raise ValidationError(message)
            chosen[key] = previous[key].submitted
        elif entry.get("ParameterValue") is not None:
            chosen[key] = str(entry["ParameterValue"])
    return chosen


def resolve_parameters(
    template: Template, submitted: Mapping[str, str], read_ssm: Callable[[str], str]
) -> dict[str, ParameterValue]:
    """Return the parameters that the template declares, by name.

    Args:
        template: The template.
        submitted: The texts that the request passes.
        read_ssm: Gives the text of an SSM parameter by its name.

    Raises:
        ValidationError: If one is missing, undeclared, or not allowed.
    """
    declared = template.section("Parameters")
    if unknown := sorted(set(submitted) - set(declared)):
        message = f"Parameters: [{', '.join(unknown)}] do not exist in the template"
        raise ValidationError(message)
    texts = {
        name: submitted.get(name, _default(declaration))
        for name, declaration in declared.items()
        if name in submitted or "Default" in declaration
    }
    if missing := [name for name in declared if name not in texts]:
        message = f"Parameters: [{', '.join(missing)}] must have values"
        raise ValidationError(message)
    return {name: _typed(name, declared[name], texts[name], read_ssm) for name in declared}


def _default(declaration: Mapping[str, Any]) -> str:
    return str(declaration.get("Default", ""))


def _typed(
    name: str, declaration: Mapping[str, Any], text: str, read_ssm: Callable[[str], str]
) -> ParameterValue:
    kind = str(declaration.get("Type", "String"))
    _check(name, declaration, text)
    secret = str(declaration.get("NoEcho", "false")).lower() == "true"
    ssm = _SSM_VALUE.match(kind)
    if ssm:
        resolved = read_ssm(text)
        return ParameterValue(text, _value(ssm.group(1), resolved), resolved, secret)
    return ParameterValue(text, _value(kind, text), None, secret)


def _value(kind: str, text: str) -> str | list[str]:
    is_list = kind.startswith("List<") or kind == "CommaDelimitedList"
    return [part.strip() for part in text.split(",")] if is_list else text


def _check(name: str, declaration: Mapping[str, Any], text: str) -> None:
    allowed = [str(value) for value in declaration.get("AllowedValues", [])]
    if allowed and text not in allowed:
        message = f"Parameter '{name}' must be one of AllowedValues"
        raise ValidationError(message)
    pattern = declaration.get("AllowedPattern")
    if pattern and not re.fullmatch(str(pattern), text):
        wanted = declaration.get("ConstraintDescription", pattern)
        message = f"Parameter {name} failed to satisfy constraint: {wanted}"
        raise ValidationError(message)
    longest, shortest = declaration.get("MaxLength"), declaration.get("MinLength")
    if (longest is not None and len(text) > int(longest)) or (
        shortest is not None and len(text) < int(shortest)
    ):
        bounds = f"{shortest or 0} and {longest or 'any number of'}"
        message = f"Parameter '{name}' must contain between {bounds} characters"
        raise ValidationError(message)
