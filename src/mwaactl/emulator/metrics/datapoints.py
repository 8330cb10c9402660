"""The values that alarms look at, out of what CloudWatch holds."""

from __future__ import annotations

import calendar
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from moto.cloudwatch.models import MetricAggregatedDatum, MetricDatum

from mwaactl.emulator.metrics.statistics import Sample, statistic

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from mwaactl.emulator.metrics.alarm_evaluation import Points

type Key = tuple[str, str, frozenset[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """One metric as an alarm sees it.

    Attributes:
        key: Namespace, name and dimensions.
        statistic: What is taken of each period's values.
        unit: The unit that values must have; None for any.
    """

    key: Key
    statistic: str
    unit: str | None = None


class Datapoints:
    """Recent values by metric.

    Args:
        data: What moto holds, in any order.
        since: Values before that, in seconds since 1970, are passed over.
    """

    def __init__(self, data: Iterable[Any], since: int) -> None:
        self._values: defaultdict[Key, list[tuple[int, str | None, Sample]]] = defaultdict(list)
        for datum in data:
            if (moment := seconds(datum.timestamp)) >= since:
                self._values[key_of(datum)].append((moment, datum.unit, _sample(datum)))

    def points(self, wanted: Wanted, starts: Sequence[int], period: int) -> Points:
        """Return a metric's value in each period; None where there is none.

        Args:
            wanted: The metric.
            starts: When periods begin, one after the other.
            period: Their length in seconds.
        """
        samples: list[list[Sample]] = [[] for _ in starts]
        for moment, unit, sample in self._values.get(wanted.key, ()) if starts else ():
            place = (moment - starts[0]) // period
            if 0 <= place < len(starts) and wanted.unit in {None, unit}:
                samples[place].append(sample)
        return tuple(statistic(wanted.statistic, found) for found in samples)

    def unit_of(self, key: Key) -> str | None:
        """Return the unit that a metric's values came with, if there is one."""
        return next((unit for _, unit, _ in self._values.get(key, ()) if unit), None)


def key_of(metric: Any) -> Key:  # noqa: ANN401 - several of moto's models
    """Return the identity of moto's metric or datum."""
    name = getattr(metric, "metric_name", None) or metric.name
    return metric.namespace, name, frozenset((each.name, each.value) for each in metric.dimensions)


def seconds(moment: datetime) -> int:
    """Return a time in seconds since 1970; one without a zone is in UTC."""
    return calendar.timegm(moment.utctimetuple())


def _sample(datum: Any) -> Sample:  # noqa: ANN401 - moto's model
    if isinstance(datum, MetricAggregatedDatum):
        return Sample(datum.sample_count, datum.sum, datum.min, datum.max)
    return Sample.of(datum.value if isinstance(datum, MetricDatum) else 0.0)
