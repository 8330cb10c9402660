"""AWS::KMS::Key and AWS::KMS::Alias."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any

from mwaactl.emulator.cloudformation.resource_type import (
    Physical,
    ResourceContext,
    ResourceType,
    picked,
    tags_as_list,
)
from mwaactl.emulator.cloudformation.service_calls import gone_is_fine, tag_changes, undo_on_failure

if TYPE_CHECKING:
    from mwaactl.emulator.cloudformation.resource_type import Properties


class Key(ResourceType):
    """A customer managed key."""

    type_name = "AWS::KMS::Key"
    properties = frozenset(
        {
            "Description",
            "EnableKeyRotation",
            "Enabled",
            "KeyPolicy",
            "KeySpec",
            "KeyUsage",
            "PendingWindowInDays",
            "Tags",
        }
    )
    replaced_by = frozenset({"KeySpec", "KeyUsage"})
    attributes = frozenset({"Arn", "KeyId"})
    tag_style = "list"

    def create(self, context: ResourceContext, properties: Properties) -> Physical:
        """Create the key."""
        kms = context.client("kms")
        policy = {"Policy": json.dumps(properties["KeyPolicy"])} if "KeyPolicy" in properties else {}
        tags = tags_as_list(properties.get("Tags"), "TagKey", "TagValue")
        wanted = picked(properties, "Description", "KeySpec", "KeyUsage")
        made = kms.create_key(**wanted, **policy, Tags=tags)["KeyMetadata"]
        undo = partial(kms.schedule_key_deletion, KeyId=made["KeyId"], PendingWindowInDays=7)
        with undo_on_failure(undo):
            _set_states(kms, made["KeyId"], {}, properties)
        return Physical(made["KeyId"], {"Arn": made["Arn"], "KeyId": made["KeyId"]})

    def update(
        self, context: ResourceContext, physical: Physical, old: Properties, new: Properties
    ) -> Physical:
        """Change description, policy, rotation, state and tags."""
        kms, key = context.client("kms"), physical.physical_id
        if old.get("Description") != new.get("Description"):
            kms.update_key_description(KeyId=key, Description=new.get("Description", ""))
        if "KeyPolicy" in new and old.get("KeyPolicy") != new["KeyPolicy"]:
            kms.put_key_policy(KeyId=key, PolicyName="default", Policy=json.dumps(new["KeyPolicy"]))
        _set_states(kms, key, old, new)
        to_set, to_remove = tag_changes(old.get("Tags"), new.get("Tags"))
        if to_set:
            kms.tag_resource(KeyId=key, Tags=tags_as_list(to_set, "TagKey", "TagValue"))
        if to_remove:
            kms.untag_resource(KeyId=key, TagKeys=to_remove)
        return physical

    def delete(self, context: ResourceContext, physical: Physical, properties: Properties) -> None:
        """Schedule the key's deletion, which is all that KMS offers."""
        days = properties.get("PendingWindowInDays", 30)
        with gone_is_fine("NotFoundException"):
            kms = context.client("kms")
            kms.schedule_key_deletion(KeyId=physical.physical_id, PendingWindowInDays=days)


class Alias(ResourceType):
    """A name for a key."""

    type_name = "AWS::KMS::Alias"
    properties = frozenset({"AliasName", "TargetKeyId"})
    replaced_by = frozenset({"AliasName"})
    name_property = "AliasName"

    def create(self, context: ResourceContext, properties: Properties) -> Physical:
        """Create the alias."""
        context.client("kms").create_alias(**_alias(properties))
        return Physical(str(properties["AliasName"]))

    def update(
        self,
        context: ResourceContext,
        physical: Physical,
        old: Properties,  # noqa: ARG002
        new: Properties,
    ) -> Physical:
        """Let the alias name another key."""
        context.client("kms").update_alias(**_alias(new))
        return physical

    def delete(self, context: ResourceContext, physical: Physical, properties: Properties) -> None:  # noqa: ARG002
        """Delete the alias."""
        with gone_is_fine("NotFoundException"):
            context.client("kms").delete_alias(AliasName=physical.physical_id)


def _alias(properties: Properties) -> dict[str, str]:
    # KMS takes the key's ARN as well as its id; moto finds it by id.
    target = str(properties["TargetKeyId"]).rpartition("key/")[2]
    return {"AliasName": properties["AliasName"], "TargetKeyId": target}


def _set_states(kms: Any, key: str, old: Properties, new: Properties) -> None:  # noqa: ANN401
    rotating, rotate = bool(old.get("EnableKeyRotation")), bool(new.get("EnableKeyRotation"))
    if rotating != rotate:
        (kms.enable_key_rotation if rotate else kms.disable_key_rotation)(KeyId=key)
    was_enabled, enabled = bool(old.get("Enabled", True)), bool(new.get("Enabled", True))
    if was_enabled != enabled:
        (kms.enable_key if enabled else kms.disable_key)(KeyId=key)
