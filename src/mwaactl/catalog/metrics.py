"""Airflow's metrics under the names and dimensions that CloudWatch has of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from mwaactl.catalog.tables import read_table

if TYPE_CHECKING:
    from collections.abc import Mapping

_PLACEHOLDER = re.compile(r"\\\{(\w+)\\\}")
# A DAG's id, a file's and an operator's name may hold dots; of a task and its DAG the last dot divides.
_WITH_DOTS = {"dag_id", "dag_filename", "pool_name", "hostname"}


@dataclass(frozen=True, slots=True)
class CloudWatchMetric:
    """A metric in CloudWatch.

    Attributes:
        name: Its name.
        unit: The unit of its values.
        dimensions: Its dimensions, without that of the environment.
    """

    name: str
    unit: str
    dimensions: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Pattern:
    expression: re.Pattern[str]
    metric: CloudWatchMetric


def cloudwatch_metric(airflow: str) -> CloudWatchMetric | None:
    """Return what MWAA makes of one of Airflow's metrics; None if it does not send it.

    Args:
        airflow: Airflow's name, without the prefix, such as `pool.open_slots.default_pool`.
    """
    for pattern in _patterns():
        if found := pattern.expression.fullmatch(airflow):
            filled = {
                name: value.format(**found.groupdict()) for name, value in pattern.metric.dimensions.items()
            }
            return CloudWatchMetric(pattern.metric.name, pattern.metric.unit, MappingProxyType(filled))
    return None


@cache
def _patterns() -> tuple[_Pattern, ...]:
    return tuple(
        _Pattern(
            re.compile(_PLACEHOLDER.sub(_group, re.escape(row["airflow"]))),
            CloudWatchMetric(row["name"], row["unit"], MappingProxyType(row["dimensions"])),
        )
        for row in read_table("metrics")["metric"]
    )


def _group(found: re.Match[str]) -> str:
    return f"(?P<{found[1]}>{'.+' if found[1] in _WITH_DOTS else '[^.]+'})"
