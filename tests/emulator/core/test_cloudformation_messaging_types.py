"""Policies of queues and topics, and subscriptions, made, changed and deleted by a stack."""

import json
from typing import Any

from tests.fakes.stack_driver import StackDriver, declare


def policy(service: str, action: str) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": action, "Resource": "*"}
    return {"Version": "2012-10-17", "Statement": [statement]}


def test_bucket_tells_a_topic_and_the_topic_a_queue(stacks: StackDriver, aws: Any, unique: str) -> None:
    sqs, sns = aws("sqs"), aws("sns")
    resources = {
        "Queue": declare("AWS::SQS::Queue", QueueName=unique),
        "Topic": declare("AWS::SNS::Topic", TopicName=unique),
        "Subscription": declare(
            "AWS::SNS::Subscription",
            TopicArn={"Ref": "Topic"},
            Protocol="sqs",
            Endpoint={"Fn::GetAtt": ["Queue", "Arn"]},
            RawMessageDelivery=True,
        ),
        "QueuePolicy": declare(
            "AWS::SQS::QueuePolicy",
            Queues=[{"Ref": "Queue"}],
            PolicyDocument=policy("sns.amazonaws.com", "sqs:SendMessage"),
        ),
        "TopicPolicy": declare(
            "AWS::SNS::TopicPolicy",
            Topics=[{"Ref": "Topic"}],
            PolicyDocument=policy("s3.amazonaws.com", "sns:Publish"),
        ),
        "Bucket": {
            **declare(
                "AWS::S3::Bucket",
                BucketName=unique,
                NotificationConfiguration={
                    "TopicConfigurations": [{"Event": "s3:ObjectCreated:Put", "Topic": {"Ref": "Topic"}}]
                },
            ),
            "DependsOn": ["TopicPolicy", "Subscription"],
        },
    }
    assert stacks.create(resources)["StackStatus"] == "CREATE_COMPLETE", stacks.failures()
    url = sqs.get_queue_url(QueueName=unique)["QueueUrl"]
    topic = f"arn:aws:sns:us-east-1:123456789012:{unique}"
    (told,) = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=10)["Messages"]
    resources["QueuePolicy"]["Properties"]["PolicyDocument"] = policy(
        "events.amazonaws.com", "sqs:SendMessage"
    )
    resources["Subscription"]["Properties"]["FilterPolicy"] = {"kind": ["a"]}
    assert stacks.update(resources)["StackStatus"] == "UPDATE_COMPLETE", stacks.failures()
    attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["Policy"])["Attributes"]
    (subscription,) = sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    arn = subscription["SubscriptionArn"]
    changed = sns.get_subscription_attributes(SubscriptionArn=arn)["Attributes"]
    assert stacks.delete()["StackStatus"] == "DELETE_COMPLETE", stacks.failures()

    assert json.loads(told["Body"])["Event"] == "s3:TestEvent"
    (statement,) = json.loads(attributes["Policy"])["Statement"]
    assert statement["Principal"] == {"Service": "events.amazonaws.com"}
    assert json.loads(changed["FilterPolicy"]) == {"kind": ["a"]}
    assert topic not in {each["TopicArn"] for each in sns.list_topics()["Topics"]}
