"""Rules about who takes on the execution role."""

from collections.abc import Iterator, Mapping
from typing import Any

from mwaactl.template_rules.rule import DOCS, Found, Path, Subject, TemplateRule
from mwaactl.template_rules.templates import Resource
from mwaactl.template_rules.values import as_list, as_mapping

_PAGE = f"{DOCS}/cross-service-confused-deputy-prevention.html"
_DOCUMENT = "AssumeRolePolicyDocument"
_SERVICES = ("airflow.amazonaws.com", "airflow-env.amazonaws.com")


def execution_role(subject: Subject) -> Resource | None:
    """Returns the execution role, if the templates have it."""
    role = subject.behind("ExecutionRoleArn")
    return role if role is not None and role.kind == "AWS::IAM::Role" else None


def _statements(role: Resource) -> Iterator[tuple[Path, Mapping[str, Any], list[Any]]]:
    """Gives what lets somebody take on the role: its path, itself and the services that it lets."""
    document = as_mapping(role.properties.get(_DOCUMENT))
    for index, each in enumerate(as_list(document.get("Statement"))):
        statement = as_mapping(each)
        if statement.get("Effect") == "Allow":
            services = as_list(as_mapping(statement.get("Principal")).get("Service"))
            yield (_DOCUMENT, "Statement", index), statement, services


def _trusts_mwaa(subject: Subject) -> Iterator[Found]:
    role = execution_role(subject)
    if role is None:
        return
    trusted = [service for _, _, services in _statements(role) for service in services]
    for service in _SERVICES:
        if service not in trusted:
            yield (_DOCUMENT,), f"the execution role does not trust {service}", role


def _only_services(subject: Subject) -> Iterator[Found]:
    role = execution_role(subject)
    if role is None:
        return
    for path, statement, _ in _statements(role):
        principal = statement.get("Principal")
        if principal == "*" or "*" in as_list(as_mapping(principal).get("AWS")):
            yield path, "everybody can take on the execution role", role


def _limited_to(subject: Subject, key: str) -> Iterator[Found]:
    role = execution_role(subject)
    if role is None:
        return
    for path, statement, services in _statements(role):
        named = [service for service in services if service in _SERVICES]
        if named and not _has(statement, key):
            yield path, f"the trust in {named[0]} has no condition on {key}", role


def _has(statement: Mapping[str, Any], key: str) -> bool:
    conditions = as_mapping(statement.get("Condition"))
    return any(
        str(name).lower() == key.lower() and not _is_open(value)
        for operator, keys in conditions.items()
        if str(operator).removesuffix("IfExists").startswith(("String", "Arn")) and "Not" not in str(operator)
        for name, value in as_mapping(keys).items()
    )


def _is_open(value: object) -> bool:
    return any(each in {"*", "arn:*"} for each in as_list(value) if isinstance(each, str))


def _source_account(subject: Subject) -> Iterator[Found]:
    yield from _limited_to(subject, "aws:SourceAccount")


def _source_arn(subject: Subject) -> Iterator[Found]:
    yield from _limited_to(subject, "aws:SourceArn")


TRUST_RULES = (
    TemplateRule(
        "MW034",
        "error",
        "The execution role trusts Amazon MWAA",
        "let airflow.amazonaws.com and airflow-env.amazonaws.com take on the role",
        f"{DOCS}/mwaa-create-role.html",
        _trusts_mwaa,
    ),
    TemplateRule(
        "MW035",
        "error",
        "Not everybody takes on the execution role",
        "name who takes on the role",
        f"{DOCS}/mwaa-create-role.html",
        _only_services,
    ),
    TemplateRule(
        "MW036",
        "error",
        "Amazon MWAA takes on the execution role for this account only",
        "add a condition StringEquals aws:SourceAccount",
        _PAGE,
        _source_account,
    ),
    TemplateRule(
        "MW037",
        "error",
        "Amazon MWAA takes on the execution role for this environment only",
        "add a condition ArnLike aws:SourceArn with the environment's ARN",
        _PAGE,
        _source_arn,
    ),
)
