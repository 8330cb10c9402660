"""Who makes a request, by the access key that signed it, and the policies that follow them everywhere."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from moto.iam.exceptions import NotFoundException
from moto.iam.models import get_account_id_from, iam_backends
from moto.sts.models import sts_backends

from mwaactl.emulator.authorization.policy_reading import policy_of, text_of
from mwaactl.emulator.iam.policy import Kind
from mwaactl.emulator.iam.principals import Caller, CallerKind
from mwaactl.emulator.loopback import FOREIGN_ROLE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from mwaactl.emulator.iam.policy import Policy

PARTITION = "aws"
_ACCOUNT_AT = 4


@dataclass(frozen=True, slots=True)
class KnownCaller:
    """A caller that IAM knows.

    Attributes:
        caller: Who it is.
        entity: What its policies belong to: the ARN of the role or the user.
        identity: The policies of that role or user.
        boundary: Its permissions boundary.
        session: What was passed when the session began; None if nothing was.
        issued_at: When the session began.
    """

    caller: Caller
    entity: str
    identity: tuple[Policy, ...]
    boundary: Policy | None
    session: tuple[Policy, ...] | None = None
    issued_at: datetime | None = None


class UnknownKeyError(LookupError):
    """An access key whose role or user is gone."""


def known_caller(access_key: str) -> KnownCaller | None:
    """Return who an access key belongs to; None if IAM has never given it to anybody.

    Such a key is the developer's. So are the sessions with which the emulator reaches other accounts.

    Raises:
        UnknownKeyError: The role or the user is gone.
    """
    account = get_account_id_from(access_key)
    iam: Any = iam_backends[account][PARTITION]
    key = iam.access_keys.get(access_key)
    if key is None:
        return None
    if key.role_arn:
        return _session(iam, account, access_key)
    return _user(iam, account, key.user_name) if key.user_name else None


def account_of(access_key: str) -> str:
    """Return the account that an access key acts in; the emulator's own for one that IAM does not know."""
    return str(get_account_id_from(access_key))


def session_of(role_name: str, account: str, session_name: str) -> KnownCaller | None:
    """Return a caller with a role's policies who needs no session; None until the role has a policy.

    Args:
        role_name: The role's name.
        account: Its account.
        session_name: The name that the caller has in sentences about it.
    """
    iam: Any = iam_backends[account][PARTITION]
    role = next((role for role in iam.get_roles() if role.name == role_name), None)
    arn = f"arn:{PARTITION}:sts::{account}:assumed-role/{role_name}/{session_name}"
    found = _acting_as(iam, role, arn, account) if role else None
    return found if found and found.identity else None


def policies_of(entity_arn: str) -> tuple[Policy, ...]:
    """Return the present identity-based policies of a role or a user by its ARN; () if it is gone."""
    iam: Any = iam_backends[entity_arn.split(":")[_ACCOUNT_AT]][PARTITION]
    entities = [*iam.get_roles(), *iam.users.values()]
    entity = next((each for each in entities if each.arn == entity_arn), None)
    return tuple(_policies_of(entity, f"{_kind(entity_arn)} {entity.name}")) if entity else ()


def _kind(arn: str) -> str:
    return "role" if ":role/" in arn else "user"


def _session(iam: Any, account: str, access_key: str) -> KnownCaller | None:  # noqa: ANN401 - moto's model
    session = _session_behind(account, access_key)
    if session is None:
        raise UnknownKeyError(access_key)
    try:
        role = iam.get_role_by_arn(session.role_arn)
    except NotFoundException as error:
        if session.role_arn.endswith(f":role/{FOREIGN_ROLE}"):
            return None
        raise UnknownKeyError(access_key) from error
    found = _acting_as(iam, role, session.arn, account)
    policy = session.policy
    return replace(
        found,
        session=(policy_of(policy, Kind.SESSION, "session policy"),) if policy else None,
        issued_at=session.access_key.create_date,
    )


def _acting_as(iam: Any, role: Any, arn: str, account: str) -> KnownCaller:  # noqa: ANN401 - moto's models
    user_id = f"{role.id}:{arn.rpartition('/')[2]}"
    caller = Caller(CallerKind.ROLE_SESSION, arn, account, role.arn, user_id, _tags(role))
    identity = tuple(_policies_of(role, f"role {role.name}"))
    return KnownCaller(caller, role.arn, identity, _boundary(iam, role.permissions_boundary_arn))


@lru_cache(maxsize=4096)
def _session_behind(account: str, access_key: str) -> Any:  # noqa: ANN401 - moto's model
    """Return the session of an access key; moto looks through all that ever were, so do it once."""
    return sts_backends[account][PARTITION].get_assumed_role_from_access_key(access_key)


def _user(iam: Any, account: str, name: str) -> KnownCaller:  # noqa: ANN401 - moto's model
    user = iam.users.get(name)
    if user is None:
        raise UnknownKeyError(name)
    identity = [*_policies_of(user, f"user {name}")]
    for group in iam.get_groups_for_user(name):
        identity += _policies_of(group, f"group {group.name}")
    caller = Caller(CallerKind.USER, user.arn, account, user_id=user.id, tags=_tags(user))
    return KnownCaller(caller, user.arn, tuple(identity), None)


def _policies_of(entity: Any, owner: str) -> Iterator[Policy]:  # noqa: ANN401 - moto's model
    for name, document in list(entity.policies.items()):
        yield policy_of(text_of(document), Kind.IDENTITY, f"{name} of {owner}")
    for policy in list(entity.managed_policies.values()):
        yield _managed(policy, Kind.IDENTITY)


def _boundary(iam: Any, arn: str | None) -> Policy | None:  # noqa: ANN401 - moto's model
    policy = iam.managed_policies.get(arn) if arn else None
    return _managed(policy, Kind.BOUNDARY) if policy else None


def _managed(policy: Any, kind: Kind) -> Policy:  # noqa: ANN401 - moto's model
    version = next(each for each in policy.versions if each.version_id == policy.default_version_id)
    return policy_of(text_of(version.document), kind, policy.arn)


def _tags(entity: Any) -> dict[str, str]:  # noqa: ANN401 - moto's model
    found = entity.tags or []
    listed = found.values() if isinstance(found, dict) else found
    return {tag["Key"]: tag["Value"] for tag in listed}
