"""Statistics of the values of one period, as CloudWatch defines them.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_PERCENTILE = re.compile(r"p(\d{1,2}(?:\.\d{1,10})?|100)")


@dataclass(frozen=True, slots=True)
class Sample:
    """Values that were sent together.

    Attributes:
        count: How many they are.
        total: Their sum.
        least: The least of them.
        most: The greatest of them.
    """

    count: float
    total: float
    least: float
    most: float

    @classmethod
    def of(cls, value: float) -> Sample:
        """Return one value."""
        return cls(1.0, value, value, value)


def is_statistic(name: str) -> bool:
    """Tell whether a statistic or percentile of this name is known."""
    return name in {"SampleCount", "Sum", "Average", "Minimum", "Maximum"} or bool(
        _PERCENTILE.fullmatch(name)
    )


def statistic(name: str, samples: Iterable[Sample]) -> float | None:
    """Return a statistic; None where there are no values, or none that a percentile can be taken of.

    Args:
        name: For example `Average` or `p99`.
        samples: The values of the period.
    """
    found = [each for each in samples if each.count > 0]
    if not found:
        return None
    count, total = sum(each.count for each in found), sum(each.total for each in found)
    known = {
        "SampleCount": count,
        "Sum": total,
        "Average": total / count,
        "Minimum": min(each.least for each in found),
        "Maximum": max(each.most for each in found),
    }
    return known[name] if name in known else _percentile(float(name.removeprefix("p")), found)


def _percentile(percent: float, samples: list[Sample]) -> float | None:
    """Return a percentile; a set of values counts only if they are all the same."""
    if any(each.count > 1 and each.least != each.most for each in samples):
        return None
    values = sorted(each.least for each in samples for _ in range(int(each.count)))
    place = (len(values) - 1) * percent / 100
    below, above = math.floor(place), math.ceil(place)
    return values[below] + (values[above] - values[below]) * (place - below)
