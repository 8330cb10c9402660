"""AWS::Logs::MetricFilter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mwaactl.emulator.cloudformation.faults import ResourceFailure
from mwaactl.emulator.cloudformation.resource_type import Physical, ResourceContext
from mwaactl.emulator.cloudformation.service_calls import gone_is_fine, translated
from mwaactl.emulator.cloudformation.types.put_type import PutType

if TYPE_CHECKING:
    from mwaactl.emulator.cloudformation.resource_type import Properties

_TRANSFORMATION = {
    "DefaultValue": "defaultValue",
    "MetricName": "metricName",
    "MetricNamespace": "metricNamespace",
    "MetricValue": "metricValue",
    "Unit": "unit",
}


class MetricFilter(PutType):
    """What counts lines of a log group."""

    type_name = "AWS::Logs::MetricFilter"
    properties = frozenset({"FilterName", "FilterPattern", "LogGroupName", "MetricTransformations"})
    replaced_by = frozenset({"FilterName", "LogGroupName"})
    name_property = "FilterName"
    longest_name = 512

    def refuse_existing(self, context: ResourceContext, name: str, properties: Properties) -> None:
        """Refuse the name of a filter that the log group has."""
        group, logs = properties["LogGroupName"], context.client("logs")
        there = logs.describe_metric_filters(logGroupName=group, filterNamePrefix=name)["metricFilters"]
        if any(each["filterName"] == name for each in there):
            message = f"{name} already exists in log group {group}"
            raise ResourceFailure(message)

    def delete(self, context: ResourceContext, physical: Physical, properties: Properties) -> None:
        """Delete the filter."""
        with gone_is_fine("ResourceNotFoundException"):
            context.client("logs").delete_metric_filter(
                logGroupName=properties["LogGroupName"], filterName=physical.physical_id
            )

    def put(self, context: ResourceContext, name: str, properties: Properties) -> Physical:
        """Put the filter."""
        where = "MetricTransformations of AWS::Logs::MetricFilter"
        made = [translated(each, _TRANSFORMATION, where) for each in properties["MetricTransformations"]]
        context.client("logs").put_metric_filter(
            logGroupName=properties["LogGroupName"],
            filterName=name,
            filterPattern=properties["FilterPattern"],
            metricTransformations=made,
        )
        return Physical(name)
