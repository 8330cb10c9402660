"""The emulated account's state as permissions need it, from moto's backends and from our own services."""

from __future__ import annotations

from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from mwaactl.emulator.authorization import resource_policies
from mwaactl.emulator.authorization.lookups import ObjectKey
from mwaactl.emulator.authorization.moto_resources import (
    bucket_of,
    key_of,
    object_of,
    queue_of,
    role_of,
    secret_of,
)
from mwaactl.emulator.loopback import client

if TYPE_CHECKING:
    from mwaactl.emulator.authorization.call import Call
    from mwaactl.emulator.authorization.lookups import ResourcePolicy
    from mwaactl.emulator.settings import EmulatorSettings

_AWS_OWN_KEYS = "alias/aws/"
_KMS = "kms"


class MotoAccount:
    """`Lookups` in the emulator.

    Args:
        settings: The emulator's: Redshift's names are asked for over its endpoint.
    """

    def __init__(self, settings: EmulatorSettings) -> None:
        self._settings = settings

    def key_arn(self, call: Call, key: str) -> str | None:
        """See `Lookups.key_arn`."""
        found = key_of(call, key)
        return str(found.arn) if found else None

    def secret_arn(self, call: Call, secret: str) -> str | None:
        """See `Lookups.secret_arn`."""
        found = secret_of(call, secret)
        return str(found.arn) if found else None

    def workgroup_arn(self, call: Call, workgroup: str) -> str | None:
        """See `Lookups.workgroup_arn`."""
        redshift = client("redshift-serverless", self._settings, call.region)
        try:
            return str(redshift.get_workgroup(workgroupName=workgroup)["workgroup"]["workgroupArn"])
        except ClientError:
            return None

    def namespace_arn(self, call: Call, namespace: str) -> str | None:
        """See `Lookups.namespace_arn`."""
        redshift = client("redshift-serverless", self._settings, call.region)
        try:
            return str(redshift.get_namespace(namespaceName=namespace)["namespace"]["namespaceArn"])
        except ClientError:
            return None

    def bucket_key(self, call: Call, bucket: str) -> ObjectKey | None:
        """See `Lookups.bucket_key`."""
        found = bucket_of(call, bucket)
        rules = ((found.encryption if found else None) or {}).get("Rule", {})
        rule = rules[0] if isinstance(rules, list) else rules
        default = rule.get("ApplyServerSideEncryptionByDefault", {})
        key = default.get("KMSMasterKeyID") if _KMS in str(default.get("SSEAlgorithm")) else None
        return self._object_key(call, key, rule.get("BucketKeyEnabled"))

    def object_key(self, call: Call, bucket: str, key: str, version: str | None) -> ObjectKey | None:
        """See `Lookups.object_key`."""
        found = object_of(call, bucket, key, version)
        encrypted = found is not None and _KMS in str(found.encryption)
        return self._object_key(call, found.kms_key_id, found.bucket_key_enabled) if encrypted else None

    def upload_key(self, call: Call, bucket: str, upload: str) -> ObjectKey | None:
        """See `Lookups.upload_key`."""
        found = bucket_of(call, bucket)
        begun = found.multiparts.get(upload) if found else None
        if begun is None or begun.sse_encryption:
            return self._object_key(call, begun.kms_key_id, None) if begun else None
        return self.bucket_key(call, bucket)

    def has_object(self, call: Call, bucket: str, key: str, version: str | None) -> bool:
        """See `Lookups.has_object`."""
        return object_of(call, bucket, key, version) is not None

    def has_role(self, call: Call, role_arn: str) -> bool:
        """See `Lookups.has_role`."""
        return role_of(call, role_arn) is not None

    def queue_key(self, call: Call, queue_arn: str) -> str | None:
        """See `Lookups.queue_key`."""
        return self._customer_key(call, getattr(queue_of(call, queue_arn), "kms_master_key_id", None))

    def secret_key(self, call: Call, secret_arn: str) -> str | None:
        """See `Lookups.secret_key`."""
        return self._customer_key(call, getattr(secret_of(call, secret_arn), "kms_key_id", None))

    def resource_policy(self, call: Call, resource: str) -> ResourcePolicy:
        """See `Lookups.resource_policy`."""
        return resource_policies.resource_policy(call, resource)

    def _object_key(self, call: Call, key: str | None, of_bucket: object) -> ObjectKey | None:
        arn = self._customer_key(call, key)
        return ObjectKey(arn, str(of_bucket).lower() == "true") if arn else None

    def _customer_key(self, call: Call, key: str | None) -> str | None:
        """Return a customer's key; AWS's own let everybody in the account in, through their service."""
        return None if not key or _AWS_OWN_KEYS in key else self.key_arn(call, key)
