"""The condition keys that every request has, whatever the service.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mwaactl.emulator.iam.principals import CallerKind

if TYPE_CHECKING:
    from datetime import datetime

    from mwaactl.emulator.iam.principals import Caller

_TEMPORARY = {CallerKind.ROLE_SESSION, CallerKind.FEDERATED_USER}


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What surrounds a request.

    Attributes:
        now: When it is made.
        region: The region it goes to.
        source_ip: Where it comes from; None through a VPC endpoint.
        user_agent: What the client calls itself.
        secure: Whether it is sent over TLS.
        issued_at: Since when the caller's temporary credentials exist; None if they are not known to be.
    """

    now: datetime
    region: str
    source_ip: str | None
    user_agent: str = ""
    secure: bool = True
    issued_at: datetime | None = None


def caller_keys(caller: Caller) -> dict[str, str]:
    """Return the keys about who makes a request, in lower case; what does not exist is absent."""
    is_service = caller.kind is CallerKind.SERVICE
    keys = {"aws:principalisawsservice": _boolean(is_service)}
    if is_service:
        return keys | {"aws:principalservicename": caller.arn}
    keys["aws:principaltype"] = caller.kind.value
    if caller.kind is CallerKind.ANONYMOUS:
        return keys | {"aws:userid": "anonymous"}
    found = {
        # For a role's session the role's own ARN, not the session's.
        "aws:principalarn": caller.entity_arn if caller.kind is CallerKind.ROLE_SESSION else caller.arn,
        "aws:principalaccount": caller.account,
        "aws:userid": caller.user_id,
        "aws:username": caller.arn.rpartition("/")[2] if caller.kind is CallerKind.USER else None,
    }
    keys |= {name: value for name, value in found.items() if value is not None}
    return keys | {f"aws:principaltag/{name.lower()}": value for name, value in caller.tags.items()}


def circumstance_keys(caller: Caller, circumstances: Circumstances) -> dict[str, str]:
    """Return the keys about when, where and how a request is made, in lower case."""
    moment = circumstances.now
    keys = {
        "aws:currenttime": f"{moment:%Y-%m-%dT%H:%M:%SZ}",
        "aws:epochtime": str(int(moment.timestamp())),
        "aws:requestedregion": circumstances.region,
        "aws:securetransport": _boolean(circumstances.secure),
        "aws:viaawsservice": "false",
    }
    if circumstances.user_agent:
        keys["aws:useragent"] = circumstances.user_agent
    if circumstances.source_ip is not None:
        keys["aws:sourceip"] = circumstances.source_ip
    if caller.kind in _TEMPORARY:
        keys["aws:multifactorauthpresent"] = "false"
        if circumstances.issued_at:
            keys["aws:tokenissuetime"] = f"{circumstances.issued_at:%Y-%m-%dT%H:%M:%SZ}"
    return keys


def _boolean(value: object) -> str:
    return "true" if value else "false"
