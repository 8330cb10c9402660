"""What an environment measures in a minute, as MWAA's metrics in CloudWatch.

https://docs.aws.amazon.com/mwaa/latest/userguide/accessing-metrics-cw-container-queue-db.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mwaactl.catalog.metrics import cloudwatch_metric

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mwaactl.emulator.metrics.container_usage import Usage
    from mwaactl.emulator.metrics.statsd import Gathered

AIRFLOW = "AmazonMWAA"
SERVICE = "AWS/MWAA"
PREFIX = "airflow."
_QUEUED, _RUNNING = f"{PREFIX}executor.queued_tasks", f"{PREFIX}executor.running_tasks"
_MILLISECONDS = 1000.0


def airflow_metrics(gathered: Gathered, environment: str) -> list[dict[str, Any]]:
    """Return what goes to the namespace AmazonMWAA, as members of PutMetricData."""
    plain = {**gathered.counters, **gathered.gauges}
    found = [_datum(name, environment, {"Value": value}) for name, value in plain.items()]
    for name, sample in gathered.timers.items():
        values = {"Sum": sample.total, "Minimum": sample.least, "Maximum": sample.most}
        found.append(_datum(name, environment, {"StatisticValues": {"SampleCount": sample.count, **values}}))
    return [datum for datum in found if datum is not None]


def queue_metrics(gathered: Gathered, environment: str, waiting: float) -> Iterator[dict[str, Any]]:
    """Yield what goes to the namespace AWS/MWAA about the tasks that wait and run.

    Args:
        gathered: What Airflow has said.
        environment: The environment's name.
        waiting: Seconds for which there have been tasks that wait.
    """
    if _QUEUED in gathered.gauges:
        yield _service("QueuedTasks", gathered.gauges[_QUEUED], "Count", environment)
        yield _service("ApproximateAgeOfOldestTask", waiting, "Seconds", environment)
    if _RUNNING in gathered.gauges:
        yield _service("RunningTasks", gathered.gauges[_RUNNING], "Count", environment)


def cluster_metrics(usage: Mapping[str, Usage], environment: str) -> Iterator[dict[str, Any]]:
    """Yield what goes to the namespace AWS/MWAA about the containers."""
    for cluster, used in usage.items():
        dimensions = {"Cluster": cluster}
        yield _service("CPUUtilization", used.cpu_percent, "Percent", environment, dimensions)
        yield _service("MemoryUtilization", used.memory_percent, "Percent", environment, dimensions)


def has_waiting_tasks(gathered: Gathered) -> bool | None:
    """Tell whether tasks wait; None if Airflow has not said."""
    return gathered.gauges[_QUEUED] > 0 if _QUEUED in gathered.gauges else None


def _datum(name: str, environment: str, value: dict[str, Any]) -> dict[str, Any] | None:
    metric = cloudwatch_metric(name.removeprefix(PREFIX)) if name.startswith(PREFIX) else None
    if metric is None:
        return None
    if metric.unit == "Seconds" and "StatisticValues" in value:
        of = value["StatisticValues"]
        counted = {"SampleCount": of["SampleCount"]}
        value = {"StatisticValues": {key: each / _MILLISECONDS for key, each in of.items()} | counted}
    dimensions = {**metric.dimensions, "Environment": environment}
    return {"MetricName": metric.name, "Unit": metric.unit, "Dimensions": _listed(dimensions), **value}


def _service(
    name: str, value: float, unit: str, environment: str, dimensions: Mapping[str, str] | None = None
) -> dict[str, Any]:
    every = {**(dimensions or {}), "Environment": environment}
    return {"MetricName": name, "Unit": unit, "Value": value, "Dimensions": _listed(every)}


def _listed(dimensions: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"Name": name, "Value": value} for name, value in dimensions.items()]
