"""CloudWatch's API where moto's answers are not AWS's: statistics of metrics, the history of alarms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from moto.cloudwatch.exceptions import InvalidParameterCombination, InvalidParameterValue
from moto.cloudwatch.responses import CloudWatchResponse
from moto.core.responses import ActionResult

from mwaactl.emulator.metrics.queries import key_of_request, starts_of, statistics_between
from mwaactl.emulator.metrics.statistics import is_statistic

if TYPE_CHECKING:
    from mwaactl.emulator.metrics.models import AlarmingBackend


class MetricsResponse(CloudWatchResponse):
    """moto's answers and these."""

    def get_metric_statistics(self) -> ActionResult:
        """GetMetricStatistics.

        Raises:
            InvalidParameterCombination, InvalidParameterValue: No statistic, one that is unknown, or no time.
        """
        names = [*self._get_param("Statistics", []), *self._get_param("ExtendedStatistics", [])]
        start, end = self._get_param("StartTime"), self._get_param("EndTime")
        if not names:
            message = "Must specify either Statistics or ExtendedStatistics"
            raise InvalidParameterCombination(message)
        if unknown := [name for name in names if not is_statistic(name)]:
            message = f"The value {unknown[0]} for parameter ExtendedStatistics is not supported."
            raise InvalidParameterValue(message)
        if start >= end:
            message = "The parameter StartTime must be less than the parameter EndTime."
            raise InvalidParameterValue(message)
        metric = {name: self._get_param(name) for name in ("Namespace", "MetricName", "Dimensions")}
        period = int(self._get_param("Period"))
        starts = starts_of(start, end, period)
        data = cast("AlarmingBackend", self.cloudwatch_backend).points(metric["Namespace"])
        found = statistics_between(
            data, key_of_request(metric), names, self._get_param("Unit"), starts, period
        )
        return ActionResult({"Label": metric["MetricName"], "Datapoints": found})

    def describe_alarm_history(self) -> ActionResult:
        """DescribeAlarmHistory, the newest first."""
        backend = cast("AlarmingBackend", self.cloudwatch_backend)
        wanted = {
            "AlarmName": self._get_param("AlarmName"),
            "HistoryItemType": self._get_param("HistoryItemType"),
        }
        items = [
            item
            for item in backend.alarm_history[::-1]
            if all(value in {None, item[name]} for name, value in wanted.items())
        ]
        if self._get_param("ScanBy") == "TimestampAscending":
            items.reverse()
        shown: list[dict[str, Any]] = items[: int(self._get_param("MaxRecords") or 100)]
        return ActionResult({"AlarmHistoryItems": shown})
