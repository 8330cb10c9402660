"""The rules for cfn-lint: `cfn-lint --append-rules mwaactl.template_rules.cfn_lint -t TEMPLATE`.

cfn-lint keeps the numbers from 9000 on for rules that are not its own, and reads the level from the first
letter: MW005 is E9505 there. It sees one template at a time, and what others hold is not looked at.
"""

from collections.abc import Iterator
from typing import Any

from cfnlint.rules import CloudFormationLintRule, RuleMatch
from cfnlint.template import Template as LintedTemplate

from mwaactl.template_rules.rule import TemplateRule
from mwaactl.template_rules.run import ALL_RULES, breaches
from mwaactl.template_rules.templates import ENVIRONMENT, Template

_FIRST_NUMBER = 9500
_LETTERS = {"error": "E", "warning": "W"}


def lint_id(rule: TemplateRule) -> str:
    """Returns the id of a rule in cfn-lint, for example `E9505` for `MW005`."""
    return f"{_LETTERS[rule.level]}{_FIRST_NUMBER + int(rule.id.removeprefix('MW'))}"


def _matches(rule: TemplateRule, linted: LintedTemplate, current_version: str) -> Iterator[RuleMatch]:
    region = linted.regions[0] if len(linted.regions) == 1 else None
    template = Template(str(linted.filename), linted.template, region)
    names = [each.properties.get("Name") for each in template.resources(ENVIRONMENT)]
    current = {name: current_version for name in names if isinstance(name, str) and current_version}
    for each in breaches([template], current, (rule,)):
        path = ["Resources", each.resource.logical_id, "Properties", *each.path]
        yield RuleMatch(path, f"{each.message} ({rule.id}: {rule.hint})")


def _lint_rule(rule: TemplateRule) -> type[CloudFormationLintRule]:
    def initialise(self: Any) -> None:  # noqa: ANN401 - the class is made below
        CloudFormationLintRule.__init__(self)
        self.config_definition = {"current_version": {"default": "", "type": "string"}}
        self.configure()

    def match(self: Any, cfn: LintedTemplate) -> list[RuleMatch]:  # noqa: ANN401
        return list(_matches(rule, cfn, self.config.get("current_version", "")))

    content = {
        "__module__": __name__,
        "__init__": initialise,
        "match": match,
        "id": lint_id(rule),
        "shortdesc": rule.sentence,
        "description": f"{rule.sentence}: {rule.hint}",
        "source_url": rule.page,
        "tags": ["mwaa", rule.id],
    }
    return type(f"Mwaa{lint_id(rule)}", (CloudFormationLintRule,), content)


# cfn-lint takes every class of the module that is a rule.
globals().update({f"Mwaa{lint_id(rule)}": _lint_rule(rule) for rule in ALL_RULES})
