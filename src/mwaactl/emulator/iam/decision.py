"""What AWS decides about a request, why, and how it says so.

https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from mwaactl.emulator.iam.policy import Kind

if TYPE_CHECKING:
    from mwaactl.emulator.iam.policy import Policy, Statement


class Verdict(Enum):
    """How a decision came about."""

    ALLOWED = "allowed"
    EXPLICIT_DENY = "explicit deny"
    NO_IDENTITY_POLICY = Kind.IDENTITY.value
    NO_RESOURCE_POLICY = Kind.RESOURCE.value
    NO_BOUNDARY = Kind.BOUNDARY.value
    NO_SESSION_POLICY = Kind.SESSION.value


@dataclass(frozen=True, slots=True)
class Source:
    """The statement that decided, and the policy it stands in."""

    policy: Policy
    statement: Statement


@dataclass(frozen=True, slots=True)
class Decision:
    """The decision.

    Attributes:
        verdict: How it came about.
        source: The statement that decided; None if one was missing, and for an account's root.
    """

    verdict: Verdict
    source: Source | None = None

    @property
    def allowed(self) -> bool:
        """Whether the request passes."""
        return self.verdict is Verdict.ALLOWED

    def reason(self, action: str) -> str:
        """Return the end of AWS's sentence about a denial: what is missing, or what denies."""
        match self.verdict:
            case Verdict.EXPLICIT_DENY:
                kind = self.source.policy.kind.value if self.source else Kind.IDENTITY.value
                return f"with an explicit deny in {_article(kind)} {kind}"
            case _:
                return f"because no {self.verdict.value} allows the {action} action"


def denial(caller_arn: str, action: str, resource: str, decision: Decision) -> str:
    """Return AWS's sentence about a denied request.

    Args:
        caller_arn: Who made it.
        action: What was denied.
        resource: On what, as the service quotes it; `*` is left out.
        decision: The decision.
    """
    on = "" if resource.strip('"') in {"", "*"} else f" on resource: {resource}"
    return f"User: {caller_arn} is not authorized to perform: {action}{on} {decision.reason(action)}"


def _article(noun: str) -> str:
    return "an" if noun[0] in "aeiou" else "a"
