"""Alarms as moto keeps them, evaluated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mwaactl.emulator.metrics.alarm_evaluation import (
    COMPARISONS,
    EXTRA_PERIODS,
    Missing,
    Rule,
    State,
    evaluate,
)
from mwaactl.emulator.metrics.alarm_wording import Series, reason, reason_data
from mwaactl.emulator.metrics.datapoints import Wanted, key_of
from mwaactl.emulator.metrics.metric_math import UnknownExpressionError, compute_all, parse
from mwaactl.emulator.metrics.statistics import is_statistic

if TYPE_CHECKING:
    from datetime import datetime

    from mwaactl.emulator.metrics.alarm_evaluation import Points
    from mwaactl.emulator.metrics.datapoints import Datapoints


@dataclass(frozen=True, slots=True)
class Change:
    """A new state.

    Attributes:
        state: The state.
        reason: Why, in a sentence.
        reason_data: What it was computed from, as JSON.
    """

    state: State
    reason: str
    reason_data: str


def lacking(alarm: Any) -> str | None:  # noqa: ANN401 - moto's model
    """Return what of an alarm is not modelled; None if all is."""
    if alarm.comparison_operator not in COMPARISONS:
        return str(alarm.comparison_operator)
    for query in alarm.metric_data_queries:
        if query.expression:
            try:
                parse(query.expression)
            except UnknownExpressionError as error:
                return f"{error} in metric math"
    if alarm.treat_missing_data and alarm.treat_missing_data not in set(Missing):
        return str(alarm.treat_missing_data)
    wanted = [each.statistic for each in _metrics(alarm).values()]
    return next((name for name in wanted if not is_statistic(name)), None)


def period_of(alarm: Any) -> int:  # noqa: ANN401 - moto's model
    """Return the length of an alarm's periods in seconds."""
    own = [query.metric_stat.period for query in alarm.metric_data_queries if query.metric_stat]
    own += [query.period for query in alarm.metric_data_queries if query.period]
    return max((int(each) for each in own), default=int(alarm.period or 60))


def change_of(alarm: Any, data: Datapoints, now: datetime) -> Change | None:  # noqa: ANN401 - moto's model
    """Return the state that an alarm goes into; None if it stays as it is.

    Periods that have ended count; the present one does not.

    Args:
        alarm: The alarm.
        data: The values of at least the time that it looks back.
        now: The time.
    """
    rule, series = _rule(alarm), _series(alarm, data, int(now.timestamp()))
    found = evaluate(rule, series.points)
    before = State(alarm.state_value)
    if found.state is None or found.state is before:
        return None
    sentence = reason(rule, series, found, before, found.state)
    return Change(found.state, sentence, reason_data(rule, series, found, now))


def _rule(alarm: Any) -> Rule:  # noqa: ANN401 - moto's model
    periods = int(alarm.evaluation_periods)
    needed = int(alarm.datapoints_to_alarm or periods)
    missing = Missing(alarm.treat_missing_data or Missing.MISSING)
    return Rule(alarm.comparison_operator, float(alarm.threshold), periods, needed, missing)


def _series(alarm: Any, data: Datapoints, now: int) -> Series:  # noqa: ANN401 - moto's model
    period = period_of(alarm)
    end = now - now % period
    count = int(alarm.evaluation_periods) + EXTRA_PERIODS
    starts = tuple(range(end - count * period, end, period))
    metrics = _metrics(alarm)
    found = {name: tuple(data.points(wanted, starts, period)) for name, wanted in metrics.items()}
    if not alarm.metric_data_queries:
        return Series(found[""], starts, period, metrics[""].statistic, alarm.unit)
    return Series(_result(alarm, found, len(starts)), starts, period)


def _metrics(alarm: Any) -> dict[str, Wanted]:  # noqa: ANN401 - moto's model
    if not alarm.metric_data_queries:
        return {"": Wanted(key_of(alarm), alarm.statistic or alarm.extended_statistic, alarm.unit)}
    stats = {query.id: query.metric_stat for query in alarm.metric_data_queries if query.metric_stat}
    return {name: Wanted(key_of(stat.metric), stat.stat, stat.unit) for name, stat in stats.items()}


def _result(alarm: Any, found: dict[str, tuple[float | None, ...]], length: int) -> Points:  # noqa: ANN401
    """Return the values of the metric or the expression that is watched."""
    written = {query.id: query.expression for query in alarm.metric_data_queries if query.expression}
    watched = [query.id for query in alarm.metric_data_queries if str(query.return_data).lower() != "false"]
    try:
        return compute_all(written, found, length)[watched[0]]
    except (UnknownExpressionError, LookupError):
        return (None,) * length
