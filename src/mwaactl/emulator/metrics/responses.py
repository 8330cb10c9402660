"""CloudWatch's API where moto lacks an operation: the history of alarms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from moto.cloudwatch.responses import CloudWatchResponse
from moto.core.responses import ActionResult

if TYPE_CHECKING:
    from mwaactl.emulator.metrics.models import AlarmingBackend


class MetricsResponse(CloudWatchResponse):
    """moto's answers and this one."""

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
