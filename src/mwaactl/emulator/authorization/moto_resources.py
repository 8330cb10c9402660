"""Resources in moto's backends, by the names that calls use; None for what is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from moto.iam.models import iam_backends
from moto.kms.models import kms_backends
from moto.s3.models import s3_backends
from moto.secretsmanager.models import secretsmanager_backends
from moto.sqs.models import sqs_backends

if TYPE_CHECKING:
    from mwaactl.emulator.authorization.call import Call

SEGMENTS = 6
_REGION_AT, _ACCOUNT_AT = 3, 4


def key_of(call: Call, key: str) -> Any:  # noqa: ANN401 - moto's model
    """Return a KMS key by its id, ARN or alias."""
    region = key.split(":")[_REGION_AT] if key.startswith("arn:") else call.region
    backend: Any = kms_backends[call.account][region]
    try:
        return backend.keys.get(backend.any_id_to_key_id(key))
    except (KeyError, AttributeError, TypeError):
        return None


def secret_of(call: Call, secret: str) -> Any:  # noqa: ANN401 - moto's model
    """Return a secret by its name, its ARN or the beginning of that."""
    return secretsmanager_backends[call.account][call.region].secrets.get(secret)


def bucket_of(call: Call, bucket: str) -> Any:  # noqa: ANN401 - moto's model
    """Return a bucket."""
    return s3_backends[call.account][call.partition].buckets.get(bucket)


def object_of(call: Call, bucket: str, key: str, version: str | None) -> Any:  # noqa: ANN401 - moto's model
    """Return an object."""
    backend = s3_backends[call.account][call.partition]
    return backend.get_object(bucket, key, version) if bucket in backend.buckets else None


def queue_of(call: Call, queue_arn: str) -> Any:  # noqa: ANN401 - moto's model
    """Return a queue by its ARN."""
    segments = queue_arn.split(":")
    backend = sqs_backends[segments[_ACCOUNT_AT] or call.account][segments[_REGION_AT] or call.region]
    return backend.queues.get(segments[-1])


def role_of(call: Call, role_arn: str) -> Any:  # noqa: ANN401 - moto's model
    """Return a role by its ARN."""
    segments = role_arn.split(":", SEGMENTS - 1)
    account = segments[_ACCOUNT_AT] if len(segments) == SEGMENTS else call.account
    backend: Any = iam_backends[account][call.partition]
    return next((role for role in backend.get_roles() if role.arn == role_arn), None)
