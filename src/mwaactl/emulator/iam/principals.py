"""Who makes a request, and for whom a statement of a resource's policy is.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum, IntEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_ACCOUNT_AT = 4
_ACCOUNT = re.compile(r"(?:arn:[a-z-]+:iam::)?(\d{12})(?::root)?")


class CallerKind(Enum):
    """What kind of principal makes a request; the value is that of `aws:PrincipalType`, where it has one."""

    ROOT = "Account"
    USER = "User"
    ROLE_SESSION = "AssumedRole"
    FEDERATED_USER = "FederatedUser"
    WEB_IDENTITY = "WebIdentity"
    """Whoever has a token of an identity provider, and takes a role with it."""
    SERVICE = "Service"
    ANONYMOUS = "Anonymous"


class Grant(IntEnum):
    """How closely a statement names the caller: the closer, the less other policies limit what it allows."""

    NONE = 0
    ACCOUNT = 1
    ENTITY = 2
    DIRECT = 3


@dataclass(frozen=True, slots=True)
class Caller:
    """Who makes a request.

    Attributes:
        kind: What kind of principal it is.
        arn: The ARN that AWS shows: a user's, a session's, an account's root; a service's host name; `*` for
            nobody in particular.
        account: Its account; None for services and for nobody.
        entity_arn: The role of a session, with its path; the user of a federated user.
        user_id: `aws:userid`, such as `AROA…:session`.
        tags: The principal's and the session's tags.
    """

    kind: CallerKind
    arn: str
    account: str | None = None
    entity_arn: str | None = None
    user_id: str | None = None
    tags: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def identities(self) -> frozenset[str]:
        """Everything that names it, from the account down to the session."""
        names = {self.arn, self.entity_arn, self.account}
        return frozenset(name for name in names if name is not None)


ANONYMOUS = Caller(CallerKind.ANONYMOUS, "*")


def web_identity(provider_arn: str) -> Caller:
    """Return whoever has a token of an identity provider of the account; its claims are condition keys."""
    return Caller(CallerKind.WEB_IDENTITY, provider_arn, provider_arn.split(":")[_ACCOUNT_AT])


def service(host: str) -> Caller:
    """Return a service of AWS that calls for itself, such as `airflow.amazonaws.com`."""
    return Caller(CallerKind.SERVICE, host)


class PrincipalKind(Enum):
    """The keys of a `Principal` element."""

    AWS = "AWS"
    SERVICE = "Service"
    FEDERATED = "Federated"
    CANONICAL_USER = "CanonicalUser"


@dataclass(frozen=True, slots=True)
class Principal:
    """One principal that a statement names; an account stands as its twelve digits, everybody as `*`."""

    kind: PrincipalKind
    name: str


@dataclass(frozen=True, slots=True)
class Principals:
    """`Principal`, or `NotPrincipal` if `inverted`."""

    names: tuple[Principal, ...]
    inverted: bool = False

    def grant(self, caller: Caller, *, bounded: bool = False) -> Grant:
        """Return how closely this names the caller; NONE if the statement is not for it.

        Args:
            caller: Who makes the request.
            bounded: Whether the caller has a permissions boundary: `NotPrincipal` never spares such a one.
        """
        if self.inverted:
            return Grant.NONE if self._spares(caller) and not bounded else Grant.DIRECT
        return max((_grant(each, caller) for each in self.names), default=Grant.NONE)

    def _spares(self, caller: Caller) -> bool:
        """Tell whether `NotPrincipal` names the caller at every level: account, role or user, session.

        An account that is not named is denied with everybody in it, a role with all its sessions.
        """
        named = {each.name for each in self.names}
        return "*" in named or (caller.kind is not CallerKind.ANONYMOUS and caller.identities <= named)


def principal(kind: PrincipalKind, name: str) -> Principal:
    """Return a principal; an account's two ways to be written become one."""
    account = _ACCOUNT.fullmatch(name) if kind is PrincipalKind.AWS else None
    return Principal(kind, account[1] if account else name)


def _grant(named: Principal, caller: Caller) -> Grant:
    if named.name == "*":
        # Alone it is everybody, also one who has not signed; beside a service's kind it is nobody.
        return Grant.DIRECT if named.kind is PrincipalKind.AWS else Grant.NONE
    match named.kind:
        case PrincipalKind.AWS:
            return _aws_grant(named.name, caller)
        case PrincipalKind.SERVICE:
            same = caller.kind is CallerKind.SERVICE and named.name == caller.arn
            return Grant.DIRECT if same else Grant.NONE
        case PrincipalKind.FEDERATED:
            same = caller.kind is CallerKind.WEB_IDENTITY and named.name == caller.arn
            return Grant.DIRECT if same else Grant.NONE
        case PrincipalKind.CANONICAL_USER:
            return Grant.NONE


def _aws_grant(name: str, caller: Caller) -> Grant:
    if caller.kind in {CallerKind.SERVICE, CallerKind.WEB_IDENTITY, CallerKind.ANONYMOUS}:
        return Grant.NONE
    if name == caller.arn:
        return Grant.DIRECT
    if name == caller.entity_arn:
        return Grant.ENTITY
    if name == caller.account:
        return Grant.DIRECT if caller.kind is CallerKind.ROOT else Grant.ACCOUNT
    return Grant.NONE
