"""What a plan of a pipeline's schedule is made of."""

import re
from dataclasses import dataclass

from typed_assets.spec.assets import Dependency
from typed_assets.spec.automation import Condition, OnCron
from typed_assets.spec.partitions import Partitions
from typed_assets.spec.schedule_conditions import Publications


@dataclass(frozen=True, slots=True)
class Abilities:
    """What a version of Airflow knows of partitions.

    Attributes:
        partitions: it carries a run's partition, and maps those of asset events (3.2).
        rollup: it waits for all parts of a coarser partition, and a task can name the partition of an event
            (3.3).
    """

    partitions: bool
    rollup: bool

    @classmethod
    def of(cls, version: str) -> "Abilities":
        """Return the abilities of a version such as `3.2.1`."""
        number = tuple(int(part) for part in re.findall(r"\d+", version)[:2])
        return cls(partitions=number >= (3, 2), rollup=number >= (3, 3))


@dataclass(frozen=True, slots=True)
class Times:
    """Runs at the times of clocks."""

    clocks: tuple[OnCron, ...]


@dataclass(frozen=True, slots=True)
class Events:
    """Runs when assets have been published, or at the times of clocks too."""

    condition: Publications
    clocks: tuple[OnCron, ...] = ()


@dataclass(frozen=True, slots=True)
class PartitionTimes:
    """A run for each partition, when it has ended; `per_day` of days, else of hours."""

    clock: OnCron
    per_day: bool


@dataclass(frozen=True, slots=True)
class PartitionEvents:
    """A run for each partition to which published ones belong.

    Attributes:
        partitions: of the pipeline, or None: then each publication is a run for the whole.
        upstream: by name, how the partitions belong together.
        waits: whether Airflow itself waits for all parts of a coarser partition, 24 hours of each day.
    """

    condition: Publications
    partitions: Partitions | None
    upstream: tuple[Dependency, ...]
    waits: bool = False


@dataclass(frozen=True, slots=True)
class PartitionGiven:
    """Nothing starts runs but who says which partition."""


type Trigger = Times | Events | PartitionTimes | PartitionEvents | PartitionGiven | None


@dataclass(frozen=True, slots=True)
class Gate:
    """What a run must pass before its first step, or it is skipped.

    Attributes:
        holds: of publications since the pipeline's own last one.
        whole: upstream assets of whose partitions all must be there.
    """

    holds: Condition | None = None
    whole: tuple[Dependency, ...] = ()


@dataclass(frozen=True, slots=True)
class Dispatch:
    """A second DAG that starts a run for each partition that is due.

    Attributes:
        trigger: when it looks.
        missing: whether all missing partitions are due; else those of the newest time, or those to which
            published ones belong.
        mended: whether only those are due that have been complete before: Airflow itself starts the others.
    """

    trigger: Times | Events | PartitionEvents
    missing: bool = False
    mended: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """How a pipeline is scheduled."""

    trigger: Trigger
    gate: Gate | None = None
    dispatch: Dispatch | None = None
