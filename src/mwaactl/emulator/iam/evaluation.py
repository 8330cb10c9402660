"""AWS's decision about a request, by the policies that apply to it. Pure: the same input, the same decision.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mwaactl.emulator.iam.arn_matching import EVERYTHING, resource_matches
from mwaactl.emulator.iam.decision import Decision, Source, Verdict
from mwaactl.emulator.iam.policy import Effect
from mwaactl.emulator.iam.principals import CallerKind, Grant

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mwaactl.emulator.iam.policy import Policy, Resources, Statement
    from mwaactl.emulator.iam.request import Request


@dataclass(frozen=True, slots=True)
class Applicable:
    """The policies that apply to a request.

    Attributes:
        identity: Those of the user with their groups, or of the role; inline and managed.
        boundary: The permissions boundary of the user or the role.
        session: What was passed when the session began; None if nothing was.
        resource: The policy of the resource: of a bucket, a key, a queue, a topic, a function, a secret, or
            a role's trust policy.
        resource_decides: Whether the resource's policy must allow or delegate, even within its account: so do
            the policies of KMS's keys and those of roles.
    """

    identity: tuple[Policy, ...] = ()
    boundary: Policy | None = None
    session: tuple[Policy, ...] | None = None
    resource: Policy | None = None
    resource_decides: bool = False

    def all(self) -> Iterator[Policy]:
        """Yield every policy."""
        yield from self.identity
        if self.resource:
            yield self.resource
        if self.boundary:
            yield self.boundary
        yield from self.session or ()


def decide(request: Request, policies: Applicable) -> Decision:
    """Return whether AWS lets the request pass, and why.

    Policies of organisations and of VPC endpoints are not known here.
    """
    bounded = policies.boundary is not None
    for policy in policies.all():
        for statement in policy.naming(request.action):
            if statement.effect is Effect.DENY and _grant(statement, request, bounded=bounded):
                return Decision(Verdict.EXPLICIT_DENY, Source(policy, statement))
    grant, by_resource = _resource_grant(request, policies.resource)
    if request.caller.kind in {CallerKind.SERVICE, CallerKind.WEB_IDENTITY, CallerKind.ANONYMOUS}:
        return _allowed(by_resource) if by_resource else Decision(Verdict.NO_RESOURCE_POLICY)
    if request.crosses_accounts:
        return _across_accounts(request, policies, grant)
    return _within_account(request, policies, grant, by_resource)


def _within_account(
    request: Request, policies: Applicable, grant: Grant, by_resource: Source | None
) -> Decision:
    if policies.resource_decides and grant is Grant.NONE:
        return Decision(Verdict.NO_RESOURCE_POLICY)
    if grant is Grant.DIRECT and by_resource:
        # Nothing that only fails to allow limits what the resource grants to this very caller.
        return _allowed(by_resource)
    if grant is Grant.ENTITY and by_resource:
        return _limited(request, policies, by_resource)
    return _by_identity(request, policies)


def _across_accounts(request: Request, policies: Applicable, grant: Grant) -> Decision:
    """Both accounts must allow: the caller's by identity, the owner's by the resource's policy."""
    decision = _by_identity(request, policies)
    if decision.allowed and grant is Grant.NONE:
        return Decision(Verdict.NO_RESOURCE_POLICY)
    return decision


def _by_identity(request: Request, policies: Applicable) -> Decision:
    if request.caller.kind is CallerKind.ROOT:
        return Decision(Verdict.ALLOWED)
    allowing = _first_allowing(request, policies.identity)
    return _limited(request, policies, allowing) if allowing else Decision(Verdict.NO_IDENTITY_POLICY)


def _limited(request: Request, policies: Applicable, source: Source) -> Decision:
    """Return what boundary and session policies leave of what `source` allows."""
    if policies.boundary and not _first_allowing(request, (policies.boundary,)):
        return Decision(Verdict.NO_BOUNDARY)
    if policies.session is not None and not _first_allowing(request, policies.session):
        return Decision(Verdict.NO_SESSION_POLICY)
    return _allowed(source)


def _allowed(source: Source) -> Decision:
    return Decision(Verdict.ALLOWED, source)


def _resource_grant(request: Request, policy: Policy | None) -> tuple[Grant, Source | None]:
    """Return the closest grant of the resource's policy and the first statement that makes it."""
    best, source = Grant.NONE, None
    for statement in policy.naming(request.action) if policy else ():
        if statement.effect is Effect.ALLOW and policy:
            grant = _grant(statement, request, bounded=False)
            if grant > best:
                best, source = grant, Source(policy, statement)
    return best, source


def _first_allowing(request: Request, policies: tuple[Policy, ...]) -> Source | None:
    return next(allowing(request, policies), None)


def allowing(request: Request, policies: Iterable[Policy]) -> Iterator[Source]:
    """Yield the statements that allow a request, each by itself, in their order.

    Args:
        request: The request.
        policies: Policies of identities.
    """
    for policy in policies:
        for statement in policy.naming(request.action):
            if statement.effect is Effect.ALLOW and _grant(statement, request, bounded=False):
                yield Source(policy, statement)


def _grant(statement: Statement, request: Request, *, bounded: bool) -> Grant:
    """Return how closely a statement about the action names the caller; NONE if it does not apply."""
    if statement.resources and not _names_resource(statement.resources, request, statement.effect):
        return Grant.NONE
    grant = Grant.DIRECT
    if statement.principals:
        grant = statement.principals.grant(request.caller, bounded=bounded)
    holds = grant is not Grant.NONE and all(each.holds(request.keys) for each in statement.conditions)
    return grant if holds else Grant.NONE


def _names_resource(resources: Resources, request: Request, effect: Effect) -> bool:
    patterns = [filled for each in resources.patterns if (filled := each.fill(request.keys)) is not None]
    if not request.resource:
        return effect is Effect.ALLOW or (EVERYTHING in patterns and not resources.inverted)
    named = any(resource_matches(filled, request.resource) for filled in patterns)
    return named is not resources.inverted
