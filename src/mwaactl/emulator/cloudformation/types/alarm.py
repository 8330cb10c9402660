"""AWS::CloudWatch::Alarm."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mwaactl.emulator.cloudformation.resource_type import (
    Physical,
    ResourceContext,
    picked,
    tags_as_list,
)
from mwaactl.emulator.cloudformation.types.put_type import PutType

if TYPE_CHECKING:
    from mwaactl.emulator.cloudformation.resource_type import Properties

_SAME = (
    "ActionsEnabled",
    "AlarmActions",
    "AlarmDescription",
    "ComparisonOperator",
    "DatapointsToAlarm",
    "Dimensions",
    "EvaluateLowSampleCountPercentile",
    "EvaluationPeriods",
    "ExtendedStatistic",
    "InsufficientDataActions",
    "MetricName",
    "Metrics",
    "Namespace",
    "OKActions",
    "Period",
    "Statistic",
    "Threshold",
    "TreatMissingData",
    "Unit",
)


class Alarm(PutType):
    """An alarm of a metric or of an expression."""

    type_name = "AWS::CloudWatch::Alarm"
    properties = frozenset({*_SAME, "AlarmName", "Tags"})
    replaced_by = frozenset({"AlarmName"})
    attributes = frozenset({"Arn"})
    tag_style = "list"
    name_property = "AlarmName"

    def delete(self, context: ResourceContext, physical: Physical, properties: Properties) -> None:  # noqa: ARG002
        """Delete the alarm."""
        context.client("cloudwatch").delete_alarms(AlarmNames=[physical.physical_id])

    def put(self, context: ResourceContext, name: str, properties: Properties) -> Physical:
        """Put the alarm; its state stays."""
        request: dict[str, Any] = {**picked(properties, *_SAME), "AlarmName": name}
        if tags := tags_as_list(properties.get("Tags")):
            request["Tags"] = tags
        context.client("cloudwatch").put_metric_alarm(**request)
        arn = f"arn:aws:cloudwatch:{context.region}:{context.account_id}:alarm:{name}"
        return Physical(name, {"Arn": arn})
