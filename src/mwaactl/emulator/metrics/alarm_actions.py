"""What happens when an alarm changes its state: topics are told, functions invoked.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-actions.html
"""

from __future__ import annotations

import json
import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import cache
from typing import Any

import botocore.session
from moto.awslambda.models import lambda_backends
from moto.sns.models import sns_backends

from mwaactl.emulator.authorization.service_access import service_may
from mwaactl.emulator.authorization.topic_access import service_may_publish

_log = logging.getLogger(__name__)
_TOPICS = "cloudwatch.amazonaws.com"
_FUNCTIONS = "lambda.alarms.cloudwatch.amazonaws.com"
# Nobody waits for an action: a topic's subscribers may take long.
_workers = ThreadPoolExecutor(2, thread_name_prefix="alarm-actions")


def act(alarm: Any, before: str, account: str) -> None:  # noqa: ANN401 - moto's model
    """Carry out soon what an alarm has to do in its new state.

    Args:
        alarm: The alarm, in the new state.
        before: The state that it was in.
        account: Its account.
    """
    actions = {
        "OK": alarm.ok_actions,
        "ALARM": alarm.alarm_actions,
        "INSUFFICIENT_DATA": alarm.insufficient_data_actions,
    }
    if alarm.actions_enabled:
        message = message_of(alarm, before, account)
        for arn in actions[alarm.state_value]:
            _workers.submit(_carry_out, arn, message, alarm.alarm_arn, account)


def message_of(alarm: Any, before: str, account: str) -> dict[str, Any]:  # noqa: ANN401 - moto's model
    """Return what a topic is told."""
    trigger: dict[str, Any] = {
        "MetricName": alarm.metric_name,
        "Namespace": alarm.namespace,
        "StatisticType": "Statistic" if alarm.statistic else "ExtendedStatistic",
        "Statistic": (alarm.statistic or alarm.extended_statistic or "").upper(),
        "Unit": alarm.unit,
        "Dimensions": [{"value": each.value, "name": each.name} for each in alarm.dimensions],
        "Period": alarm.period,
        "EvaluationPeriods": alarm.evaluation_periods,
        "DatapointsToAlarm": alarm.datapoints_to_alarm or alarm.evaluation_periods,
        "ComparisonOperator": alarm.comparison_operator,
        "Threshold": alarm.threshold,
        "TreatMissingData": alarm.treat_missing_data or "missing",
        "EvaluateLowSampleCountPercentile": alarm.evaluate_low_sample_count_percentile or "",
    }
    return {
        "AlarmName": alarm.name,
        "AlarmDescription": alarm.description,
        "AWSAccountId": account,
        "AlarmConfigurationUpdatedTimestamp": _stamp(alarm.configuration_updated_timestamp),
        "NewStateValue": alarm.state_value,
        "NewStateReason": alarm.state_reason,
        "StateChangeTime": _stamp(alarm.state_updated_timestamp),
        "Region": region_name(alarm.region_name),
        "AlarmArn": alarm.alarm_arn,
        "OldStateValue": before,
        "OKActions": alarm.ok_actions,
        "AlarmActions": alarm.alarm_actions,
        "InsufficientDataActions": alarm.insufficient_data_actions,
        "Trigger": trigger,
    }


@cache
def region_name(region: str) -> str:
    """Return a region's name in words, such as `US East (N. Virginia)`."""
    partitions = botocore.session.get_session().get_data("endpoints")["partitions"]
    named = {code: each["description"] for part in partitions for code, each in part["regions"].items()}
    return str(named.get(region, region))


def _carry_out(arn: str, message: dict[str, Any], alarm_arn: str, account: str) -> None:
    try:
        _, _, service, region, owner, _ = arn.split(":", 5)
        match service:
            case "sns" if service_may_publish(_TOPICS, arn, alarm_arn, account, {"aws:sourceowner": account}):
                name, state = message["AlarmName"], message["NewStateValue"]
                subject = f'{state}: "{name}" in {message["Region"]}'[:100]
                sns_backends[owner][region].publish(arn=arn, message=json.dumps(message), subject=subject)
            case "lambda" if service_may(_FUNCTIONS, "lambda:InvokeFunction", arn, alarm_arn, account):
                function: Any = lambda_backends[owner][region].get_function(arn)
                function.invoke_asynchronously(json.dumps(_event(message, alarm_arn, account, region)))
            case _:
                _log.warning("the action %s of alarm %s was not carried out", arn, message["AlarmName"])
    except Exception:  # noqa: BLE001 - nobody waits for the thread's result
        _log.exception("the action %s of alarm %s failed", arn, message["AlarmName"])


def _event(message: dict[str, Any], alarm_arn: str, account: str, region: str) -> dict[str, Any]:
    state = {
        "value": message["NewStateValue"],
        "reason": message["NewStateReason"],
        "timestamp": message["StateChangeTime"],
    }
    return {
        "source": "aws.cloudwatch",
        "alarmArn": alarm_arn,
        "accountId": account,
        "time": message["StateChangeTime"],
        "region": region,
        "alarmData": {
            "alarmName": message["AlarmName"],
            "state": state,
            "previousState": {"value": message["OldStateValue"]},
            "configuration": {"description": message["AlarmDescription"]},
        },
    }


def _stamp(moment: datetime) -> str:
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "+0000"
