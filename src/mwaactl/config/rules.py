"""What MWAA refuses, or accepts and then breaks on: found here, before anything is sent."""

import json
import re
from collections.abc import Callable, Iterator

from mwaactl.catalog.alarms import alarms
from mwaactl.catalog.classes import Bounds, environment_classes
from mwaactl.catalog.limits import limits, pattern
from mwaactl.catalog.options import LEADS_AWAY, is_sensitive, option_rule
from mwaactl.catalog.versions import airflow_versions, unsupported_on_mwaa
from mwaactl.config.environment import EnvironmentConfig
from mwaactl.config.network_rules import NETWORK_RULES
from mwaactl.config.problems import nearest
from mwaactl.config.region_rules import region_problems
from mwaactl.config.secret_options import referenced_option, secret_in_option
from mwaactl.errors import ConfigProblem

type Rule = Callable[[EnvironmentConfig], Iterator[ConfigProblem]]


def broken_rules(config: EnvironmentConfig) -> tuple[ConfigProblem, ...]:
    """Checks a resolved environment against the catalogue.

    Returns:
        The problems found; keys are relative to the environment, for example `airflow_version`.
    """
    known = tuple(problem for rule in (_version, _class) for problem in rule(config))
    return known or tuple(problem for rule in _RULES for problem in rule(config))


def _version(config: EnvironmentConfig) -> Iterator[ConfigProblem]:
    version = config.airflow_version
    if version in airflow_versions():
        return
    where = "mwaactl does not support" if version in unsupported_on_mwaa() else "Amazon MWAA does not offer"
    hint = nearest(version, airflow_versions())
    yield ConfigProblem("airflow_version", f"is `{version}`, which {where}", hint, "config.unknown-version")


def _class(config: EnvironmentConfig) -> Iterator[ConfigProblem]:
    name = config.environment_class
    if name not in environment_classes():
        hint = nearest(name, environment_classes())
        yield ConfigProblem("environment_class", f"is `{name}`, which does not exist", hint)


def _counts(config: EnvironmentConfig) -> Iterator[ConfigProblem]:
    allowed = environment_classes()[config.environment_class]
    for key, count, bounds in (
        ("min_workers", config.min_workers, allowed.workers),
        ("max_workers", config.max_workers, allowed.workers),
        ("schedulers", config.schedulers, allowed.schedulers),
        ("min_webservers", config.min_webservers, allowed.webservers),
        ("max_webservers", config.max_webservers, allowed.webservers),
    ):
        if count not in bounds:
            yield ConfigProblem(key, f"is {count}, but {allowed.name} takes {_span(bounds)}")


def _order(config: EnvironmentConfig) -> Iterator[ConfigProblem]:
    for kind, least, most in (
        ("workers", config.min_workers, config.max_workers),
        ("webservers", config.min_webservers, config.max_webservers),
    ):
        if least > most:
            yield ConfigProblem(f"min_{kind}", f"is {least}, more than `max_{kind}`, which is {most}")


def _options(config: EnvironmentConfig) -> Iterator[ConfigProblem]:
    for option, value in config.airflow_config_options.items():
        key = f"airflow_config_options.{option}"
        if not _is_option_key(option):
            hint = "write `section.option` in lower case, for example `core.parallelism`"
            yield ConfigProblem(key, "is not the name of an Airflow option", hint)
        elif not pattern("option_value").fullmatch(value) or len(value) > limits().option_value_length:
            yield ConfigProblem(key, "has a value that is empty, too long or not printable ASCII")
        else:
            yield from _restriction(key, option, value, config.airflow_version)


def _is_option_key(option: str) -> bool:
    shaped = pattern("option_key").fullmatch(option) is not None
    return shaped and option.count(".") == 1 and len(option) <= limits().option_key_length


