"""When an asset is made: conditions that become Airflow's schedules and timetables."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Eager:
    """Whenever an upstream asset has been published."""


@dataclass(frozen=True, slots=True)
class OnCron:
    """At the times of a cron expression."""

    cron: str
    timezone: str = "UTC"


@dataclass(frozen=True, slots=True)
class OnMissing:
    """While a partition that could be made is not there; looked at by a cron expression."""

    cron: str = "*/10 * * * *"


@dataclass(frozen=True, slots=True)
class Updated:
    """An asset, of whatever DAG, has been published since the last run."""

    asset: str


@dataclass(frozen=True, slots=True)
class AllOf:
    """All of these hold."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one of these holds."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """This does not hold."""

    part: "Condition"


CONDITIONS = (Eager, OnCron, OnMissing, Updated, AllOf, AnyOf, Not)
type Condition = Eager | OnCron | OnMissing | Updated | AllOf | AnyOf | Not
