"""The alarms that an environment wants: what they watch, when they fire, what to do first."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from mwaactl.catalog.tables import read_table

if TYPE_CHECKING:
    from collections.abc import Mapping

type Severity = Literal["page", "warn"]
OWN_NAMESPACE = "mwaactl"
"""Where metrics are that filters of ours make of logs; each environment has a namespace below it."""


@dataclass(frozen=True, slots=True)
class WatchedMetric:
    """A metric in CloudWatch, without the dimension of the environment.

    Attributes:
        id: Its name in an expression; empty where there is none.
    """

    id: str
    namespace: str
    name: str
    dimensions: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class AlarmFacts:
    """One alarm.

    Attributes:
        name: For example `scheduler_heartbeat`: the key of its threshold in the configuration.
        severity: Whether somebody is to be woken.
        by: Whose numbers these are: `mwaa` for what Amazon recommends, else `mwaactl`.
        meaning: What is wrong when it fires.
        first_step: What to do first.
        statistic: What is taken of each period's values.
        comparison: `ComparisonOperator`.
        thresholds: Threshold by environment class.
        period: Length of a period in seconds.
        periods: How many periods must breach, one after the other.
        missing: What a missing datapoint counts as: `TreatMissingData`.
        metrics: One metric, or those that the expression names.
        expression: Metric math; None where one metric is watched.
    """

    name: str
    severity: Severity
    by: str
    meaning: str
    first_step: str
    statistic: str
    comparison: str
    thresholds: Mapping[str, float]
    period: int
    periods: int
    missing: str
    metrics: tuple[WatchedMetric, ...]
    expression: str | None = None


@cache
def alarms() -> Mapping[str, AlarmFacts]:
    """All alarms by name, in the order in which an operator reads them."""
    return MappingProxyType({row["name"]: _read(row) for row in read_table("alarms")["alarm"]})


def _read(row: dict[str, Any]) -> AlarmFacts:
    classes = [each["name"] for each in read_table("classes")["class"]]
    thresholds: dict[str, Any] = row.get("thresholds") or dict.fromkeys(classes, row.get("threshold"))
    metrics = row.get("metrics") or [row["metric"]]
    return AlarmFacts(
        name=row["name"],
        severity=row["severity"],
        by=row["by"],
        meaning=row["meaning"],
        first_step=row["first_step"],
        statistic=row["statistic"],
        comparison=row["comparison"],
        thresholds=MappingProxyType({name: float(value) for name, value in thresholds.items()}),
        period=row["period"],
        periods=row["periods"],
        missing=row["missing"],
        metrics=tuple(_metric(each) for each in metrics),
        expression=row.get("expression"),
    )


def _metric(row: dict[str, Any]) -> WatchedMetric:
    dimensions = MappingProxyType(row["dimensions"])
    return WatchedMetric(row.get("id", ""), row["namespace"], row["name"], dimensions)
