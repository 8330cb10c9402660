"""What S3 asks for beyond one action on one resource: versions, tags, the source of a copy, keys of KMS.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, unquote, urlsplit

from mwaactl.emulator.authorization.access import Access
from mwaactl.emulator.authorization.key_use import key_use
from mwaactl.emulator.authorization.lookups import ObjectKey

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mwaactl.emulator.authorization.call import Call
    from mwaactl.emulator.authorization.lookups import Lookups
    from mwaactl.emulator.iam.templates import Values

_OF_VERSIONS = {
    "GetObject", "GetObjectAcl", "GetObjectTagging", "DeleteObject", "DeleteObjectTagging", "PutObjectAcl",
    "PutObjectTagging", "HeadObject", "GetObjectAttributes",
}  # fmt: skip
_READS = {"GetObject", "HeadObject", "GetObjectAttributes", "SelectObjectContent"}
_COPIES = {"CopyObject", "UploadPartCopy"}
_WRITES = {"PutObject", "CopyObject", "CreateMultipartUpload"}
_OF_UPLOADS = {"UploadPart", "UploadPartCopy", "CompleteMultipartUpload"}
_KMS = {"aws:kms", "aws:kms:dsse"}


def s3_accesses(call: Call, base: tuple[Access, ...], lookups: Lookups) -> Iterator[Access]:
    """Yield everything that a call of S3 asks for.

    Args:
        call: The call.
        base: What it asks for by its operation and resource alone.
        lookups: The state of the account.
    """
    version = call.parameters.get("VersionId")
    if call.operation == "DeleteObjects":
        yield from _deletions(call, base)
        return
    for access in (*_to_read_attributes(call, base), *base):
        yield _of_version(access) if version and call.operation in _OF_VERSIONS else access
    for access in base[:1]:
        yield from _to_see_absence(call, access, lookups)
        yield from _for_headers(call, access)
    yield from _for_source(call, base, lookups)
    yield from _for_keys(call, lookups)


def _deletions(call: Call, base: tuple[Access, ...]) -> Iterator[Access]:
    """Yield what each key of a list takes; one that names a version takes the permission for versions."""
    keys = base[0].keys if base else MappingProxyType({})
    for each in call.parameters.get("Delete", {}).get("Objects", ()):
        resource = f"arn:{call.partition}:s3:::{call.parameters['Bucket']}/{each.get('Key')}"
        access = Access("s3:DeleteObject", resource, keys)
        yield _of_version(access) if each.get("VersionId") else access


def _to_read_attributes(call: Call, base: tuple[Access, ...]) -> Iterator[Access]:
    """GetObjectAttributes answers what HeadObject does and more: it takes both permissions."""
    if call.operation == "GetObjectAttributes":
        yield from (Access("s3:GetObject", access.resource, access.keys) for access in base)


def _of_version(access: Access) -> Access:
    """Return the action on a version of its own: s3:GetObjectVersion, s3:DeleteObjectVersionTagging."""
    return Access(access.action.replace("Object", "ObjectVersion", 1), access.resource, access.keys)


def _to_see_absence(call: Call, access: Access, lookups: Lookups) -> Iterator[Access]:
    """Who may not list a bucket does not learn that an object is not there: they are denied."""
    bucket, key = call.parameters.get("Bucket"), call.parameters.get("Key")
    absent = bucket and key and not lookups.has_object(call, bucket, key, call.parameters.get("VersionId"))
    if call.operation in _READS and absent:
        yield Access("s3:ListBucket", f"arn:{call.partition}:s3:::{bucket}", access.keys)


def _for_headers(call: Call, access: Access) -> Iterator[Access]:
    parameters, writes = (
        call.parameters,
        call.operation in {"PutObject", "CopyObject", "CreateMultipartUpload"},
    )
    grants = any(name.startswith("Grant") for name in parameters)
    if writes and (grants or "ACL" in parameters):
        yield Access("s3:PutObjectAcl", access.resource, access.keys)
    if writes and "Tagging" in parameters:
        tags = {name: values[0] for name, values in parse_qs(str(parameters["Tagging"])).items()}
        asked = {f"s3:requestobjecttag/{name.lower()}": value for name, value in tags.items()}
        keys = {**access.keys, **asked, "s3:requestobjecttagkeys": tuple(tags)}
        yield Access("s3:PutObjectTagging", access.resource, MappingProxyType(keys))
    if call.operation == "DeleteObject" and parameters.get("BypassGovernanceRetention"):
        yield Access("s3:BypassGovernanceRetention", access.resource, access.keys)


def _for_source(call: Call, base: tuple[Access, ...], lookups: Lookups) -> Iterator[Access]:
    source = _copy_source(call.parameters) if call.operation in _COPIES else None
    if source:
        bucket, key, version = source
        action = "s3:GetObjectVersion" if version else "s3:GetObject"
        keys: Values = base[0].keys if base else MappingProxyType({})
        yield Access(action, f"arn:{call.partition}:s3:::{bucket}/{key}", keys)
        if encrypted := lookups.object_key(call, bucket, key, version):
            yield _s3_key_use(call, "Decrypt", encrypted, bucket, key)


def _for_keys(call: Call, lookups: Lookups) -> Iterator[Access]:
    bucket, key = call.parameters.get("Bucket", ""), call.parameters.get("Key", "")
    if call.operation == "GetObject" or (
        call.operation == "HeadObject" and "ChecksumMode" in call.parameters
    ):
        encrypted = lookups.object_key(call, bucket, key, call.parameters.get("VersionId"))
        if encrypted:
            yield _s3_key_use(call, "Decrypt", encrypted, bucket, key)
    if call.operation in _WRITES and (wanted := _wanted_key(call.parameters, call, lookups)):
        yield _s3_key_use(call, "GenerateDataKey", wanted, bucket, key)
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html#mpuAndPermissions
    if call.operation in _OF_UPLOADS:
        begun = lookups.upload_key(call, bucket, str(call.parameters.get("UploadId")))
        if begun:
            yield _s3_key_use(call, "Decrypt", begun, bucket, key)


def _wanted_key(parameters: Mapping[str, object], call: Call, lookups: Lookups) -> ObjectKey | None:
    """Return the key that an object will be encrypted with: the request's, else the bucket's.

    A request that asks for KMS and names no key gets AWS's own.
    """
    named = parameters.get("SSEKMSKeyId")
    default = lookups.bucket_key(call, str(parameters["Bucket"]))
    asked = parameters.get("ServerSideEncryption")
    if named and (arn := lookups.key_arn(call, str(named))):
        by_bucket = parameters.get("BucketKeyEnabled", bool(default and default.of_bucket))
        return ObjectKey(arn, bool(by_bucket)) if asked in _KMS else default
    return None if asked or named else default


def _s3_key_use(call: Call, verb: str, used: ObjectKey, bucket: str, key: str) -> Access:
    """Return the use of a key; its context is the object, or the bucket if that has a key of its own.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-key.html
    """
    resource = bucket if used.of_bucket else f"{bucket}/{key}"
    context = {"aws:s3:arn": f"arn:{call.partition}:s3:::{resource}"}
    return key_use(call, verb, used.arn, "s3", context)


def _copy_source(parameters: Mapping[str, object]) -> tuple[str, str, str | None] | None:
    """Return bucket, key and version of `x-amz-copy-source`, or None."""
    path = urlsplit(str(parameters.get("CopySource", "")))
    bucket, _, key = unquote(path.path).removeprefix("/").partition("/")
    version = parse_qs(path.query).get("versionId", [None])[0]
    return (bucket, key, version) if bucket and key else None
