"""An account for the mapping of calls: keys, secrets, buckets and workgroups by the names that tests use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mwaactl.emulator.authorization.lookups import ObjectKey, ResourcePolicy

if TYPE_CHECKING:
    from mwaactl.emulator.authorization.call import Call

ACCOUNT, REGION = "123456789012", "us-east-1"


def arn(service: str, name: str) -> str:
    return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{name}"


class AccountInMemory:
    """What is called `sealed` is encrypted with a key of its own; objects are there below `there/`."""

    def key_arn(self, call: Call, key: str) -> str | None:
        del call
        name = key.rpartition("/")[2]
        return arn("kms", f"key/{name}") if name in {"own", "bucket", "queue", "secret"} else None

    def secret_arn(self, call: Call, secret: str) -> str | None:
        del call
        return arn("secretsmanager", f"secret:{secret}-a1B2c3") if secret in {"plain", "sealed"} else None

    def workgroup_arn(self, call: Call, workgroup: str) -> str | None:
        del call
        return arn("redshift-serverless", f"workgroup/0-{workgroup}")

    def namespace_arn(self, call: Call, namespace: str) -> str | None:
        del call
        return arn("redshift-serverless", f"namespace/1-{namespace}")

    def bucket_key(self, call: Call, bucket: str) -> ObjectKey | None:
        del call
        own_key = bucket == "sealed-as-a-whole"
        return ObjectKey(arn("kms", "key/bucket"), own_key) if bucket.startswith("sealed") else None

    def object_key(self, call: Call, bucket: str, key: str, version: str | None) -> ObjectKey | None:
        del key, version
        return self.bucket_key(call, bucket)

    def upload_key(self, call: Call, bucket: str, upload: str) -> ObjectKey | None:
        del upload
        return self.bucket_key(call, bucket)

    def has_object(self, call: Call, bucket: str, key: str, version: str | None) -> bool:
        del call, bucket, version
        return key.startswith("there/")

    def has_role(self, call: Call, role_arn: str) -> bool:
        del call
        return role_arn.endswith("/there")

    def queue_key(self, call: Call, queue_arn: str) -> str | None:
        del call
        return arn("kms", "key/queue") if queue_arn.endswith(":sealed") else None

    def secret_key(self, call: Call, secret_arn: str) -> str | None:
        del call
        return arn("kms", "key/secret") if ":sealed-" in secret_arn else None

    def resource_policy(self, call: Call, resource: str) -> ResourcePolicy:
        del call, resource
        return ResourcePolicy()
