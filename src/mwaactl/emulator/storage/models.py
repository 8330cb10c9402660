"""S3 whose lists are our own, and whose bucket policies are kept and given back, but not judged by moto.

moto judges a bucket policy without its conditions, so the TLS-only statement that every sound bucket carries
(Deny unless aws:SecureTransport) would refuse every object. See `put_bucket_policy` in moto/s3/models.py.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from moto.s3.exceptions import InvalidTargetBucketForLogging, S3ClientError
from moto.s3.models import s3_backends

from mwaactl.emulator.iam.documents import read_policy
from mwaactl.emulator.iam.malformed import MalformedPolicyError
from mwaactl.emulator.iam.policy import Kind
from mwaactl.emulator.storage import urls
from mwaactl.emulator.storage.notifying import NotifyingS3Backend

if TYPE_CHECKING:
    from types import ModuleType


class PolicyKeepingS3Backend(NotifyingS3Backend):
    """moto's S3 with the bucket policies out of reach of its object requests."""

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self._policies: dict[str, bytes] = {}

    @property
    def _url_module(self) -> ModuleType:
        # moto's S3 names its own module here, where other services look beside the backend's.
        return urls

    def get_bucket_policy(self, bucket_name: str) -> bytes | None:
        """Return the policy's text, or None."""
        self.get_bucket(bucket_name)
        return self._policies.get(bucket_name)

    def put_bucket_policy(self, bucket_name: str, policy: bytes) -> None:
        """Keep a policy.

        Raises:
            S3ClientError: MalformedPolicy, if it is not a policy document.
        """
        self.get_bucket(bucket_name)
        if fault := _fault(policy):
            code = "MalformedPolicy"
            raise S3ClientError(code, fault)
        self._policies[bucket_name] = policy

    def delete_bucket_policy(self, bucket_name: str) -> None:
        """Forget the policy."""
        self.get_bucket(bucket_name)
        self._policies.pop(bucket_name, None)

    def put_bucket_logging(self, bucket_name: str, logging_config: dict[str, Any]) -> None:
        """Keep where access logs go.

        S3 lets the target's policy come later, and CloudFormation creates it last; moto wants it now.
        """
        if logging_config and logging_config["TargetBucket"] not in self.buckets:
            msg = "The target bucket for logging does not exist"
            raise InvalidTargetBucketForLogging(msg)
        self.get_bucket(bucket_name).logging = logging_config or {}

    def delete_bucket(self, bucket_name: str) -> Any:  # noqa: ANN401 - moto's signature
        """Delete the bucket and its policy."""
        deleted = super().delete_bucket(bucket_name)
        if deleted is not None:
            self._policies.pop(bucket_name, None)
        return deleted


def install() -> None:
    """Make moto build this backend for S3; to be called before the first request."""
    s3_backends.backend = PolicyKeepingS3Backend


def _fault(policy: bytes) -> str | None:
    """Return why a bucket policy is none, or None."""
    text = policy.decode("utf-8", "replace")
    try:
        json.loads(text)
    except ValueError:
        return "Policies must be valid JSON and the first byte must be '{'"
    try:
        read_policy(text, Kind.RESOURCE, "bucket policy")
    except MalformedPolicyError as error:
        return error.message
    return None
