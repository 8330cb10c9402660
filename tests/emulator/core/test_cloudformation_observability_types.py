"""What watches an environment, made, changed and deleted by a stack: topics, filters, rules and the rest."""

import json
from datetime import UTC, datetime, timedelta
from time import time
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.fakes.stack_driver import StackDriver, declare

ACCOUNT, REGION = "123456789012", "us-east-1"


def allow(service: str, action: str) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": action, "Resource": "*"}
    return {"Version": "2012-10-17", "Statement": [statement]}


def key(*services: str) -> dict[str, Any]:
    root = {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
        "Action": "kms:*",
        "Resource": "*",
    }
    statements = [root, *(each for name in services for each in allow(name, "kms:*")["Statement"])]
    return declare("AWS::KMS::Key", KeyPolicy={"Version": "2012-10-17", "Statement": statements})


def watched_topic(unique: str, service: str, *key_services: str) -> dict[str, Any]:
    """An encrypted topic that a service may publish to, and a queue that shows what arrives."""
    return {
        "Key": key(*key_services),
        "Topic": declare("AWS::SNS::Topic", TopicName=unique, KmsMasterKeyId={"Fn::GetAtt": ["Key", "Arn"]}),
        "TopicPolicy": declare(
            "AWS::SNS::TopicPolicy",
            Topics=[{"Ref": "Topic"}],
            PolicyDocument=allow(service, "sns:Publish"),
        ),
        "Queue": declare("AWS::SQS::Queue", QueueName=unique),
        "Subscription": declare(
            "AWS::SNS::Subscription",
            TopicArn={"Ref": "Topic"},
            Protocol="sqs",
            Endpoint={"Fn::GetAtt": ["Queue", "Arn"]},
            RawMessageDelivery=True,
        ),
    }


