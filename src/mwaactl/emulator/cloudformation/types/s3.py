"""AWS::S3::Bucket and AWS::S3::BucketPolicy."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from mwaactl.emulator.cloudformation.resource_type import (
    Physical,
    ResourceContext,
    ResourceType,
    changed_properties,
    tags_as_list,
)
from mwaactl.emulator.cloudformation.service_calls import gone_is_fine, translated, undo_on_failure
from mwaactl.emulator.cloudformation.types.bucket_notifications import notification_configuration
from mwaactl.emulator.cloudformation.types.lifecycle_rules import lifecycle_rules

if TYPE_CHECKING:
    from mwaactl.emulator.cloudformation.resource_type import Properties

_LOGGING = {"DestinationBucketName": "TargetBucket", "LogFilePrefix": "TargetPrefix"}


class Bucket(ResourceType):
    """A bucket; each of its settings is an API call of its own."""

    type_name = "AWS::S3::Bucket"
    properties = frozenset(
        {
            "BucketEncryption",
            "BucketName",
            "LifecycleConfiguration",
            "LoggingConfiguration",
            "NotificationConfiguration",
            "OwnershipControls",
            "PublicAccessBlockConfiguration",
            "Tags",
            "VersioningConfiguration",
        }
    )
    replaced_by = frozenset({"BucketName"})
    attributes = frozenset({"Arn", "DomainName", "RegionalDomainName"})
    tag_style = "list"
    name_property = "BucketName"

    def create(self, context: ResourceContext, properties: Properties) -> Physical:
        """Create the bucket, then its settings; a bucket whose settings fail is removed again."""
        s3 = context.client("s3")
        name = properties.get("BucketName") or context.generated_name(63, lower=True)
        # us-east-1 is the one region that must not be named: API_CreateBucket, LocationConstraint.
        abroad = {"LocationConstraint": context.region}
        where = {} if context.region == "us-east-1" else {"CreateBucketConfiguration": abroad}
        s3.create_bucket(Bucket=name, **where)
        with undo_on_failure(lambda: s3.delete_bucket(Bucket=name)):
            _configure(s3, name, {}, properties)
        attributes = {
            "Arn": f"arn:aws:s3:::{name}",
            "DomainName": f"{name}.s3.amazonaws.com",
            "RegionalDomainName": f"{name}.s3.{context.region}.amazonaws.com",
        }
        return Physical(name, attributes)

    def update(
        self, context: ResourceContext, physical: Physical, old: Properties, new: Properties
    ) -> Physical:
        """Set what differs and remove what is no longer said."""
        _configure(context.client("s3"), physical.physical_id, old, new)
        return physical

    def delete(self, context: ResourceContext, physical: Physical, properties: Properties) -> None:  # noqa: ARG002
        """Delete the bucket, which must be empty."""
        with gone_is_fine("NoSuchBucket"):
            context.client("s3").delete_bucket(Bucket=physical.physical_id)


class BucketPolicy(ResourceType):
    """A bucket's policy."""

    type_name = "AWS::S3::BucketPolicy"
    properties = frozenset({"Bucket", "PolicyDocument"})
    replaced_by = frozenset({"Bucket"})

    def create(self, context: ResourceContext, properties: Properties) -> Physical:
        """Put the policy."""
        _put_policy(context, properties)
        return Physical(str(properties["Bucket"]))

    def update(
        self,
        context: ResourceContext,
        physical: Physical,
        old: Properties,  # noqa: ARG002
        new: Properties,
    ) -> Physical:
        """Put the new policy in the place of the old."""
        _put_policy(context, new)
        return physical

    def delete(self, context: ResourceContext, physical: Physical, properties: Properties) -> None:  # noqa: ARG002
        """Delete the policy."""
        with gone_is_fine("NoSuchBucket", "NoSuchBucketPolicy"):
            context.client("s3").delete_bucket_policy(Bucket=physical.physical_id)


def _put_policy(context: ResourceContext, properties: Properties) -> None:
    document = json.dumps(properties["PolicyDocument"])
    context.client("s3").put_bucket_policy(Bucket=properties["Bucket"], Policy=document)


def _configure(s3: Any, bucket: str, old: Properties, new: Properties) -> None:  # noqa: ANN401
    for name in sorted(changed_properties(old, new) - {"BucketName"}):
        value = new.get(name)
        operation, request = _removal(name) if value is None else _setting(name, value)
        getattr(s3, operation)(Bucket=bucket, **request)


def _setting(name: str, value: Any) -> tuple[str, dict[str, Any]]:  # noqa: ANN401, PLR0911
    """Return the operation that puts a setting, with its parameters."""
    match name:
        case "BucketEncryption":
            rules = [
                {"ApplyServerSideEncryptionByDefault": rule["ServerSideEncryptionByDefault"]}
                | {key: rule[key] for key in rule if key != "ServerSideEncryptionByDefault"}
                for rule in value["ServerSideEncryptionConfiguration"]
            ]
            return "put_bucket_encryption", {"ServerSideEncryptionConfiguration": {"Rules": rules}}
        case "LifecycleConfiguration":
            rules = lifecycle_rules(value)
            return "put_bucket_lifecycle_configuration", {"LifecycleConfiguration": {"Rules": rules}}
        case "LoggingConfiguration":
            target = {"TargetPrefix": ""} | translated(value, _LOGGING, name)
            return "put_bucket_logging", {"BucketLoggingStatus": {"LoggingEnabled": target}}
        case "NotificationConfiguration":
            rules_of_events = notification_configuration(value)
            return "put_bucket_notification_configuration", {"NotificationConfiguration": rules_of_events}
        case "OwnershipControls":
            return "put_bucket_ownership_controls", {"OwnershipControls": value}
        case "PublicAccessBlockConfiguration":
            return "put_public_access_block", {"PublicAccessBlockConfiguration": value}
        case "Tags":
            return "put_bucket_tagging", {"Tagging": {"TagSet": tags_as_list(value)}}
        case _:
            return "put_bucket_versioning", {"VersioningConfiguration": value}


def _removal(name: str) -> tuple[str, dict[str, Any]]:
    """Return the operation that takes a setting away."""
    operations = {
        "BucketEncryption": "delete_bucket_encryption",
        "LifecycleConfiguration": "delete_bucket_lifecycle",
        "OwnershipControls": "delete_bucket_ownership_controls",
        "PublicAccessBlockConfiguration": "delete_public_access_block",
        "Tags": "delete_bucket_tagging",
    }
    if name == "LoggingConfiguration":
        return "put_bucket_logging", {"BucketLoggingStatus": {}}
    if name == "NotificationConfiguration":
        return "put_bucket_notification_configuration", {"NotificationConfiguration": {}}
    if name == "VersioningConfiguration":
        return "put_bucket_versioning", {"VersioningConfiguration": {"Status": "Suspended"}}
    return operations[name], {}