def _restriction(key: str, option: str, value: str, version: str) -> Iterator[ConfigProblem]:
    base, _ = referenced_option(option, version) or (option, "")
    match option_rule(base, version):
        case "blocked":
            yield ConfigProblem(key, "cannot be set: Amazon MWAA refuses it", code="config.blocked-option")
        case "forced":
            message = "has no effect: Amazon MWAA overwrites it in every container"
            yield ConfigProblem(key, message, "remove it", "config.forced-option")
        case "fixed":
            yield ConfigProblem(key, LEADS_AWAY, "remove it", "config.fixed-option")
        case "json" if option == base and not _is_json_object(value):
            yield ConfigProblem(key, "is not a JSON object, so the web server would not start")
        case _ if secret := secret_in_option(option, value, version):
            message = f"{secret}, and this file is under version control"
            hint = _instead_of_secret(option, version)
            yield ConfigProblem(key, message, hint, "config.secret-option")
        case _ if option == "celery.worker_autoscale" and not _is_autoscale(value):
            yield ConfigProblem(key, f"is `{value}`, but must be `max,min`, for example `5,5`")


def _instead_of_secret(option: str, version: str) -> str:
    if is_sensitive(option, version):
        return f"name a secret of AWS Secrets Manager in `{option}_secret` and set `secrets.backend`"
    return (
        "keep it in AWS Secrets Manager as an Airflow connection or variable, "
        "set `secrets.backend`, and read it from there"
    )


def _is_json_object(value: str) -> bool:
    try:
        return isinstance(json.loads(value), dict)
    except ValueError:
        return False


def _is_autoscale(value: str) -> bool:
    match = re.fullmatch(r"(\d+),(\d+)", value)
    return match is not None and int(match[1]) >= int(match[2])


def _secrets(config: EnvironmentConfig) -> Iterator[ConfigProblem]:
    """Refuse two answers to where Airflow looks secrets up."""
    for option in ("secrets.backend", "secrets.backend_kwargs"):
        if config.secrets and option in config.airflow_config_options:
            message = "is set beside the table `secrets`, which makes it"
            hint = "keep one of the two"
            yield ConfigProblem(f"airflow_config_options.{option}", message, hint)


def _tags(config: EnvironmentConfig) -> Iterator[ConfigProblem]:
    allowed = limits()
    if len(config.tags) > allowed.tag_count:
        message = (
            f"has {len(config.tags)} tags with those of every resource, but AWS takes {allowed.tag_count}"
        )
        yield ConfigProblem("tags", message)
    for name, value in config.tags.items():
        key = f"tags.{name}"
        if name.lower().startswith("aws:"):
            yield ConfigProblem(key, "begins with `aws:`, which AWS keeps for itself")
        if not 1 <= len(name) <= allowed.tag_key_length or not pattern("tag_text").fullmatch(name):
            yield ConfigProblem(key, "is not a tag key that AWS takes", _TAG_HINT)
        if not 1 <= len(value) <= allowed.tag_value_length or not pattern("tag_text").fullmatch(value):
            yield ConfigProblem(key, f"is `{value}`, which AWS does not take", _TAG_HINT)


def _name_lengths(config: EnvironmentConfig) -> Iterator[ConfigProblem]:
    names, allowed = config.names, limits()
    longest = max(len(names.source_bucket), len(names.data_bucket))
    excess = max(longest - allowed.bucket_name_length, len(names.prefix) - allowed.environment_name_length)
    if excess > 0:
        message = f"makes `{names.source_bucket}`, which is too long for a bucket by {excess}"
        yield ConfigProblem("", message, "shorten the name of the project or of the environment")


def _alarms(config: EnvironmentConfig) -> Iterator[ConfigProblem]:
    for name in config.alarms.thresholds:
        if name not in alarms():
            yield ConfigProblem(
                f"alarms.thresholds.{name}",
                "is not the name of an alarm",
                nearest(name, alarms()),
                "config.unknown-key",
            )


def _budget(config: EnvironmentConfig) -> Iterator[ConfigProblem]:
    tag = config.budget.tag if config.budget else None
    if tag is not None and tag not in config.tags:
        message = f"is `{tag}`, which is none of the environment's tags"
        yield ConfigProblem("budget.tag", message, nearest(tag, config.tags))


def _span(bounds: Bounds) -> str:
    return f"exactly {bounds.least}" if bounds.least == bounds.most else f"{bounds.least} to {bounds.most}"


_TAG_HINT = "letters, digits, spaces and `_ . : / = + - @`; 1 to 128 for a key, 1 to 256 for a value"
_RULES: tuple[Rule, ...] = (
    _counts,
    _order,
    *NETWORK_RULES,
    _options,
    _secrets,
    _tags,
    _name_lengths,
    region_problems,
    _alarms,
    _budget,
)
