"""The Rules section: assertions about parameters, judged before anything is created."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mwaactl.emulator.cloudformation.evaluation import Scope, evaluate
from mwaactl.emulator.cloudformation.faults import ValidationError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mwaactl.emulator.cloudformation.template import Template


def refuse_broken_rules(template: Template, names: Mapping[str, Any]) -> None:
    """Check the template's rules.

    Args:
        template: The template.
        names: Parameters and pseudo parameters by name.

    Raises:
        ValidationError: With the descriptions of the assertions that do not hold.
    """
    scope = Scope(template, names, _no_resource, _no_attribute, _no_import, _no_zones)
    broken = [
        str(assertion.get("AssertDescription", name))
        for name, rule in template.section("Rules").items()
        if "RuleCondition" not in rule or evaluate(rule["RuleCondition"], scope)
        for assertion in rule["Assertions"]
        if not evaluate(assertion["Assert"], scope)
    ]
    if broken:
        message = f"Template error: {'; '.join(broken)}"
        raise ValidationError(message)


def _refuse(what: str) -> ValidationError:
    return ValidationError(f"Template error: a rule can't refer to {what}")


def _no_resource(name: str) -> Any:  # noqa: ANN401
    raise _refuse(name)


def _no_attribute(name: str, _: str) -> Any:  # noqa: ANN401
    raise _refuse(name)


def _no_import(name: str) -> str:
    raise _refuse(name)


def _no_zones(name: str) -> list[str]:
    raise _refuse(name)
