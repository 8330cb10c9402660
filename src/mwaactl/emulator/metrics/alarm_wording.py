"""How CloudWatch explains a state: `StateReason` and `StateReasonData`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from mwaactl.emulator.metrics.alarm_evaluation import Evaluation, Missing, Rule, State

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mwaactl.emulator.metrics.alarm_evaluation import Points

_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "GreaterThanOrEqualToThreshold": "greater than or equal to",
        "GreaterThanThreshold": "greater than",
        "LessThanOrEqualToThreshold": "less than or equal to",
        "LessThanThreshold": "less than",
    }
)
_TREATED: Mapping[Missing, str] = MappingProxyType(
    {Missing.BREACHING: "Breaching", Missing.NOT_BREACHING: "NonBreaching"}
)


@dataclass(frozen=True, slots=True)
class Series:
    """Datapoints with their times.

    Attributes:
        points: The values.
        starts: When each period begins, in seconds since 1970.
        period: Its length in seconds.
        statistic: What the values are, for example `Average`; None for an expression.
        unit: Their unit, if the alarm asks for one.
    """

    points: Points
    starts: tuple[int, ...]
    period: int
    statistic: str | None = None
    unit: str | None = None


def reason(rule: Rule, series: Series, evaluation: Evaluation, before: State, state: State) -> str:
    """Return one sentence about why an alarm is in a state."""
    real = evaluation.real
    if not real:
        return _without_data(rule, evaluation, state)
    values = [(series.points[index] or 0.0, series.starts[index]) for index in real]
    if state is State.ALARM or all(rule.breaches(value) for value, _ in values):
        shown = [each for each in values if rule.breaches(each[0])]
    else:
        shown = [each for each in values if not rule.breaches(each[0])]
    was, negation = ("was", "were")[len(shown) > 1], "" if rule.breaches(shown[0][0]) else "not "
    listed = ", ".join(f"{value} ({_moment(start)})" for value, start in shown)
    least = rule.needed if state is State.ALARM else rule.periods - rule.needed + 1
    return (
        f"Threshold Crossed: {len(shown)} out of the last {len(real)} datapoints [{listed}] {was} "
        f"{negation}{_WORDS[rule.comparison]} the threshold ({rule.threshold}) "
        f"(minimum {least} datapoint{'' if least == 1 else 's'} for {before} -> {state} transition)."
    )


def reason_data(rule: Rule, series: Series, evaluation: Evaluation, now: datetime) -> str:
    """Return what the state was computed from, as JSON."""
    recent = [(series.points[index] or 0.0, series.starts[index]) for index in evaluation.real][::-1]
    found: dict[str, Any] = {"version": "1.0", "queryDate": _stamp(now.timestamp())}
    if recent:
        found["startDate"] = _stamp(recent[0][1])
    if series.unit:
        found["unit"] = series.unit
    if series.statistic:
        found["statistic"] = series.statistic
    evaluated = [{"timestamp": _stamp(start), "value": value} for value, start in recent[::-1]]
    return json.dumps(
        found
        | {
            "period": series.period,
            "recentDatapoints": [value for value, _ in recent],
            "threshold": rule.threshold,
            "evaluatedDatapoints": evaluated,
        }
    )


def _without_data(rule: Rule, evaluation: Evaluation, state: State) -> str:
    number = evaluation.filled
    if state is State.INSUFFICIENT_DATA:
        return f"Insufficient Data: {number} datapoint{' was' if number == 1 else 's were'} unknown."
    periods = f"{number} period{'' if number == 1 else 's'}"
    points = f"{number} missing datapoint{' was' if number == 1 else 's were'}"
    return (
        f"Threshold Crossed: no datapoints were received for {periods} and {points} treated as "
        f"[{_TREATED[rule.missing]}]."
    )


def _moment(start: int) -> str:
    return datetime.fromtimestamp(start, UTC).strftime("%d/%m/%y %H:%M:%S")


def _stamp(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "+0000"
