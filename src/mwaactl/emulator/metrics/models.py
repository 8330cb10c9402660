"""CloudWatch whose alarms are evaluated.

moto keeps alarms in the state OK until somebody sets another one, and forgets the state when an alarm is put
again.
"""

from __future__ import annotations

import json
import logging
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from moto.cloudwatch.exceptions import ValidationError
from moto.cloudwatch.models import Alarm, CloudWatchBackend, MetricDatumBase, cloudwatch_backends
from moto.core.utils import utcnow

from mwaactl.emulator.metrics.alarm_actions import act
from mwaactl.emulator.metrics.alarm_evaluation import State
from mwaactl.emulator.metrics.alarms import change_of, lacking
from mwaactl.emulator.metrics.datapoints import Datapoints, Key, Value, key_of, value_of
from mwaactl.emulator.metrics.metric_math import UnknownExpressionError
from mwaactl.emulator.metrics.queries import UnknownStatisticError, metric_data

_log = logging.getLogger(__name__)
KEPT = timedelta(hours=26)
"""How long values are kept: a day's alarms see all of them."""
_MOST_HISTORY = 2000
_OF_SERVICES = "AWS/"
_PRUNED_EVERY = 600.0


class AlarmingBackend(CloudWatchBackend):
    """CloudWatch's backend for one account and region.

    Attributes:
        alarm_history: What happened to alarms, the newest last, as DescribeAlarmHistory tells it.
        values: The values of metrics; moto's own list of objects stays empty.
    """

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self.alarm_history: list[dict[str, Any]] = []
        self.values: dict[Key, list[Value]] = {}
        self._pruned = time.time()

    def put_metric_alarm(self, name: str, *args: Any, **kwargs: Any) -> Alarm:  # noqa: ANN401 - moto's many
        """Create an alarm, without data yet, or change one, which stays in its state.

        Raises:
            NotImplementedError: It is a composite alarm, or watches what is not modelled.
        """
        before = self.alarms.get(name)
        alarm = super().put_metric_alarm(name, *args, **kwargs)
        unknown = "PutCompositeAlarm" if alarm.rule is not None else lacking(alarm)
        if unknown:
            self.alarms.pop(name)
            if before:
                self.alarms[name] = before
            message = f"The emulator does not model {unknown}"
            raise ValidationError(message)
        if before is None:
            alarm.state_value = State.INSUFFICIENT_DATA.value
        else:
            for member in ("state_value", "state_reason", "state_reason_data", "state_updated_timestamp"):
                setattr(alarm, member, getattr(before, member))
        self._remember(
            alarm, "ConfigurationUpdate", f'Alarm "{name}" {"updated" if before else "created"}', {}
        )
        return alarm

    def put_metric_data(self, namespace: str, metric_data: list[dict[str, Any]]) -> None:
        """Take values, and forget those that are too old now and then."""
        super().put_metric_data(namespace, metric_data)
        came, self.metric_data = self.metric_data, []
        for datum in came:
            self.values.setdefault(key_of(datum), []).append(value_of(datum))
        if time.time() - self._pruned > _PRUNED_EVERY:
            self._prune(time.time() - KEPT.total_seconds())

    def points(self, namespace: str = "") -> Datapoints:
        """Return the values; those that moto computes of services are among them where they are asked for.

        Args:
            namespace: The namespace that is asked for.
        """
        if not namespace.startswith(_OF_SERVICES):
            return Datapoints(self.values)
        computed: dict[Key, list[Value]] = {}
        for datum in self.aws_metric_data:
            computed.setdefault(key_of(datum), []).append(value_of(datum))
        return Datapoints({**computed, **self.values})

    def get_metric_data(
        self,
        queries: list[dict[str, Any]],
        start_time: datetime,
        end_time: datetime,
        scan_by: str = "TimestampAscending",
    ) -> list[dict[str, Any]]:
        """Return the values of metrics and expressions.

        Raises:
            ValidationError: The time is none, or an expression is not modelled.
        """
        if start_time >= end_time:
            message = "The parameter StartTime must be less than the parameter EndTime."
            raise ValidationError(message)
        asked = (query["MetricStat"]["Metric"]["Namespace"] for query in queries if "MetricStat" in query)
        data = self.points(next((name for name in asked if name.startswith(_OF_SERVICES)), ""))
        newest_first = scan_by == "TimestampDescending"
        try:
            return metric_data(queries, data, start_time, end_time, newest_first=newest_first)
        except UnknownExpressionError as error:
            message = f"The emulator does not model {error} in metric math"
            raise ValidationError(message) from error
        except UnknownStatisticError as error:
            message = f"The emulator does not model {error}"
            raise ValidationError(message) from error

    def get_filtered_metrics(
        self, metric_name: str, namespace: str, dimensions: list[dict[str, str]]
    ) -> list[MetricDatumBase]:
        """Return one datum of each metric; moto compares every value with every metric found."""
        own = (_example(key) for key in list(self.values))
        computed = {key_of(datum): datum for datum in self.aws_metric_data}
        return [
            each for each in (*own, *computed.values()) if each.filter(namespace, metric_name, dimensions)
        ]

    def set_alarm_state(self, alarm_name: str, reason: str, reason_data: str, state_value: str) -> None:
        """Put an alarm in a state until it is evaluated again.

        Raises:
            ValidationError, ResourceNotFound: The state or the alarm does not exist.
        """
        alarm = self.alarms.get(alarm_name)
        before = alarm.state_value if alarm else ""
        super().set_alarm_state(alarm_name, reason, reason_data, state_value)
        if alarm and before != state_value:
            self._tell(alarm, before)

    def evaluate_alarms(self, now: datetime) -> None:
        """Evaluate every alarm, and let those that change their state act.

        Args:
            now: The time.
        """
        alarms = list(self.alarms.values())
        if not alarms:
            return
        data = self.points()
        for alarm in alarms:
            try:
                self._evaluate(alarm, data, now)
            except Exception:  # noqa: BLE001 - one odd alarm must not keep the others from being evaluated
                _log.exception("the alarm %s could not be evaluated", alarm.name)

    def _evaluate(self, alarm: Alarm, data: Datapoints, now: datetime) -> None:
        before = alarm.state_value
        if change := change_of(alarm, data, now):
            alarm.update_state(change.reason, change.reason_data, change.state.value)
            self._tell(alarm, before)

    def _prune(self, oldest: float) -> None:
        kept = {
            key: recent
            for key, values in self.values.items()
            if (recent := [value for value in values if value[0] >= oldest])
        }
        self.values, self._pruned = kept, time.time()

    def _tell(self, alarm: Alarm, before: str) -> None:
        new = {"stateValue": alarm.state_value, "stateReason": alarm.state_reason}
        data = {"version": "1.0", "oldState": {"stateValue": before}, "newState": new}
        summary = f"Alarm updated from {before} to {alarm.state_value}"
        self._remember(alarm, "StateUpdate", summary, data)
        act(alarm, before, self.account_id)

    def _remember(self, alarm: Alarm, kind: str, summary: str, data: dict[str, Any]) -> None:
        self.alarm_history.append(
            {
                "AlarmName": alarm.name,
                "AlarmType": "MetricAlarm",
                "Timestamp": utcnow(),
                "HistoryItemType": kind,
                "HistorySummary": summary,
                "HistoryData": json.dumps(data),
            }
        )
        del self.alarm_history[:-_MOST_HISTORY]


def _example(key: Key) -> MetricDatumBase:
    namespace, name, dimensions = key
    listed = [{"Name": each, "Value": value} for each, value in sorted(dimensions)]
    return MetricDatumBase(namespace, name, listed, None)


def install() -> None:
    """Make moto build this backend for CloudWatch; to be called before the first request."""
    cloudwatch_backends.backend = AlarmingBackend


def put_minute(account: str, region: str, namespace: str, data: list[dict[str, Any]]) -> None:
    """Take the values of the minute that has just ended, which a service of AWS sends.

    Args:
        account: The account.
        region: The region.
        namespace: The namespace.
        data: Members of PutMetricData, without a time.
    """
    minute = utcnow().replace(second=0, microsecond=0) - timedelta(minutes=1)
    backend = cloudwatch_backends[account][region]
    backend.put_metric_data(namespace, [{**datum, "Timestamp": minute} for datum in data])


def evaluate_all() -> None:
    """Evaluate the alarms of all accounts and regions."""
    now = datetime.now(UTC)
    backends: list[tuple[str, str, Any]] = list(cloudwatch_backends.iter_backends())
    for _, _, backend in backends:
        if isinstance(backend, AlarmingBackend):
            backend.evaluate_alarms(now)
