"""Rules about Airflow configuration options."""

import json
import re
from collections.abc import Iterator

from mwaactl.catalog.limits import limits, pattern
from mwaactl.catalog.options import LEADS_AWAY, OptionRule, option_rule
from mwaactl.catalog.versions import default_airflow_version
from mwaactl.config.secret_options import referenced_option, secret_in_option
from mwaactl.template_rules.rule import DOCS, Found, Subject, TemplateRule
from mwaactl.template_rules.rules.versions import known_version
from mwaactl.template_rules.values import as_mapping, is_intrinsic, text

_PAGE = f"{DOCS}/configuring-env-variables.html"
_OPTIONS = "AirflowConfigurationOptions"


def _options(subject: Subject) -> dict[str, str | None]:
    """Options to their values; None for a value that is not known."""
    stated = subject.properties.get(_OPTIONS)
    if is_intrinsic(stated):
        return {}
    return {str(option): _value(value) for option, value in as_mapping(stated).items()}


def _value(value: object) -> str | None:
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int | float) else text(value)


def _version(subject: Subject) -> str:
    return known_version(subject) or default_airflow_version()


def _with_rule(subject: Subject, rule: OptionRule) -> Iterator[str]:
    version = _version(subject)
    for option in _options(subject):
        base, _ = referenced_option(option, version) or (option, "")
        if option_rule(base, version) == rule:
            yield option


def _blocked(subject: Subject) -> Iterator[Found]:
    for option in _with_rule(subject, "blocked"):
        yield (_OPTIONS, option), f"Amazon MWAA refuses the option {option}"


def _forced(subject: Subject) -> Iterator[Found]:
    for option in _with_rule(subject, "forced"):
        yield (_OPTIONS, option), f"Amazon MWAA overwrites the option {option} in every container"


def _secret(subject: Subject) -> Iterator[Found]:
    for option, value in _options(subject).items():
        if value is not None and (secret := secret_in_option(option, value, _version(subject))):
            yield (_OPTIONS, option), f"the option {option} {secret}, and a template is no secret"


def _shape(subject: Subject) -> Iterator[Found]:
    for option, value in _options(subject).items():
        if not _is_key(option):
            yield (_OPTIONS, option), f"{option} is not the name of an Airflow option"
        elif value is not None and (wrong := _wrong(option, value, _version(subject))):
            yield (_OPTIONS, option), f"the option {option} {wrong}"


def _is_key(option: str) -> bool:
    shaped = pattern("option_key").fullmatch(option) is not None
    return shaped and option.count(".") == 1 and len(option) <= limits().option_key_length


def _wrong(option: str, value: str, version: str) -> str | None:
    if not pattern("option_value").fullmatch(value) or len(value) > limits().option_value_length:
        return "has a value that is empty, too long or not printable ASCII"
    if option_rule(option, version) == "fixed":
        return LEADS_AWAY
    if option_rule(option, version) == "json" and not _is_object(value):
        return "is not a JSON object, so that the web server would not start"
    if option == "celery.worker_autoscale":
        match = re.fullmatch(r"(\d+),(\d+)", value)
        if match is None or int(match[1]) < int(match[2]):
            return "must be max,min, for example 5,5"
    return None


def _is_object(value: str) -> bool:
    try:
        return isinstance(json.loads(value), dict)
    except ValueError:
        return False


OPTION_RULES = (
    TemplateRule(
        "MW021",
        "error",
        "No option is one that Amazon MWAA refuses",
        "remove it",
        _PAGE,
        _blocked,
    ),
    TemplateRule(
        "MW022",
        "error",
        "No option is one that Amazon MWAA overwrites",
        "remove it: it has no effect, and its reader believes it has",
        _PAGE,
        _forced,
    ),
    TemplateRule(
        "MW023",
        "error",
        "No option holds a secret",
        "keep it in AWS Secrets Manager and set secrets.backend",
        f"{DOCS}/connections-secrets-manager.html",
        _secret,
    ),
    TemplateRule(
        "MW024",
        "error",
        "Options have names and values that Airflow can read",
        "write section.option in lower case, and the value as Airflow's documentation has it",
        _PAGE,
        _shape,
    ),
)
