"""Whether a service may do something, by the resource's policy, and whether a role may, by its own."""

from __future__ import annotations

from datetime import UTC, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING

from mwaactl.emulator.authorization.call import Call
from mwaactl.emulator.authorization.callers import session_of
from mwaactl.emulator.authorization.resource_policies import resource_policy
from mwaactl.emulator.iam.common_keys import Circumstances, caller_keys, circumstance_keys
from mwaactl.emulator.iam.evaluation import Applicable, decide
from mwaactl.emulator.iam.principals import service
from mwaactl.emulator.iam.request import Request

if TYPE_CHECKING:
    from collections.abc import Mapping

_SEGMENTS = 6
_SERVICE_AT, _REGION_AT, _ACCOUNT_AT = 2, 3, 4


def service_may(
    host: str,
    action: str,
    resource: str,
    source_arn: str,
    source_account: str,
    more: Mapping[str, str] = MappingProxyType({}),
) -> bool:
    """Tell whether the policy of a resource lets a service of AWS do something with it.

    Args:
        host: The service, such as `s3.amazonaws.com`.
        action: For example `lambda:InvokeFunction`.
        resource: ARN of the resource, a function, queue or topic of the account.
        source_arn: For what the service acts: `aws:SourceArn`.
        source_account: Whose that is.
        more: Further condition keys, in lower case.
    """
    caller = service(host)
    call = _call(action, resource)
    keys = caller_keys(caller) | circumstance_keys(
        caller, Circumstances(datetime.now(tz=UTC), call.region, source_ip=None)
    )
    keys |= {"aws:sourcearn": source_arn, "aws:sourceaccount": source_account, **more}
    policy = resource_policy(call, resource).policy
    return decide(Request(caller, action, resource, keys), Applicable(resource=policy)).allowed


def role_may(
    role_arn: str,
    action: str,
    resource: str,
    *,
    session_name: str = "check",
    more: Mapping[str, str] = MappingProxyType({}),
) -> bool:
    """Tell whether a role's session may do something, by its policies and the resource's.

    Args:
        role_arn: The role; one that does not exist may nothing.
        action: For example `sqs:SendMessage`.
        resource: ARN of the resource.
        session_name: The session's name, which `aws:userid` ends with.
        more: Further condition keys, in lower case, or what takes the place of those that are known.
    """
    account, name = role_arn.split(":")[_ACCOUNT_AT], role_arn.rpartition("/")[2]
    known = session_of(name, account, session_name)
    if known is None:
        return False
    call = _call(action, resource, account)
    found = resource_policy(call, resource)
    circumstances = Circumstances(datetime.now(tz=UTC), call.region, source_ip=None)
    keys = caller_keys(known.caller) | circumstance_keys(known.caller, circumstances)
    keys |= {"aws:resourceaccount": call.account, "s3:resourceaccount": call.account, **more}
    policies = Applicable(
        known.identity, known.boundary, resource=found.policy, resource_decides=found.decides
    )
    return decide(Request(known.caller, action, resource, keys), policies).allowed


def _call(action: str, resource: str, account: str = "") -> Call:
    segments = resource.split(":", _SEGMENTS - 1)
    named, operation = action.split(":")
    where = segments[_REGION_AT] or "us-east-1"
    return Call(named, operation, MappingProxyType({}), where, segments[_ACCOUNT_AT] or account)
