"""Which state an alarm is in, from its datapoints: M out of N, with datapoints missing.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
"""

from __future__ import annotations

import operator
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

EXTRA_PERIODS = 2
"""Periods that are looked at beyond the evaluation periods; of AWS only its example is known: 5 for 3."""

type Points = Sequence[float | None]
"""Values of successive periods, the newest last; None where nothing came."""


class State(StrEnum):
    """An alarm's state."""

    OK = "OK"
    ALARM = "ALARM"
    INSUFFICIENT_DATA = "INSUFFICIENT_DATA"


class Missing(StrEnum):
    """What a missing datapoint counts as: `TreatMissingData`."""

    MISSING = "missing"
    IGNORE = "ignore"
    BREACHING = "breaching"
    NOT_BREACHING = "notBreaching"


@dataclass(frozen=True, slots=True)
class Rule:
    """When an alarm fires.

    Attributes:
        comparison: `ComparisonOperator`.
        threshold: What values are compared with.
        periods: N, the datapoints that count.
        needed: M, how many of them must breach.
        missing: What a missing datapoint counts as.
    """

    comparison: str
    threshold: float
    periods: int
    needed: int
    missing: Missing = Missing.MISSING

    def breaches(self, value: float) -> bool:
        """Tell whether a value is on the wrong side of the threshold."""
        return COMPARISONS[self.comparison](value, self.threshold)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The outcome.

    Attributes:
        state: The state; None where the alarm stays as it is.
        real: Indices of the datapoints that counted, the newest first.
        filled: How many missing ones counted.
    """

    state: State | None
    real: tuple[int, ...]
    filled: int


COMPARISONS: Mapping[str, Callable[[float, float], bool]] = MappingProxyType(
    {
        "GreaterThanOrEqualToThreshold": operator.ge,
        "GreaterThanThreshold": operator.gt,
        "LessThanOrEqualToThreshold": operator.le,
        "LessThanThreshold": operator.lt,
    }
)


def evaluate(rule: Rule, points: Points) -> Evaluation:
    """Return the state that the datapoints of the evaluation range put an alarm in.

    As many datapoints count as the rule has periods: the newest that exist, and missing ones only if those
    are too few.

    Args:
        rule: When the alarm fires.
        points: The datapoints of the evaluation range.
    """
    found = [index for index in range(len(points) - 1, -1, -1) if points[index] is not None]
    real = tuple(found[: rule.periods])
    filled = rule.periods - len(real)
    wrong = [index for index in real if rule.breaches(points[index] or 0.0)]
    return Evaluation(_state(rule, len(points), real, wrong, filled), real, filled)


def _state(rule: Rule, length: int, real: Sequence[int], wrong: Sequence[int], filled: int) -> State | None:
    breaching = len(wrong) + (filled if rule.missing is Missing.BREACHING else 0)
    if breaching >= rule.needed:
        return State.ALARM
    if not filled or len(wrong) < len(real) or rule.missing in {Missing.BREACHING, Missing.NOT_BREACHING}:
        # Enough is known, or a datapoint within the threshold decides.
        return State.OK
    if rule.missing is Missing.IGNORE:
        return None
    if not real:
        return State.INSUFFICIENT_DATA
    # All that exists breaches; it is an alarm once that is as old as the datapoints to alarm.
    return State.ALARM if length - wrong[-1] >= rule.needed else None
