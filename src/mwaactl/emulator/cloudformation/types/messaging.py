"""AWS::SQS::QueuePolicy, AWS::SNS::TopicPolicy and AWS::SNS::Subscription."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from mwaactl.emulator.cloudformation.resource_type import Physical, ResourceContext, ResourceType, picked
from mwaactl.emulator.cloudformation.service_calls import gone_is_fine

if TYPE_CHECKING:
    from mwaactl.emulator.cloudformation.resource_type import Properties

_GONE = ("AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist", "NotFound")
_FIRST_ACTIONS = (
    "GetTopicAttributes",
    "SetTopicAttributes",
    "AddPermission",
    "RemovePermission",
    "DeleteTopic",
    "Subscribe",
    "ListSubscriptionsByTopic",
    "Publish",
)
_ATTRIBUTES = ("DeliveryPolicy", "FilterPolicy", "FilterPolicyScope", "RawMessageDelivery", "RedrivePolicy")


class QueuePolicy(ResourceType):
    """The policy of one or more queues."""

    type_name = "AWS::SQS::QueuePolicy"
    properties = frozenset({"PolicyDocument", "Queues"})

    def create(self, context: ResourceContext, properties: Properties) -> Physical:
        """Put the policy on each queue."""
        self._put(context, properties["Queues"], json.dumps(properties["PolicyDocument"]))
        return Physical(context.generated_name(64))

    def update(
        self, context: ResourceContext, physical: Physical, old: Properties, new: Properties
    ) -> Physical:
        """Put the new policy, and take it from queues that are no longer named."""
        self._put(context, [queue for queue in old["Queues"] if queue not in new["Queues"]], "")
        self._put(context, new["Queues"], json.dumps(new["PolicyDocument"]))
        return physical

    def delete(self, context: ResourceContext, physical: Physical, properties: Properties) -> None:  # noqa: ARG002
        """Take the policy from each queue."""
        for queue in properties["Queues"]:
            with gone_is_fine(*_GONE):
                self._put(context, [queue], "")

    def _put(self, context: ResourceContext, queues: Any, policy: str) -> None:  # noqa: ANN401 - a list of URLs
        for queue in queues:
            context.client("sqs").set_queue_attributes(QueueUrl=queue, Attributes={"Policy": policy})


class TopicPolicy(ResourceType):
    """The policy of one or more topics."""

    type_name = "AWS::SNS::TopicPolicy"
    properties = frozenset({"PolicyDocument", "Topics"})

    def create(self, context: ResourceContext, properties: Properties) -> Physical:
        """Put the policy on each topic."""
        self._put(context, properties["Topics"], properties["PolicyDocument"])
        return Physical(context.generated_name(64))

    def update(
        self, context: ResourceContext, physical: Physical, old: Properties, new: Properties
    ) -> Physical:
        """Put the new policy; topics that are no longer named have their first one again."""
        for topic in old["Topics"]:
            if topic not in new["Topics"]:
                self._put(context, [topic], _first_policy(topic))
        self._put(context, new["Topics"], new["PolicyDocument"])
        return physical

    def delete(self, context: ResourceContext, physical: Physical, properties: Properties) -> None:  # noqa: ARG002
        """Give each topic its first policy back, as CloudFormation does."""
        for topic in properties["Topics"]:
            with gone_is_fine(*_GONE):
                self._put(context, [topic], _first_policy(topic))

    def _put(self, context: ResourceContext, topics: Any, policy: Any) -> None:  # noqa: ANN401
        for topic in topics:
            context.client("sns").set_topic_attributes(
                TopicArn=topic, AttributeName="Policy", AttributeValue=json.dumps(policy)
            )


class Subscription(ResourceType):
    """What a topic tells."""

    type_name = "AWS::SNS::Subscription"
    properties = frozenset({*_ATTRIBUTES, "Endpoint", "Protocol", "TopicArn"})
    replaced_by = frozenset({"Endpoint", "Protocol", "TopicArn"})
    attributes = frozenset({"Arn"})

    def create(self, context: ResourceContext, properties: Properties) -> Physical:
        """Subscribe the endpoint."""
        made = context.client("sns").subscribe(
            TopicArn=properties["TopicArn"],
            Protocol=properties["Protocol"],
            Attributes={name: _text(value) for name, value in picked(properties, *_ATTRIBUTES).items()},
            **picked(properties, "Endpoint"),
        )
        arn = made["SubscriptionArn"]
        return Physical(arn, {"Arn": arn})

    def update(
        self, context: ResourceContext, physical: Physical, old: Properties, new: Properties
    ) -> Physical:
        """Change the attributes that differ."""
        for name in _ATTRIBUTES:
            if old.get(name) != new.get(name):
                context.client("sns").set_subscription_attributes(
                    SubscriptionArn=physical.physical_id,
                    AttributeName=name,
                    AttributeValue=_text(new.get(name, {})),
                )
        return physical

    def delete(self, context: ResourceContext, physical: Physical, properties: Properties) -> None:  # noqa: ARG002
        """End the subscription."""
        with gone_is_fine(*_GONE):
            context.client("sns").unsubscribe(SubscriptionArn=physical.physical_id)


def _text(value: Any) -> str:  # noqa: ANN401 - as the template writes it
    return value if isinstance(value, str) else json.dumps(value)


def _first_policy(topic: str) -> dict[str, Any]:
    account = topic.split(":")[4]
    statement = {
        "Sid": "__default_statement_ID",
        "Effect": "Allow",
        "Principal": {"AWS": "*"},
        "Action": [f"SNS:{action}" for action in _FIRST_ACTIONS],
        "Resource": topic,
        "Condition": {"StringEquals": {"AWS:SourceOwner": account}},
    }
    return {"Version": "2008-10-17", "Id": "__default_policy_ID", "Statement": [statement]}
