"""The `Principal` and `NotPrincipal` elements of a policy document, read strictly.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from mwaactl.emulator.iam.malformed import SYNTAX, MalformedPolicyError
from mwaactl.emulator.iam.principals import PrincipalKind, Principals, principal

if TYPE_CHECKING:
    from mwaactl.emulator.iam.principals import Principal

_AWS = re.compile(
    r"\d{12}"
    r"|arn:aws[a-z-]*:iam::\d{12}:(?:root|(?:user|role)/[\w+=,.@/-]+)"
    r"|arn:aws[a-z-]*:sts::\d{12}:(?:assumed-role/[\w+=,.@-]+/[\w+=,.@-]+|federated-user/[\w+=,.@-]+)"
    # What IAM shows in the place of a user or a role that is gone.
    r"|A[A-Z]{3}[A-Z0-9]{12,124}"
)


def read_principals(found: Any, *, inverted: bool) -> Principals:  # noqa: ANN401 - any JSON value
    """Return whom the element names.

    Args:
        found: The element's JSON value.
        inverted: Whether it is `NotPrincipal`.

    Raises:
        MalformedPolicyError: It is none, or names part of an ARN by a wildcard.
    """
    if found == "*":
        return Principals((principal(PrincipalKind.AWS, "*"),), inverted)
    if not isinstance(found, dict) or not found:
        raise MalformedPolicyError(SYNTAX)
    names = [name for kind, value in found.items() for name in _names(kind, value)]
    return Principals(tuple(names), inverted)


def _names(key: str, value: Any) -> tuple[Principal, ...]:  # noqa: ANN401 - any JSON value
    listed = value if isinstance(value, list) else [value]
    try:
        kind = PrincipalKind(key)
    except ValueError:
        raise MalformedPolicyError(SYNTAX) from None
    if not listed or not all(isinstance(name, str) for name in listed):
        raise MalformedPolicyError(SYNTAX)
    for name in listed:
        _check(kind, name)
    return tuple(principal(kind, name) for name in listed)


def _check(kind: PrincipalKind, name: str) -> None:
    match kind:
        case PrincipalKind.AWS:
            valid = name == "*" or _AWS.fullmatch(name) is not None
        case PrincipalKind.SERVICE | PrincipalKind.FEDERATED | PrincipalKind.CANONICAL_USER:
            valid = bool(name) and "*" not in name
    if not valid:
        message = f'Invalid principal in policy: "{kind.value}":"{name}"'
        raise MalformedPolicyError(message)
