"""The reference page of the rules: `python -m mwaactl.template_rules.page`."""

import sys

from mwaactl.template_rules.rule import TemplateRule
from mwaactl.template_rules.run import ALL_RULES

_HEAD = """# Rules about MWAA in templates

What `mwaactl check` holds AWS::MWAA::Environment to, with what it refers to: subnets, security groups, role,
bucket, key and log groups, in all templates that are deployed together. Nothing is said about a value that
CloudFormation computes.

The same rules are there for other projects:

- cfn-lint, where mwaactl is installed: `cfn-lint --append-rules mwaactl.template_rules.cfn_lint -t TEMPLATE`.
  It sees one template at a time, so that references into other templates are not followed. A finding is
  accepted as those of its own rules are: `--ignore-checks E9505`, or `Metadata`.
- a CDK app: `Validations.of(app).add_plugins(MwaaChecks())` from `infra/mwaa_checks.py`. A finding is
  accepted with `Validations.of(construct).acknowledge(Acknowledgment(id="MWAA::MW005", reason="why"))`.

MW003 asks for the version that runs now: `--configure-rule E9503:current_version=2.10.3` for cfn-lint,
`MwaaChecks({"NAME": "2.10.3"})` for the CDK.

An error is what MWAA refuses, what never works, or what endangers; a warning is what somebody may want so.

| rule | cfn-lint | level | what has to be so | remedy | page |
|---|---|---|---|---|---|
"""
_FIRST_NUMBER = 9500


def page() -> str:
    """Return the page as Markdown."""
    return f"{_HEAD}{'\n'.join(_row(rule) for rule in ALL_RULES)}\n"


def _row(rule: TemplateRule) -> str:
    lint_id = f"{rule.level[0].upper()}{_FIRST_NUMBER + int(rule.id.removeprefix('MW'))}"
    name = rule.page.rpartition("/")[2].removesuffix(".html")
    cells = (rule.id, lint_id, rule.level, rule.sentence, rule.hint, f"[{name}]({rule.page})")
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    sys.stdout.write(page())
