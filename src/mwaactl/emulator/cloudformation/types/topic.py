"""AWS::SNS::Topic."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mwaactl.emulator.cloudformation.faults import ResourceFailure
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

_ATTRIBUTES = ("ContentBasedDeduplication", "DisplayName", "KmsMasterKeyId")


class Topic(ResourceType):
    """A topic; Ref gives its ARN. An update keeps its policy and subscriptions."""

    type_name = "AWS::SNS::Topic"
    properties = frozenset({*_ATTRIBUTES, "FifoTopic", "Subscription", "Tags", "TopicName"})
    replaced_by = frozenset({"FifoTopic", "TopicName"})
    attributes = frozenset({"TopicArn", "TopicName"})
    tag_style = "list"
    name_property = "TopicName"

    def create(self, context: ResourceContext, properties: Properties) -> Physical:
        """Create the topic and subscribe what it names."""
        name = properties.get("TopicName") or context.generated_name(250)
        arn = f"arn:aws:sns:{context.region}:{context.account_id}:{name}"
        sns = context.client("sns")
        if any(each["TopicArn"] == arn for page in _pages(sns) for each in page["Topics"]):
            message = f"{name} already exists"
            raise ResourceFailure(message)
        given = {key: _text(value) for key, value in picked(properties, *_ATTRIBUTES, "FifoTopic").items()}
        sns.create_topic(Name=name, Attributes=given, Tags=tags_as_list(properties.get("Tags")))
        with undo_on_failure(lambda: sns.delete_topic(TopicArn=arn)):
            self._subscribe(sns, arn, properties.get("Subscription", ()))
        return Physical(arn, {"TopicArn": arn, "TopicName": name})

    def update(
        self, context: ResourceContext, physical: Physical, old: Properties, new: Properties
    ) -> Physical:
        """Change attributes, subscriptions and tags."""
        sns, arn = context.client("sns"), physical.physical_id
        for name in _ATTRIBUTES:
            if old.get(name) != new.get(name):
                value = _text(new.get(name, ""))
                sns.set_topic_attributes(TopicArn=arn, AttributeName=name, AttributeValue=value)
        before, after = old.get("Subscription", ()), new.get("Subscription", ())
        self._unsubscribe(sns, arn, [each for each in before if each not in after])
        self._subscribe(sns, arn, [each for each in after if each not in before])
        to_set, to_remove = tag_changes(old.get("Tags"), new.get("Tags"))
        if to_set:
            sns.tag_resource(ResourceArn=arn, Tags=tags_as_list(to_set))
        if to_remove:
            sns.untag_resource(ResourceArn=arn, TagKeys=to_remove)
        return physical

    def delete(self, context: ResourceContext, physical: Physical, properties: Properties) -> None:  # noqa: ARG002
        """Delete the topic with its subscriptions."""
        sns, arn = context.client("sns"), physical.physical_id
        with gone_is_fine("NotFound"):
            for each in sns.list_subscriptions_by_topic(TopicArn=arn)["Subscriptions"]:
                sns.unsubscribe(SubscriptionArn=each["SubscriptionArn"])
            sns.delete_topic(TopicArn=arn)

    def _subscribe(self, sns: Any, arn: str, wanted: Any) -> None:  # noqa: ANN401 - boto3's; a list
        for each in wanted:
            sns.subscribe(TopicArn=arn, Protocol=each["Protocol"], Endpoint=each["Endpoint"])

    def _unsubscribe(self, sns: Any, arn: str, unwanted: Any) -> None:  # noqa: ANN401 - boto3's; a list
        gone = {(each["Protocol"], each["Endpoint"]) for each in unwanted}
        for each in sns.list_subscriptions_by_topic(TopicArn=arn)["Subscriptions"] if gone else ():
            if (each["Protocol"], each["Endpoint"]) in gone:
                sns.unsubscribe(SubscriptionArn=each["SubscriptionArn"])


def _pages(sns: Any) -> Any:  # noqa: ANN401 - boto3's
    return sns.get_paginator("list_topics").paginate()


def _text(value: Any) -> str:  # noqa: ANN401 - as the template writes it
    return str(value).lower() if isinstance(value, bool) else str(value)
