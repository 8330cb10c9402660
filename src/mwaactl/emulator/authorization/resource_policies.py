"""The policies of resources in moto's backends."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from moto.awslambda.models import lambda_backends
from moto.s3.models import s3_backends
from moto.sns.models import sns_backends

from mwaactl.emulator.authorization.lookups import ResourcePolicy
from mwaactl.emulator.authorization.moto_resources import SEGMENTS, key_of, queue_of, role_of, secret_of
from mwaactl.emulator.authorization.policy_reading import policy_of, text_of
from mwaactl.emulator.iam.policy import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mwaactl.emulator.authorization.call import Call

_SERVICE_AT = 2


def resource_policy(call: Call, resource: str) -> ResourcePolicy:
    """Return the policy of a resource.

    Args:
        call: The call that is about it.
        resource: Its ARN, or `*`.
    """
    segments = resource.split(":", SEGMENTS - 1)
    find = _FINDERS.get(segments[_SERVICE_AT]) if len(segments) == SEGMENTS else None
    return find(call, resource) if find else ResourcePolicy()


def _bucket(call: Call, arn: str) -> ResourcePolicy:
    backend = s3_backends[call.account][call.partition]
    bucket = arn.rpartition(":::")[2].partition("/")[0]
    document = backend.get_bucket_policy(bucket) if bucket in backend.buckets else None
    return _attached(document.decode() if document else None, arn)


def _key(call: Call, arn: str) -> ResourcePolicy:
    key = key_of(call, arn) if ":key/" in arn else None
    return _attached(key.policy, arn, decides=True) if key else ResourcePolicy()


def _queue(call: Call, arn: str) -> ResourcePolicy:
    return _attached(getattr(queue_of(call, arn), "policy", None), arn)


def _topic(call: Call, arn: str) -> ResourcePolicy:
    topics = sns_backends[call.account][call.region].topics
    return _attached(getattr(topics.get(arn), "policy", None), arn)


def _secret(call: Call, arn: str) -> ResourcePolicy:
    return _attached(getattr(secret_of(call, arn), "policy", None), arn)


def _function(call: Call, arn: str) -> ResourcePolicy:
    backend: Any = lambda_backends[call.account][call.region]
    try:
        policy = backend.get_function(arn).policy
    except Exception:  # noqa: BLE001 - moto raises several of its own for a function that is not there
        return ResourcePolicy()
    return _attached(policy.get_policy()["Policy"] if policy and policy.statements else None, arn)


def _role(call: Call, arn: str) -> ResourcePolicy:
    """A role's trust policy, where taking the role on is what is judged."""
    if call.service != "sts":
        return ResourcePolicy()
    role = role_of(call, arn)
    if role is None:
        return ResourcePolicy(decides=True)
    document = text_of(role.assume_role_policy_document)
    return ResourcePolicy(policy_of(document, Kind.TRUST, arn), decides=True)


def _attached(document: object, name: str, *, decides: bool = False) -> ResourcePolicy:
    policy = policy_of(text_of(document), Kind.RESOURCE, name) if document else None
    return ResourcePolicy(policy, decides)


_FINDERS: Mapping[str, Callable[[Call, str], ResourcePolicy]] = MappingProxyType(
    {
        "iam": _role,
        "kms": _key,
        "lambda": _function,
        "s3": _bucket,
        "secretsmanager": _secret,
        "sns": _topic,
        "sqs": _queue,
    }
)
