"""Alarms over boto3: their states, their history, and who is told."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.fakes.moto_account import MotoAccount

type Evaluate = Callable[..., None]

DIMENSIONS = [{"Name": "Environment", "Value": "e"}]


def put_alarm(cloudwatch: Any, **members: Any) -> None:
    cloudwatch.put_metric_alarm(
        **{
            "AlarmName": "late",
            "Namespace": "AmazonMWAA",
            "MetricName": "QueuedTasks",
            "Dimensions": DIMENSIONS,
            "Statistic": "Maximum",
            "Period": 60,
            "EvaluationPeriods": 1,
            "Threshold": 5.0,
            "ComparisonOperator": "GreaterThanThreshold",
            **members,
        }
    )


def put_value(cloudwatch: Any, value: float, name: str = "QueuedTasks", **members: Any) -> None:
    datum = {"MetricName": name, "Value": value, "Dimensions": DIMENSIONS, **members}
    cloudwatch.put_metric_data(Namespace="AmazonMWAA", MetricData=[datum])


def alarm(cloudwatch: Any, name: str = "late") -> dict[str, Any]:
    found: dict[str, Any] = cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"][0]
    return found


def test_alarm_without_data_fires_and_recovers(cloudwatch: Any, evaluate: Evaluate) -> None:
    put_alarm(cloudwatch)
    assert alarm(cloudwatch)["StateValue"] == "INSUFFICIENT_DATA"
    put_value(cloudwatch, 3.0)
    put_value(cloudwatch, 9.0)

    evaluate()

    found = alarm(cloudwatch)
    assert found["StateValue"] == "ALARM"
    assert found["StateReason"].startswith("Threshold Crossed: 1 out of the last 1 datapoints [9.0 (")
    assert json.loads(found["StateReasonData"])["recentDatapoints"] == [9.0]
    put_value(cloudwatch, 0.0, Dimensions=[{"Name": "Environment", "Value": "another"}])
    evaluate(5)
    assert alarm(cloudwatch)["StateValue"] == "INSUFFICIENT_DATA"
    assert alarm(cloudwatch)["StateReason"] == "Insufficient Data: 1 datapoint was unknown."


def test_changed_alarm_keeps_its_state(cloudwatch: Any, evaluate: Evaluate) -> None:
    put_alarm(cloudwatch)
    put_value(cloudwatch, 9.0)
    evaluate()

    put_alarm(cloudwatch, Threshold=8.0)

    assert alarm(cloudwatch)["StateValue"] == "ALARM"


def test_percentile_and_metric_math_are_evaluated(cloudwatch: Any, evaluate: Evaluate) -> None:
    put_alarm(cloudwatch, AlarmName="p50", Statistic="", ExtendedStatistic="p50")
    metric = {"Namespace": "AmazonMWAA", "MetricName": "QueuedTasks", "Dimensions": DIMENSIONS}
    running = {**metric, "MetricName": "RunningTasks"}
    cloudwatch.put_metric_alarm(
        AlarmName="stuck",
        Metrics=[
            {"Id": "stuck", "Expression": "queued - FILL(running, 0)", "ReturnData": True},
            {
                "Id": "queued",
                "MetricStat": {"Metric": metric, "Period": 60, "Stat": "Maximum"},
                "ReturnData": False,
            },
            {
                "Id": "running",
                "MetricStat": {"Metric": running, "Period": 60, "Stat": "Maximum"},
                "ReturnData": False,
            },
        ],
        EvaluationPeriods=1,
        Threshold=8.0,
        ComparisonOperator="GreaterThanOrEqualToThreshold",
    )
    cloudwatch.put_metric_data(
        Namespace="AmazonMWAA",
        MetricData=[{"MetricName": "QueuedTasks", "Dimensions": DIMENSIONS, "Values": [1.0, 2.0, 8.0]}],
    )

    evaluate()

    assert alarm(cloudwatch, "p50")["StateValue"] == "OK"
    assert alarm(cloudwatch, "stuck")["StateValue"] == "ALARM"


def test_topic_is_told_of_a_change_and_the_history_remembers_it(
    account: MotoAccount, cloudwatch: Any, evaluate: Evaluate
) -> None:
    sns, sqs = account.client("sns"), account.client("sqs")
    queue = sqs.create_queue(QueueName="told")["QueueUrl"]
    topic = sns.create_topic(Name="alarms")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint="arn:aws:sqs:us-east-1:123456789012:told")
    put_alarm(cloudwatch, AlarmActions=[topic], OKActions=[])
    put_value(cloudwatch, 9.0)

    evaluate()
    evaluate()

    (message,) = sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=10)["Messages"]
    body = json.loads(message["Body"])
    told = json.loads(body["Message"])
    assert body["Subject"] == 'ALARM: "late" in US East (N. Virginia)'
    assert (told["OldStateValue"], told["NewStateValue"]) == ("INSUFFICIENT_DATA", "ALARM")
    assert told["Trigger"]["Dimensions"] == [{"value": "e", "name": "Environment"}]
    assert "Messages" not in sqs.receive_message(QueueUrl=queue)
    items = cloudwatch.describe_alarm_history(AlarmName="late")["AlarmHistoryItems"]
    assert [item["HistorySummary"] for item in items] == [
        "Alarm updated from INSUFFICIENT_DATA to ALARM",
        'Alarm "late" created',
    ]


def test_state_that_is_set_acts_and_lasts_until_the_next_evaluation(
    account: MotoAccount, cloudwatch: Any, evaluate: Evaluate
) -> None:
    sns, sqs = account.client("sns"), account.client("sqs")
    queue = sqs.create_queue(QueueName="told")["QueueUrl"]
    topic = sns.create_topic(Name="alarms")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint="arn:aws:sqs:us-east-1:123456789012:told")
    put_alarm(cloudwatch, AlarmActions=[topic], TreatMissingData="notBreaching")

    cloudwatch.set_alarm_state(AlarmName="late", StateValue="ALARM", StateReason="a drill")

    (message,) = sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=10)["Messages"]
    assert json.loads(json.loads(message["Body"])["Message"])["NewStateReason"] == "a drill"
    evaluate()
    assert alarm(cloudwatch)["StateValue"] == "OK"


@pytest.mark.parametrize(
    ("members", "named"),
    [
        ({"ComparisonOperator": "GreaterThanUpperThreshold"}, "GreaterThanUpperThreshold"),
        ({"Statistic": "", "ExtendedStatistic": "p101"}, "p101"),
        ({"TreatMissingData": "bogus"}, "bogus"),
    ],
)
def test_alarm_that_is_not_modelled_is_refused_and_named(
    cloudwatch: Any, members: dict[str, Any], named: str
) -> None:
    with pytest.raises(ClientError, match=f"The emulator does not model {named}"):
        put_alarm(cloudwatch, **members)
    assert cloudwatch.describe_alarms()["MetricAlarms"] == []


def test_alarms_and_values_outlive_a_restart(
    account: MotoAccount, cloudwatch: Any, evaluate: Evaluate
) -> None:
    put_alarm(cloudwatch)
    put_value(cloudwatch, 9.0)

    assert account.restart().status().left_out == ()
    evaluate()

    assert alarm(cloudwatch)["StateValue"] == "ALARM"
    assert len(cloudwatch.describe_alarm_history()["AlarmHistoryItems"]) == 2
