"""Rules about the bucket that an environment reads its code from."""

from collections.abc import Iterator, Mapping
from typing import Any

from mwaactl.template_rules.rule import DOCS, Found, Subject, TemplateRule
from mwaactl.template_rules.templates import Resource
from mwaactl.template_rules.values import as_list, as_mapping, is_absent, switch, text

_PAGE = f"{DOCS}/mwaa-s3-bucket.html"
_BLOCK = "PublicAccessBlockConfiguration"
_SWITCHES = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")


def source_bucket(subject: Subject) -> Resource | None:
    """Returns the source bucket, if the templates have it."""
    return subject.templates.bucket(subject.resource.template, subject.properties.get("SourceBucketArn"))


def _given(subject: Subject) -> Iterator[Found]:
    if is_absent(subject.properties.get("SourceBucketArn")):
        yield (), "SourceBucketArn is missing"


def _versioned(subject: Subject) -> Iterator[Found]:
    bucket = source_bucket(subject)
    if bucket is None:
        return
    status = as_mapping(bucket.properties.get("VersioningConfiguration")).get("Status")
    if is_absent(status) or text(status) not in {None, "Enabled"}:
        yield ("VersioningConfiguration",), f"{bucket.logical_id} keeps no versions", bucket


def _closed(subject: Subject) -> Iterator[Found]:
    bucket = source_bucket(subject)
    if bucket is None:
        return
    block = as_mapping(bucket.properties.get(_BLOCK))
    open_ones = [name for name in _SWITCHES if is_absent(block.get(name)) or switch(block[name]) is False]
    if open_ones:
        names = ", ".join(open_ones)
        yield (
            (_BLOCK,),
            f"{bucket.logical_id} does not block public access: {names}",
            bucket,
        )


def _keeps_code(subject: Subject) -> Iterator[Found]:
    bucket = source_bucket(subject)
    if bucket is None:
        return
    rules = as_list(as_mapping(bucket.properties.get("LifecycleConfiguration")).get("Rules"))
    for index, rule in enumerate(as_mapping(each) for each in rules):
        if rule.get("Status") == "Enabled" and _expires(rule) and _is_about_dags(subject, rule):
            place = ("LifecycleConfiguration", "Rules", index)
            yield place, "the lifecycle of the source bucket deletes DAGs that are in use", bucket


def _expires(rule: Mapping[str, Any]) -> bool:
    return any(not is_absent(rule.get(name)) for name in ("ExpirationInDays", "ExpirationDate"))


def _is_about_dags(subject: Subject, rule: Mapping[str, Any]) -> bool:
    if is_absent(rule.get("Prefix")):
        return is_absent(rule.get("TagFilters"))
    folder, begin = subject.text("DagS3Path"), text(rule.get("Prefix"))
    return bool(folder) and begin is not None and f"{folder}/".startswith(begin)


SOURCE_BUCKET_RULES = (
    TemplateRule(
        "MW043",
        "error",
        "The environment has a source bucket",
        "give SourceBucketArn",
        _PAGE,
        _given,
    ),
    TemplateRule(
        "MW044",
        "error",
        "The source bucket keeps versions",
        "enable its versioning: MWAA takes plugins and requirements by version",
        _PAGE,
        _versioned,
    ),
    TemplateRule(
        "MW045",
        "error",
        "The source bucket blocks public access",
        "switch all four on: MWAA refuses the bucket otherwise",
        _PAGE,
        _closed,
    ),
    TemplateRule(
        "MW046",
        "error",
        "The source bucket's lifecycle does not delete code",
        "let only noncurrent versions expire",
        "https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html",
        _keeps_code,
    ),
)
