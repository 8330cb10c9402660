"""Who signed a request, and which of Airflow's roles their IAM policies grant in an environment.

MWAA reads the Airflow role from the resource `role/ENVIRONMENT/ROLE` of the caller's policies.
https://docs.aws.amazon.com/mwaa/latest/userguide/access-policies.html
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from moto.iam.access_control import CreateAccessKeyFailure, IAMPolicy, PermissionResult, create_access_key

from mwaactl.emulator.mwaa.exceptions import AccessDeniedError
from mwaactl.emulator.mwaa.tokens import Caller

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from mwaactl.emulator.mwaa.environment import Environment

ROLES = ("Admin", "Op", "User", "Viewer", "Public")
IDENTITY_LENGTH = 64


def identify(headers: Mapping[str, str], action: str, environment: Environment) -> Caller:
    """Return the caller of a signed request with the most powerful Airflow role they may take.

    Credentials that IAM does not know are the emulator's own, as root on AWS: they may be Admin.

    Args:
        headers: The request's headers; Authorization and X-Amz-Security-Token are read.
        action: The IAM action, such as `airflow:InvokeRestApi`.
        environment: The environment that is called.

    Raises:
        AccessDeniedError: The caller's policies grant the action for no role of the environment.
    """
    match = re.search(r"Credential=([^/,\s]+)/", headers.get("Authorization", ""))
    try:
        key = create_access_key(environment.account_id, "aws", match[1] if match else "", dict(headers))
    except CreateAccessKeyFailure:
        return Caller("root", ROLES[0])
    identity = key.arn.rpartition(":")[2]
    policies = [IAMPolicy(policy) for policy in key.collect_policies()]
    for role in ROLES:
        if _permits(policies, action, role_arn(environment, role)):
            return Caller(identity, role)
    msg = f"{key.arn} is not authorized to perform {action} on {role_arn(environment, '*')}"
    raise AccessDeniedError(msg)


def role_arn(environment: Environment, role: str) -> str:
    """Return the IAM resource of one of Airflow's roles in an environment."""
    return f"arn:aws:airflow:{environment.region}:{environment.account_id}:role/{environment.name}/{role}"


def airflow_identity(caller: Caller) -> str:
    """Return the caller's Airflow user name: at most 64 characters, longer ones hashed as MWAA does."""
    if len(caller.identity) <= IDENTITY_LENGTH:
        return caller.identity
    return hashlib.sha256(caller.identity.encode()).hexdigest()[:IDENTITY_LENGTH]


def _permits(policies: Iterable[IAMPolicy], action: str, resource: str) -> bool:
    results = [policy.is_action_permitted(action, resource) for policy in policies]
    return PermissionResult.PERMITTED in results and PermissionResult.DENIED not in results
