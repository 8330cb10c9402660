"""AWS::Logs::LogGroup."""

from __future__ import annotations

from moto.logs.models import logs_backends

from mwaactl.emulator.cloudformation.resource_type import (
    Physical,
    Properties,
    ResourceContext,
    ResourceType,
    tags_as_map,
)
from mwaactl.emulator.cloudformation.service_calls import gone_is_fine, tag_changes, undo_on_failure


class LogGroup(ResourceType):
    """A log group; its Arn attribute ends in `:*`, as CloudFormation's does."""

    type_name = "AWS::Logs::LogGroup"
    properties = frozenset({"KmsKeyId", "LogGroupClass", "LogGroupName", "RetentionInDays", "Tags"})
    replaced_by = frozenset({"LogGroupClass", "LogGroupName"})
    attributes = frozenset({"Arn"})
    tag_style = "list"
    name_property = "LogGroupName"

    def create(self, context: ResourceContext, properties: Properties) -> Physical:
        """Create the group and set its retention."""
        logs = context.client("logs")
        name = properties.get("LogGroupName") or context.generated_name(512)
        key = {"kmsKeyId": properties["KmsKeyId"]} if "KmsKeyId" in properties else {}
        kind = {"logGroupClass": properties["LogGroupClass"]} if "LogGroupClass" in properties else {}
        tags = tags_as_map(properties.get("Tags"))
        logs.create_log_group(logGroupName=name, **key, **kind, **({"tags": tags} if tags else {}))
        with undo_on_failure(lambda: logs.delete_log_group(logGroupName=name)):
            if "RetentionInDays" in properties:
                logs.put_retention_policy(logGroupName=name, retentionInDays=properties["RetentionInDays"])
        arn = f"arn:aws:logs:{context.region}:{context.account_id}:log-group:{name}"
        return Physical(name, {"Arn": f"{arn}:*"})

    def update(
        self, context: ResourceContext, physical: Physical, old: Properties, new: Properties
    ) -> Physical:
        """Change retention, key and tags."""
        logs, name = context.client("logs"), physical.physical_id
        if "RetentionInDays" in new:
            logs.put_retention_policy(logGroupName=name, retentionInDays=new["RetentionInDays"])
        elif "RetentionInDays" in old:
            logs.delete_retention_policy(logGroupName=name)
        # moto has neither AssociateKmsKey nor DisassociateKmsKey: its own object takes the key.
        group = logs_backends[context.account_id][context.region].groups[name]
        group.kms_key_id = new.get("KmsKeyId")
        to_set, to_remove = tag_changes(old.get("Tags"), new.get("Tags"))
        arn = str(physical.attributes["Arn"]).removesuffix(":*")
        if to_set:
            logs.tag_resource(resourceArn=arn, tags=to_set)
        if to_remove:
            logs.untag_resource(resourceArn=arn, tagKeys=to_remove)
        return physical

    def delete(self, context: ResourceContext, physical: Physical, properties: Properties) -> None:  # noqa: ARG002
        """Delete the group."""
        with gone_is_fine("ResourceNotFoundException"):
            context.client("logs").delete_log_group(logGroupName=physical.physical_id)
