"""What Airflow's REST API tells, the same for its two versions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Dag:
    """A DAG that Airflow knows.

    Attributes:
        location: Path of its file, below the DAG folder where Airflow tells that, else in full.
        parsed_at: When Airflow last parsed the file.
    """

    dag_id: str
    location: str
    is_paused: bool
    parsed_at: datetime | None


@dataclass(frozen=True, slots=True)
class ParseFailure:
    """An import error: why Airflow cannot load a file.

    Attributes:
        location: Path of the file, below the DAG folder or in full.
        stack_trace: Python's own traceback.
        at: When it was met last.
    """

    location: str
    stack_trace: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class DagRun:
    """A DAG run.

    Attributes:
        state: `queued`, `running`, `success` or `failed`.
        partition: Key of the partition that it makes, or None.
    """

    dag_id: str
    run_id: str
    state: str
    logical_date: str | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    partition: str | None = None

    @property
    def is_over(self) -> bool:
        """Whether the state will not change by itself."""
        return self.state in ("success", "failed")


@dataclass(frozen=True, slots=True)
class AirflowAsset:
    """An asset that Airflow knows from DAGs.

    Attributes:
        extra: What the DAGs' authors put beside it.
        made_by: Tasks that have it as an outlet, as (DAG id, task id).
        schedules: Ids of DAGs that its events schedule.
        published_at: When its newest event came; None before the first, and always on Airflow 3.0, which
            does not tell.
    """

    name: str
    uri: str
    group: str
    extra: Mapping[str, Any]
    made_by: tuple[tuple[str, str], ...]
    schedules: tuple[str, ...]
    published_at: datetime | None


@dataclass(frozen=True, slots=True)
class TaskInstance:
    """A task instance of a DAG run.

    Attributes:
        map_index: Place among the mapped instances, from 0; -1 for a task that is not mapped.
        state: Airflow's state, for example `success`; None before it was looked at.
        try_number: Attempt, from 1; 0 before the first.
    """

    task_id: str
    map_index: int
    state: str | None
    try_number: int

    @property
    def name(self) -> str:
        """Task id, with the map index in brackets where there is one."""
        return self.task_id if self.map_index < 0 else f"{self.task_id}[{self.map_index}]"


def is_at(location: str, key: str) -> bool:
    """Tell whether a path that Airflow reports is the object `dags/…` of the source bucket."""
    return location == key.removeprefix("dags/") or location == key or location.endswith(f"/{key}")


def key_within(location: str, archive: str) -> str | None:
    """Return what a path that Airflow reports is in an archive `dags/….zip` of the source bucket, if it is.

    For example `dags/flights.zip/a.py`: Airflow tells of an import error in an archive by the file in it.
    """
    head, inside, name = location.partition(".zip/")
    return f"{archive}/{name}" if inside and is_at(f"{head}.zip", archive) else None


def keys_at(location: str) -> frozenset[str]:
    """Return all keys that `is_at` would say yes to, without knowing which ones there are."""
    parts = location.split("/")
    return frozenset((f"dags/{location}", *("/".join(parts[start:]) for start in range(len(parts)))))
