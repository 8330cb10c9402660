"""Holds templates to the rules."""

from collections.abc import Iterator, Mapping, Sequence

from mwaactl.template_rules.rule import Breach, Subject, TemplateRule
from mwaactl.template_rules.rules.access import ACCESS_RULES
from mwaactl.template_rules.rules.artifacts import ARTIFACT_RULES
from mwaactl.template_rules.rules.encryption import ENCRYPTION_RULES
from mwaactl.template_rules.rules.logs import LOG_RULES
from mwaactl.template_rules.rules.network import NETWORK_RULES
from mwaactl.template_rules.rules.options import OPTION_RULES
from mwaactl.template_rules.rules.permissions import PERMISSION_RULES
from mwaactl.template_rules.rules.security_group import SECURITY_GROUP_RULES
from mwaactl.template_rules.rules.sizes import SIZE_RULES
from mwaactl.template_rules.rules.source_bucket import SOURCE_BUCKET_RULES
from mwaactl.template_rules.rules.trust import TRUST_RULES
from mwaactl.template_rules.rules.versions import VERSION_RULES
from mwaactl.template_rules.rules.warehouse import WAREHOUSE_RULES
from mwaactl.template_rules.templates import ENVIRONMENT, Template, Templates
from mwaactl.template_rules.values import text

ALL_RULES: tuple[TemplateRule, ...] = (
    *VERSION_RULES,
    *SIZE_RULES,
    *ACCESS_RULES,
    *LOG_RULES,
    *OPTION_RULES,
    *NETWORK_RULES,
    *SECURITY_GROUP_RULES,
    *TRUST_RULES,
    *PERMISSION_RULES,
    *SOURCE_BUCKET_RULES,
    *ARTIFACT_RULES,
    *ENCRYPTION_RULES,
    *WAREHOUSE_RULES,
)


def breaches(
    templates: Sequence[Template],
    current_versions: Mapping[str, str] | None = None,
    rules: Sequence[TemplateRule] = ALL_RULES,
) -> tuple[Breach, ...]:
    """Returns what is wrong with every environment of the templates, in the rules' order.

    Args:
        templates: All that is deployed together: a rule about a bucket has to see the bucket.
        current_versions: The Airflow version that an environment runs now, by its name, where it is known.
        rules: Which rules.
    """
    known = current_versions or {}
    together = Templates(templates)
    subjects = [
        Subject(each, together, known.get(text(each.properties.get("Name")) or ""))
        for each in together.of_type(ENVIRONMENT)
    ]
    return tuple(each for subject in subjects for rule in rules for each in _rule_breaches(rule, subject))


def _rule_breaches(rule: TemplateRule, subject: Subject) -> Iterator[Breach]:
    for path, message, *other in rule.look(subject):
        yield Breach(rule, other[0] if other else subject.resource, path, message)
