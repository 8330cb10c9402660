"""One statement of a policy document, read strictly.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from mwaactl.emulator.iam.condition_documents import read_conditions
from mwaactl.emulator.iam.malformed import LEGACY, SYNTAX, MalformedPolicyError
from mwaactl.emulator.iam.policy import Actions, Effect, Kind, Resources, Statement
from mwaactl.emulator.iam.principal_documents import read_principals
from mwaactl.emulator.iam.resource_documents import check_resource
from mwaactl.emulator.iam.templates import Template, parse_template

if TYPE_CHECKING:
    from mwaactl.emulator.iam.principals import Principals

_ELEMENTS = {
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
}
_SID = re.compile(r"[A-Za-z0-9]*")
_VENDOR = re.compile(r"[A-Za-z0-9.-]+")
_SID_FAULT = (
    "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression "
    "[0-9A-Za-z]*"
)
_TRUST_FAULT = (
    "Trust Policy statement actions can only be sts:AssumeRole, sts:AssumeRoleWithSAML,  and "
    "sts:AssumeRoleWithWebIdentity"
)


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds for the statements of one document.

    Attributes:
        kind: What the policy is attached to.
        variables: Whether `${…}` is a variable.
    """

    kind: Kind
    variables: bool


def read_statement(found: Any, number: int, rules: Rules) -> Statement:  # noqa: ANN401 - any JSON value
    """Return the statement.

    Args:
        found: The statement's JSON value.
        number: Its place in the document, from 1.
        rules: What holds in the document.

    Raises:
        MalformedPolicyError: AWS would not take it.
    """
    if not isinstance(found, dict) or set(found) - _ELEMENTS:
        raise MalformedPolicyError(SYNTAX)
    return Statement(
        number=number,
        sid=_sid(found, rules.kind),
        effect=_effect(found),
        actions=_actions(found, rules.kind),
        resources=_resources(found, rules),
        principals=_principals(found, rules.kind),
        conditions=read_conditions(found.get("Condition", {}), variables=rules.variables),
    )


def _sid(found: dict[str, Any], kind: Kind) -> str | None:
    sid = found.get("Sid")
    if sid is None and "Sid" not in found:
        return None
    if not isinstance(sid, str):
        raise MalformedPolicyError(SYNTAX)
    if not kind.names_principals and not _SID.fullmatch(sid):
        raise MalformedPolicyError(_SID_FAULT)
    return sid or None


def _effect(found: dict[str, Any]) -> Effect:
    effect = found.get("Effect")
    if effect not in tuple(Effect):
        known = isinstance(effect, str) and effect.title() in tuple(Effect)
        raise MalformedPolicyError(LEGACY if known else SYNTAX)
    return Effect(effect)


def _actions(found: dict[str, Any], kind: Kind) -> Actions:
    name, texts = _one_of(found, "Action")
    if not texts:
        message = "Policy statement must contain actions."
        raise MalformedPolicyError(message)
    for text in texts:
        _check_action(text)
        if kind is Kind.TRUST and not text.startswith("sts:"):
            raise MalformedPolicyError(_TRUST_FAULT)
    return Actions(tuple(_action(text) for text in texts), inverted=name == "NotAction")


def _action(text: str) -> Template:
    """Return an action to be compared in lower case, and shown as it was written."""
    return replace(parse_template(text.lower(), variables=False, wildcards=True), text=text)


def _check_action(text: str) -> None:
    if text == "*":
        return
    vendor, *names = text.split(":")
    if not names:
        message = "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."
        raise MalformedPolicyError(message)
    if len(names) > 1:
        message = "Actions/Condition can contain only one colon."
        raise MalformedPolicyError(message)
    if not _VENDOR.fullmatch(vendor):
        message = f"Vendor {vendor} is not valid"
        raise MalformedPolicyError(message)


def _resources(found: dict[str, Any], rules: Rules) -> Resources | None:
    name, texts = _one_of(found, "Resource")
    if rules.kind is Kind.TRUST:
        if name in found:
            message = "Has prohibited field Resource."
            raise MalformedPolicyError(message)
        return None
    if not texts:
        # A resource's policy may leave its own resource unnamed, as SNS's documentation does.
        if rules.kind is Kind.RESOURCE and name not in found:
            return None
        message = "Policy statement must contain resources."
        raise MalformedPolicyError(message)
    for text in texts:
        check_resource(text)
    return Resources(tuple(_resource(text, rules) for text in texts), inverted=name == "NotResource")


def _resource(text: str, rules: Rules) -> Template:
    return parse_template(text, variables=rules.variables, wildcards=True)


def _principals(found: dict[str, Any], kind: Kind) -> Principals | None:
    given = [name for name in ("Principal", "NotPrincipal") if name in found]
    if not kind.names_principals:
        if given:
            message = "Policy document should not specify a principal."
            raise MalformedPolicyError(message)
        return None
    if len(given) != 1:
        message = "Missing required field Principal" if not given else SYNTAX
        raise MalformedPolicyError(message)
    inverted = given == ["NotPrincipal"]
    if inverted and (kind is Kind.TRUST or found["Effect"] != Effect.DENY):
        message = "AssumeRolepolicy contained an invalid principal" if kind is Kind.TRUST else SYNTAX
        raise MalformedPolicyError(message)
    return read_principals(found[given[0]], inverted=inverted)


def _one_of(found: dict[str, Any], name: str) -> tuple[str, tuple[str, ...]]:
    """Return which of `Name` and `NotName` stands there, and its texts; both is an error."""
    inverted = f"Not{name}"
    if name in found and inverted in found:
        raise MalformedPolicyError(SYNTAX)
    given = inverted if inverted in found else name
    value = found.get(given, [])
    # IAM takes null in a list, and passes it over.
    texts = [text for text in value if text is not None] if isinstance(value, list) else [value]
    if not all(isinstance(text, str) for text in texts):
        raise MalformedPolicyError(SYNTAX)
    return given, tuple(texts)
