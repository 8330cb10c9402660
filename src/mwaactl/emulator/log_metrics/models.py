"""CloudWatch Logs whose metric filters make datapoints; moto only keeps them."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from moto.cloudwatch.models import cloudwatch_backends
from moto.logs.exceptions import InvalidParameterException, ResourceNotFoundException
from moto.logs.models import LogsBackend, logs_backends

from mwaactl.emulator.log_metrics.patterns import UnknownPatternError, read_pattern

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_MODELLED = frozenset({"defaultValue", "metricName", "metricNamespace", "metricValue", "unit"})


class CountingLogsBackend(LogsBackend):
    """The backend of CloudWatch Logs for one account and region."""

    def put_metric_filter(
        self,
        filter_name: str,
        filter_pattern: str,
        log_group_name: str,
        metric_transformations: Any,  # noqa: ANN401 - moto says text and hands over a list
    ) -> None:
        """Create a filter, or put it in the place of the one of that name.

        Raises:
            ResourceNotFoundException: There is no such log group.
            InvalidParameterException: The pattern or the transformation is not modelled.
        """
        if log_group_name not in self.groups:
            raise ResourceNotFoundException
        _refuse(filter_pattern, metric_transformations)
        self.delete_metric_filter(filter_name, log_group_name)
        super().put_metric_filter(filter_name, filter_pattern, log_group_name, metric_transformations)

    def put_log_events(
        self, log_group_name: str, log_stream_name: str, log_events: list[dict[str, Any]]
    ) -> tuple[str, dict[str, Any]]:
        """Take lines, and count those that the group's filters ask for."""
        answer = super().put_log_events(log_group_name, log_stream_name, log_events)
        for each in self.describe_metric_filters(log_group_name=log_group_name):
            self._count(each, log_events)
        return answer

    def delete_log_group(self, log_group_name: str) -> None:
        """Delete a group with its filters."""
        super().delete_log_group(log_group_name)
        for each in self.describe_metric_filters(log_group_name=log_group_name):
            self.delete_metric_filter(each["filterName"], log_group_name)

    def _count(self, metric_filter: Mapping[str, Any], events: Sequence[Mapping[str, Any]]) -> None:
        pattern = read_pattern(metric_filter["filterPattern"])
        (made,) = metric_filter["metricTransformations"]
        times = [event["timestamp"] for event in events if pattern.matches(event["message"])]
        value = float(made["metricValue"])
        if not times and events and made.get("defaultValue") is not None:
            times, value = [events[-1]["timestamp"]], float(made["defaultValue"])
        data = [
            {
                "MetricName": made["metricName"],
                "Value": value,
                "Unit": made.get("unit"),
                "Timestamp": datetime.fromtimestamp(milliseconds / 1000, UTC),
            }
            for milliseconds in times
        ]
        if data:
            backend = cloudwatch_backends[self.account_id][self.region_name]
            backend.put_metric_data(made["metricNamespace"], data)


def install() -> None:
    """Make moto build this backend for CloudWatch Logs; to be called before the first request."""
    logs_backends.backend = CountingLogsBackend


def _refuse(pattern: str, transformations: Sequence[Mapping[str, Any]]) -> None:
    try:
        read_pattern(pattern)
    except UnknownPatternError as error:
        constraint = "Must be terms: the emulator models no other pattern"
        raise InvalidParameterException(
            constraint=constraint, parameter="filterPattern", value=pattern
        ) from error
    (made,) = transformations
    if unknown := sorted(set(made) - _MODELLED):
        constraint = "Must be absent: the emulator does not model it"
        raise InvalidParameterException(
            constraint=constraint, parameter="metricTransformations", value=", ".join(unknown)
        )
    if not _is_number(made["metricValue"]):
        constraint = "Must be a number: the emulator models no other value"
        raise InvalidParameterException(
            constraint=constraint, parameter="metricValue", value=made["metricValue"]
        )


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False
