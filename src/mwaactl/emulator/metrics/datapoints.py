"""The values that CloudWatch holds, and what is asked of them."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from moto.cloudwatch.models import MetricAggregatedDatum

from mwaactl.emulator.metrics.statistics import Sample, statistic

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from mwaactl.emulator.metrics.alarm_evaluation import Points

type Key = tuple[str, str, frozenset[tuple[str, str]]]
"""Namespace, name and dimensions: what a metric is known by."""

type Value = tuple[int, str | None, float, float, float, float]
"""When it came, its unit, and a sample: plain, because there are many and they are written with the state."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One metric as an alarm or a query sees it.

    Attributes:
        key: Namespace, name and dimensions.
        statistic: What is taken of each period's values.
        unit: The unit that values must have; None for any.
    """

    key: Key
    statistic: str
    unit: str | None = None


class Datapoints:
    """Values by metric.

    Args:
        values: What CloudWatch holds.
    """

    def __init__(self, values: Mapping[Key, Sequence[Value]]) -> None:
        self._values = values

    def points(self, wanted: Wanted, starts: Sequence[int], period: int) -> Points:
        """Return a metric's value in each period; None where there is none.

        Args:
            wanted: The metric.
            starts: When periods begin, one after the other.
            period: Their length in seconds.
        """
        samples: list[list[Sample]] = [[] for _ in starts]
        for moment, unit, *sample in self._values.get(wanted.key, ()) if starts else ():
            place = (moment - starts[0]) // period
            if 0 <= place < len(starts) and wanted.unit in {None, unit}:
                samples[place].append(Sample(*sample))
        return tuple(statistic(wanted.statistic, found) for found in samples)

    def unit_of(self, key: Key) -> str | None:
        """Return the unit that a metric's values came with, if there is one."""
        return next((unit for _, unit, *_ in self._values.get(key, ()) if unit), None)


def key_of(metric: Any) -> Key:  # noqa: ANN401 - several of moto's models
    """Return the identity of moto's metric or datum."""
    name = getattr(metric, "metric_name", None) or metric.name
    return metric.namespace, name, frozenset((each.name, each.value) for each in metric.dimensions)


def value_of(datum: Any) -> Value:  # noqa: ANN401 - moto's model
    """Return the value of moto's datum."""
    moment = seconds(datum.timestamp)
    if isinstance(datum, MetricAggregatedDatum):
        return moment, datum.unit, datum.sample_count, datum.sum, datum.min, datum.max
    return moment, datum.unit, 1.0, datum.value, datum.value, datum.value


def seconds(moment: datetime) -> int:
    """Return a time in seconds since 1970; one without a zone is in UTC."""
    return calendar.timegm(moment.utctimetuple())
