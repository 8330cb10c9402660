"""The project's own rules about MWAA in synthesis, beside the packs of cdk-nag.

    Validations.of(app).add_plugins(MwaaChecks())

A finding is accepted with `acknowledge(construct, {"MWAA::MW013": "why"})`.
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

import jsii
from aws_cdk import (
    IPolicyValidationContext,
    IPolicyValidationPlugin,
    PolicyValidationPluginReport,
    PolicyViolatingResource,
    PolicyViolation,
)

from mwaactl.template_rules.rule import Breach
from mwaactl.template_rules.run import ALL_RULES, breaches
from mwaactl.template_rules.templates import Template


@jsii.implements(IPolicyValidationPlugin)
class MwaaChecks:
    """Holds the templates of an app to the rules MW001 and following.

    Args:
        current_versions: The Airflow version that an environment runs now, by its name, where it is known: an
            upgrade has to go a way that MWAA offers.
    """

    def __init__(self, current_versions: Mapping[str, str] | None = None) -> None:
        self._current_versions = dict(current_versions or {})

    @property
    def name(self) -> str:
        """The prefix of the findings' ids."""
        return "MWAA"

    @property
    def version(self) -> str:
        """The version of the pack."""
        return "1.0.0"

    @property
    def rule_ids(self) -> list[str]:
        """The ids of all rules."""
        return [rule.id for rule in ALL_RULES]

    def validate(self, context: IPolicyValidationContext) -> PolicyValidationPluginReport:
        """Return what is wrong in the templates, all stacks seen together."""
        found = breaches(
            [
                Template(each.template_path, json.loads(Path(each.template_path).read_text()), each.region)
                for each in context.stack_templates
            ],
            self._current_versions,
        )
        return PolicyValidationPluginReport(success=not found, violations=_violations(found))


def _violations(found: Iterable[Breach]) -> list[PolicyViolation]:
    return [
        PolicyViolation(
            rule_name=each.rule.id,
            description=each.message,
            fix=f"{each.rule.hint} ({each.rule.page})",
            severity=each.rule.level,
            violating_resources=[
                PolicyViolatingResource(
                    resource_logical_id=each.resource.logical_id,
                    template_path=each.resource.template.name,
                    locations=["/".join(("Properties", *(str(part) for part in each.path)))],
                )
            ],
        )
        for each in found
    ]
