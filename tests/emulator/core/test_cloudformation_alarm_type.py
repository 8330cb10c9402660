"""An alarm that a stack makes, changes and deletes, as CloudWatch tells of it."""

from typing import Any

from tests.fakes.stack_driver import StackDriver, declare


def test_alarm(stacks: StackDriver, aws: Any, unique: str) -> None:
    resources = {
        "Topic": declare("AWS::SNS::Topic", TopicName=unique),
        "Alarm": declare(
            "AWS::CloudWatch::Alarm",
            AlarmName=unique,
            Namespace="AmazonMWAA",
            MetricName="SchedulerHeartbeat",
            Dimensions=[{"Name": "Environment", "Value": "e"}, {"Name": "Function", "Value": "Scheduler"}],
            Statistic="Sum",
            Period="60",
            EvaluationPeriods=3,
            DatapointsToAlarm=2,
            Threshold="0",
            ComparisonOperator="LessThanOrEqualToThreshold",
            TreatMissingData="breaching",
            AlarmActions=[{"Ref": "Topic"}],
        ),
    }
    assert stacks.create(resources)["StackStatus"] == "CREATE_COMPLETE", stacks.failures()
    (created,) = aws("cloudwatch").describe_alarms(AlarmNames=[unique])["MetricAlarms"]
    resources["Alarm"]["Properties"]["Threshold"] = 1
    assert stacks.update(resources)["StackStatus"] == "UPDATE_COMPLETE", stacks.failures()
    (updated,) = aws("cloudwatch").describe_alarms(AlarmNames=[unique])["MetricAlarms"]
    assert stacks.delete()["StackStatus"] == "DELETE_COMPLETE", stacks.failures()

    assert (created["Period"], created["EvaluationPeriods"], created["DatapointsToAlarm"]) == (60, 3, 2)
    assert created["AlarmActions"] == [f"arn:aws:sns:us-east-1:123456789012:{unique}"]
    assert (created["Threshold"], updated["Threshold"]) == (0.0, 1.0)
    assert aws("cloudwatch").describe_alarms(AlarmNames=[unique])["MetricAlarms"] == []
