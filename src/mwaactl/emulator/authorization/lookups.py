"""What is looked up before a call can be judged: which resource a name means, and what protects it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from mwaactl.emulator.authorization.call import Call
    from mwaactl.emulator.iam.policy import Policy


@dataclass(frozen=True, slots=True)
class ResourcePolicy:
    """The policy of a resource.

    Attributes:
        policy: The policy; None if the resource has none.
        decides: Whether it must allow or delegate even within its account: those of keys and of roles.
    """

    policy: Policy | None = None
    decides: bool = False


@dataclass(frozen=True, slots=True)
class ObjectKey:
    """A customer's KMS key that encrypts an object.

    Attributes:
        arn: The key.
        of_bucket: Whether S3 uses it for a key of the bucket, from which it derives those of objects.
    """

    arn: str
    of_bucket: bool = False


class Lookups(Protocol):
    """The state of the emulated account, as far as permissions depend on it."""

    def key_arn(self, call: Call, key: str) -> str | None:
        """Return the ARN of the KMS key behind an id, an ARN or an alias; None if there is none."""

    def secret_arn(self, call: Call, secret: str) -> str | None:
        """Return the ARN of the secret behind a name or a partial ARN; None if there is none."""

    def workgroup_arn(self, call: Call, workgroup: str) -> str | None:
        """Return the ARN of a workgroup of Redshift Serverless; None if there is none."""

    def namespace_arn(self, call: Call, namespace: str) -> str | None:
        """Return the ARN of a namespace of Redshift Serverless; None if there is none."""

    def bucket_key(self, call: Call, bucket: str) -> ObjectKey | None:
        """Return the KMS key that encrypts a bucket's new objects by default; None if none does."""

    def object_key(self, call: Call, bucket: str, key: str, version: str | None) -> ObjectKey | None:
        """Return the KMS key that an object is encrypted with; None if none is."""

    def upload_key(self, call: Call, bucket: str, upload: str) -> ObjectKey | None:
        """Return the KMS key that an upload in parts was begun with; None if none was."""

    def has_object(self, call: Call, bucket: str, key: str, version: str | None) -> bool:
        """Tell whether an object exists."""

    def has_role(self, call: Call, role_arn: str) -> bool:
        """Tell whether a role exists."""

    def queue_key(self, call: Call, queue_arn: str) -> str | None:
        """Return the KMS key that encrypts a queue's messages; None if none does."""

    def secret_key(self, call: Call, secret_arn: str) -> str | None:
        """Return the KMS key that encrypts a secret; None for AWS's own."""

    def resource_policy(self, call: Call, resource: str) -> ResourcePolicy:
        """Return the policy of the resource with this ARN."""
