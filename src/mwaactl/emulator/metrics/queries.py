"""Answers of GetMetricStatistics and GetMetricData.

moto takes a metric with more dimensions for the one that is asked for, knows no percentiles, and gives an
expression that is more than an id no values.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from mwaactl.emulator.metrics.datapoints import Wanted, seconds
from mwaactl.emulator.metrics.metric_math import compute_all
from mwaactl.emulator.metrics.statistics import is_statistic

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from mwaactl.emulator.metrics.datapoints import Datapoints, Key
    from mwaactl.emulator.metrics.metric_math import Values

_MINUTE = 60


class UnknownStatisticError(ValueError):
    """A statistic is not modelled; the text names it."""


def key_of_request(metric: Mapping[str, Any]) -> Key:
    """Return the identity of a metric in a request."""
    dimensions = frozenset((each["Name"], each["Value"]) for each in metric.get("Dimensions") or ())
    return metric["Namespace"], metric["MetricName"], dimensions


def starts_of(start: datetime, end: datetime, period: int) -> tuple[int, ...]:
    """Return when the periods between two times begin: from the whole minute on."""
    begin = seconds(start) - seconds(start) % min(period, _MINUTE)
    return tuple(range(begin, seconds(end), period))


def statistics_between(
    data: Datapoints,
    key: Key,
    names: Sequence[str],
    unit: str | None,
    starts: Sequence[int],
    period: int,
) -> list[dict[str, Any]]:
    """Return the datapoints of GetMetricStatistics.

    Args:
        data: What CloudWatch holds.
        key: The metric.
        names: Statistics and percentiles.
        unit: The unit that values must have; None for any.
        starts: When periods begin.
        period: Their length in seconds.
    """
    columns = {name: data.points(Wanted(key, name, unit), starts, period) for name in names}
    found = []
    for index, start in enumerate(starts):
        values = {name: column[index] for name, column in columns.items() if column[index] is not None}
        if values:
            plain = {name: value for name, value in values.items() if not name.startswith("p")}
            extended = {name: value for name, value in values.items() if name.startswith("p")}
            point: dict[str, Any] = {
                "Timestamp": _moment(start),
                "Unit": unit or data.unit_of(key) or "None",
                **plain,
            }
            found.append(point | ({"ExtendedStatistics": extended} if extended else {}))
    return found


def metric_data(
    queries: Sequence[Mapping[str, Any]],
    data: Datapoints,
    start: datetime,
    end: datetime,
    *,
    newest_first: bool,
) -> list[dict[str, Any]]:
    """Return the results of GetMetricData.

    Args:
        queries: The queries of the request.
        data: What CloudWatch holds.
        start: Where the time begins.
        end: Where it ends.
        newest_first: The order of the values.

    Raises:
        UnknownExpressionError: An expression has something that is not modelled.
        UnknownStatisticError: A statistic is not modelled.
    """
    stats = {query["Id"]: query["MetricStat"] for query in queries if "MetricStat" in query}
    periods = [int(stat["Period"]) for stat in stats.values()]
    periods += [int(query["Period"]) for query in queries if query.get("Period")]
    period = max(periods, default=_MINUTE)
    starts = starts_of(start, end, period)
    found: dict[str, Values] = {}
    for name, stat in stats.items():
        if not is_statistic(stat["Stat"]):
            raise UnknownStatisticError(stat["Stat"])
        wanted = Wanted(key_of_request(stat["Metric"]), stat["Stat"], stat.get("Unit"))
        found[name] = tuple(data.points(wanted, starts, period))
    expressions = {query["Id"]: query["Expression"] for query in queries if "Expression" in query}
    found = compute_all(expressions, found, len(starts))
    shown = [query for query in queries if str(query.get("ReturnData", True)).lower() != "false"]
    return [_result(query, found[query["Id"]], starts, newest_first=newest_first) for query in shown]


def _result(
    query: Mapping[str, Any], values: Iterable[float | None], starts: Sequence[int], *, newest_first: bool
) -> dict[str, Any]:
    points = [(start, value) for start, value in zip(starts, values, strict=True) if value is not None]
    if newest_first:
        points.reverse()
    metric = query.get("MetricStat", {}).get("Metric", {}).get("MetricName")
    return {
        "Id": query["Id"],
        "Label": query.get("Label") or metric or query["Id"],
        "Timestamps": [_moment(start) for start, _ in points],
        "Values": [value for _, value in points],
        "StatusCode": "Complete",
    }


def _moment(start: int) -> datetime:
    return datetime.fromtimestamp(start, UTC)
