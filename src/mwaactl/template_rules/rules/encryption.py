"""Rules about the keys of an environment, its bucket and its logs."""

from collections.abc import Iterator, Mapping
from typing import Any

from mwaactl.template_rules.rule import DOCS, Found, Subject, TemplateRule
from mwaactl.template_rules.rules.source_bucket import source_bucket
from mwaactl.template_rules.templates import Resource
from mwaactl.template_rules.values import as_list, as_mapping, is_absent, switch, text

_PAGE = f"{DOCS}/custom-keys-certs.html"
_ENCRYPTION = "BucketEncryption"


def _bucket_key(bucket: Resource) -> object:
    """The customer-managed key of a bucket, as it stands there; None where it has none."""
    encryption = as_mapping(bucket.properties.get(_ENCRYPTION))
    for each in as_list(encryption.get("ServerSideEncryptionConfiguration")):
        default = as_mapping(as_mapping(each).get("ServerSideEncryptionByDefault"))
        if str(default.get("SSEAlgorithm")).startswith("aws:kms"):
            return default.get("KMSMasterKeyID")
    return None


def _same_key(subject: Subject) -> Iterator[Found]:
    bucket = source_bucket(subject)
    if bucket is None:
        return
    own, theirs = subject.properties.get("KmsKey"), _bucket_key(bucket)
    if is_absent(own) and not is_absent(theirs):
        yield (), "the source bucket has a key of the account, and the environment has none"
    elif not is_absent(own) and not is_absent(theirs):
        key = subject.templates.behind(subject.resource.template, own)
        other = subject.templates.behind(bucket.template, theirs)
        if _differ(key, other, text(own), text(theirs)):
            yield ("KmsKey",), "the environment's key is not that of the source bucket"


def _differ(key: Resource | None, other: Resource | None, name: str | None, other_name: str | None) -> bool:
    """Says whether two keys are certainly two: what is made here has no ARN that could be written."""
    if key is not None and other is not None:
        return key.place != other.place
    if key is None and other is None:
        return name is not None and other_name is not None and name != other_name
    return name is not None or other_name is not None


def _own_key(subject: Subject) -> Iterator[Found]:
    stated, key = subject.text("KmsKey"), subject.behind("KmsKey")
    if (key is not None and key.kind == "AWS::KMS::Alias") or ":alias/" in (stated or ""):
        yield ("KmsKey",), "KmsKey is an alias, which Amazon MWAA does not take"
    elif key is not None and switch(key.properties.get("MultiRegion")):
        yield ("MultiRegion",), "Amazon MWAA does not take a multi-Region key", key


def _for_logs(subject: Subject) -> Iterator[Found]:
    """MWAA encrypts its log groups with the environment's key, and CloudWatch Logs has to be let to it."""
    key = subject.behind("KmsKey")
    if key is None or key.kind != "AWS::KMS::Key":
        return
    statements = as_list(as_mapping(key.properties.get("KeyPolicy")).get("Statement"))
    if not any(_lets_logs(as_mapping(each)) for each in statements):
        yield ("KeyPolicy",), "CloudWatch Logs may not use the environment's key", key


def _lets_logs(statement: Mapping[str, Any]) -> bool:
    services = as_list(as_mapping(statement.get("Principal")).get("Service"))
    allowed = statement.get("Effect") == "Allow"
    return allowed and any(_is_logs(each) for each in services)


def _is_logs(service: object) -> bool:
    name = text(service)
    return name.startswith("logs.") if name is not None else "logs." in str(service)


ENCRYPTION_RULES = (
    TemplateRule(
        "MW051",
        "error",
        "Environment and source bucket use the same key",
        "give the bucket's key as KmsKey; it cannot be changed later",
        _PAGE,
        _same_key,
    ),
    TemplateRule(
        "MW052",
        "error",
        "The key is one that Amazon MWAA takes",
        "give the ARN of a symmetric key of this Region",
        _PAGE,
        _own_key,
    ),
    TemplateRule(
        "MW053",
        "error",
        "CloudWatch Logs may use the environment's key",
        "add the statement for logs.REGION.amazonaws.com to the key policy",
        _PAGE,
        _for_logs,
    ),
)
