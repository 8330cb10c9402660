"""Who signed a request, and which of Airflow's roles their IAM policies grant in an environment.

MWAA reads the Airflow role from the resource `role/ENVIRONMENT/ROLE` of the caller's policies.
https://docs.aws.amazon.com/mwaa/latest/userguide/access-policies.html
"""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from mwaactl.emulator.authorization.callers import known_caller
from mwaactl.emulator.iam.common_keys import Circumstances, caller_keys, circumstance_keys
from mwaactl.emulator.iam.evaluation import Applicable, decide
from mwaactl.emulator.iam.request import Request
from mwaactl.emulator.mwaa.exceptions import AccessDeniedError
from mwaactl.emulator.mwaa.tokens import Caller

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mwaactl.emulator.authorization.callers import KnownCaller
    from mwaactl.emulator.mwaa.environment import Environment

ROLES = ("Admin", "Op", "User", "Viewer", "Public")
IDENTITY_LENGTH = 64


def identify(headers: Mapping[str, str], action: str, environment: Environment) -> Caller:
    """Return the caller of a signed request with the most powerful Airflow role they may take.

    Credentials that IAM does not know are the developer's own, as root on AWS: they may be Admin.

    Args:
        headers: The request's headers; Authorization is read.
        action: The IAM action, such as `airflow:InvokeRestApi`.
        environment: The environment that is called.

    Raises:
        AccessDeniedError: The caller's policies grant the action for no role of the environment.
    """
    match = re.search(r"Credential=([^/,\s]+)/", headers.get("Authorization", ""))
    known = known_caller(match[1]) if match else None
    if known is None:
        return Caller("root", ROLES[0])
    keys = caller_keys(known.caller) | circumstance_keys(known.caller, _circumstances(known, environment))
    policies = Applicable(known.identity, known.boundary, known.session)
    for role in ROLES:
        request = Request(known.caller, action, role_arn(environment, role), keys)
        if decide(request, policies).allowed:
            return Caller(known.caller.arn.rpartition(":")[2], role)
    msg = f"{known.caller.arn} is not authorized to perform {action} on {role_arn(environment, '*')}"
    raise AccessDeniedError(msg)


def _circumstances(known: KnownCaller, environment: Environment) -> Circumstances:
    now = datetime.now(tz=UTC)
    return Circumstances(now, environment.region, source_ip="127.0.0.1", issued_at=known.issued_at)


def role_arn(environment: Environment, role: str) -> str:
    """Return the IAM resource of one of Airflow's roles in an environment."""
    return f"arn:aws:airflow:{environment.region}:{environment.account_id}:role/{environment.name}/{role}"


def airflow_identity(caller: Caller) -> str:
    """Return the caller's Airflow user name: at most 64 characters, longer ones hashed as MWAA does."""
    if len(caller.identity) <= IDENTITY_LENGTH:
        return caller.identity
    return hashlib.sha256(caller.identity.encode()).hexdigest()[:IDENTITY_LENGTH]