def status_rule(unique: str, status: str) -> dict[str, Any]:
    return declare(
        "AWS::Events::Rule",
        Name=unique,
        EventPattern={
            "source": ["aws.cloudformation"],
            "detail-type": ["CloudFormation Stack Status Change"],
            "detail": {
                "stack-id": [{"prefix": f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/{unique}-told/"}],
                "status-details": {"status": [status]},
            },
        },
        Targets=[{"Id": "topic", "Arn": {"Ref": "Topic"}}],
    )


def received(sqs: Any, unique: str, wait: int = 10) -> list[Any]:
    url = sqs.get_queue_url(QueueName=unique)["QueueUrl"]
    answer = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=wait, MaxNumberOfMessages=10)
    return [json.loads(each["Body"]) for each in answer.get("Messages", ())]


def test_rule_tells_an_encrypted_topic_of_a_stack_that_failed(
    stacks: StackDriver, aws: Any, unique: str
) -> None:
    resources = watched_topic(unique, "events.amazonaws.com", "events.amazonaws.com")
    resources["Rule"] = status_rule(unique, "ROLLBACK_COMPLETE")
    assert stacks.create(resources)["StackStatus"] == "CREATE_COMPLETE", stacks.failures()
    broken = {"Filter": declare("AWS::Logs::MetricFilter", FilterPattern="x", LogGroupName="absent")}
    broken["Filter"]["Properties"]["MetricTransformations"] = [
        {"MetricName": "m", "MetricNamespace": "n", "MetricValue": "1"}
    ]
    told = stacks.create(broken, "told")
    (event,) = received(aws("sqs"), unique)
    resources["Rule"] = status_rule(unique, "DELETE_COMPLETE")
    assert stacks.update(resources)["StackStatus"] == "UPDATE_COMPLETE", stacks.failures()
    stacks.delete("told")
    (later,) = received(aws("sqs"), unique)
    assert stacks.delete()["StackStatus"] == "DELETE_COMPLETE", stacks.failures()

    assert told["StackStatus"] == "ROLLBACK_COMPLETE"
    assert (event["source"], event["region"], event["account"]) == ("aws.cloudformation", REGION, ACCOUNT)
    assert event["detail"]["stack-id"] == told["StackId"]
    assert event["detail"]["status-details"]["status"] == "ROLLBACK_COMPLETE"
    assert later["detail"]["status-details"]["status"] == "DELETE_COMPLETE"
    assert not aws("events").list_rules(NamePrefix=unique)["Rules"]
    assert not [each for each in aws("sns").list_topics()["Topics"] if unique in each["TopicArn"]]


def test_message_to_a_topic_is_lost_while_its_key_does_not_know_the_service(
    stacks: StackDriver, aws: Any, unique: str
) -> None:
    resources = watched_topic(unique, "cloudwatch.amazonaws.com")
    resources["Alarm"] = declare(
        "AWS::CloudWatch::Alarm",
        AlarmName=unique,
        Namespace="N",
        MetricName="M",
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=0,
        ComparisonOperator="GreaterThanThreshold",
        AlarmActions=[{"Ref": "Topic"}],
    )
    assert stacks.create(resources)["StackStatus"] == "CREATE_COMPLETE", stacks.failures()
    states = aws("cloudwatch")
    states.set_alarm_state(AlarmName=unique, StateValue="ALARM", StateReason="lost")
    resources["Key"] = key("cloudwatch.amazonaws.com")
    assert stacks.update(resources)["StackStatus"] == "UPDATE_COMPLETE", stacks.failures()
    states.set_alarm_state(AlarmName=unique, StateValue="OK", StateReason="no action")
    states.set_alarm_state(AlarmName=unique, StateValue="ALARM", StateReason="heard")
    messages = received(aws("sqs"), unique)
    assert stacks.delete()["StackStatus"] == "DELETE_COMPLETE", stacks.failures()

    assert [each["NewStateReason"] for each in messages] == ["heard"]


def test_filter_makes_datapoints_of_the_lines_that_match(stacks: StackDriver, aws: Any, unique: str) -> None:
    logs, metrics = aws("logs"), aws("cloudwatch")
    resources = {
        "Group": declare("AWS::Logs::LogGroup", LogGroupName=unique),
        "Filter": declare(
            "AWS::Logs::MetricFilter",
            FilterName=unique,
            FilterPattern='"pip failed"',
            LogGroupName={"Ref": "Group"},
            MetricTransformations=[
                {"MetricName": "Failures", "MetricNamespace": unique, "MetricValue": "1", "Unit": "Count"}
            ],
        ),
    }
    assert stacks.create(resources)["StackStatus"] == "CREATE_COMPLETE", stacks.failures()
    logs.create_log_stream(logGroupName=unique, logStreamName="s")
    _write(logs, unique, "ERROR: pip failed", "all is well", "pip failed again")
    resources["Filter"]["Properties"]["FilterPattern"] = "well"
    assert stacks.update(resources)["StackStatus"] == "UPDATE_COMPLETE", stacks.failures()
    _write(logs, unique, "pip failed", "all is well")
    counted = _sum(metrics, unique, "Failures")
    assert stacks.delete()["StackStatus"] == "DELETE_COMPLETE", stacks.failures()

    assert counted == 3.0
    assert not logs.describe_metric_filters(filterNamePrefix=unique)["metricFilters"]


def test_filter_that_is_not_modelled_is_refused(aws: Any, unique: str) -> None:
    logs = aws("logs")
    logs.create_log_group(logGroupName=unique)
    made = [{"metricName": "m", "metricNamespace": "n", "metricValue": "1"}]

    with pytest.raises(ClientError, match="models no other pattern"):
        logs.put_metric_filter(
            logGroupName=unique,
            filterName="f",
            filterPattern="{ $.level = 1 }",
            metricTransformations=made,
        )
    logs.delete_log_group(logGroupName=unique)


def test_dashboard_and_budget(stacks: StackDriver, aws: Any, unique: str) -> None:
    budgets = aws("budgets")
    resources = {
        "Dashboard": declare(
            "AWS::CloudWatch::Dashboard",
            DashboardName=unique,
            DashboardBody='{"widgets": []}',
            Tags=[{"Key": "stage", "Value": "dev"}],
        ),
        "Budget": declare(
            "AWS::Budgets::Budget",
            Budget={
                "BudgetName": unique,
                "BudgetType": "COST",
                "TimeUnit": "MONTHLY",
                "BudgetLimit": {"Amount": 700, "Unit": "USD"},
            },
            NotificationsWithSubscribers=[
                {
                    "Notification": {
                        "NotificationType": "FORECASTED",
                        "ComparisonOperator": "GREATER_THAN",
                        "Threshold": 100,
                    },
                    "Subscribers": [{"SubscriptionType": "EMAIL", "Address": "a@example.com"}],
                }
            ],
        ),
    }
    assert stacks.create(resources)["StackStatus"] == "CREATE_COMPLETE", stacks.failures()
    resources["Dashboard"]["Properties"]["DashboardBody"] = '{"widgets": [{"type": "text"}]}'
    resources["Budget"]["Properties"]["Budget"]["BudgetLimit"]["Amount"] = 900.5
    assert stacks.update(resources)["StackStatus"] == "UPDATE_COMPLETE", stacks.failures()
    body = aws("cloudwatch").get_dashboard(DashboardName=unique)["DashboardBody"]
    budget = budgets.describe_budget(AccountId=ACCOUNT, BudgetName=unique)["Budget"]
    notifications = budgets.describe_notifications_for_budget(AccountId=ACCOUNT, BudgetName=unique)
    arn = f"arn:aws:cloudwatch::{ACCOUNT}:dashboard/{unique}"
    tags = aws("cloudwatch").list_tags_for_resource(ResourceARN=arn)["Tags"]
    resources["Dashboard"]["Properties"]["DashboardBody"] = "no JSON"
    refused = stacks.update(resources)
    kept = aws("cloudwatch").get_dashboard(DashboardName=unique)["DashboardBody"]
    assert stacks.delete()["StackStatus"] == "DELETE_COMPLETE", stacks.failures()

    assert json.loads(body) == json.loads(kept) == {"widgets": [{"type": "text"}]}
    assert tags == [{"Key": "stage", "Value": "dev"}]
    assert refused["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert budget["BudgetLimit"] == {"Amount": "900.5", "Unit": "USD"}
    assert [each["NotificationType"] for each in notifications["Notifications"]] == ["FORECASTED"]
    assert budgets.describe_budgets(AccountId=ACCOUNT).get("Budgets", []) == []


def _write(logs: Any, group: str, *lines: str) -> None:
    now = int(time() * 1000)
    events = [{"timestamp": now, "message": line} for line in lines]
    logs.put_log_events(logGroupName=group, logStreamName="s", logEvents=events)


def _sum(metrics: Any, namespace: str, name: str) -> float:
    now = datetime.now(UTC)
    found = metrics.get_metric_statistics(
        Namespace=namespace,
        MetricName=name,
        StartTime=now - timedelta(minutes=10),
        EndTime=now + timedelta(minutes=10),
        Period=3600,
        Statistics=["Sum"],
    )["Datapoints"]
    return float(sum(each["Sum"] for each in found))
