"""Environment classes: how large an environment is, and how far its components scale."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

from mwaactl.catalog.tables import read_table


@dataclass(frozen=True, slots=True)
class Size:
    """Size of one container or database: vCPU and GB of memory."""

    vcpu: int
    memory_gb: int


@dataclass(frozen=True, slots=True)
class Bounds:
    """Smallest and largest count that MWAA accepts, both included."""

    least: int
    most: int

    def __contains__(self, count: int) -> bool:
        return self.least <= count <= self.most


@dataclass(frozen=True, slots=True)
class EnvironmentClass:
    """One environment class.

    Attributes:
        name: For example `mw1.small`.
        dags: How many DAGs AWS says it is made for.
        tasks_per_worker: Tasks that one worker runs at once by default.
        workers: Counts that may be asked for; above the account's quota (25 by default) MWAA still refuses.
    """

    name: str
    dags: int
    tasks_per_worker: int
    webserver: Size
    worker: Size
    scheduler: Size
    database: Size
    workers: Bounds
    schedulers: Bounds
    webservers: Bounds


@cache
def environment_classes() -> Mapping[str, EnvironmentClass]:
    """All classes by name, smallest first."""
    rows = read_table("classes")["class"]
    return MappingProxyType({row["name"]: _read_class(row) for row in rows})


def default_environment_class() -> str:
    """The class of an environment that names none."""
    return str(read_table("classes")["default"])


def _read_class(row: dict[str, Any]) -> EnvironmentClass:
    return EnvironmentClass(
        name=row["name"],
        dags=row["dags"],
        tasks_per_worker=row["tasks_per_worker"],
        webserver=Size(*row["webserver"]),
        worker=Size(*row["worker"]),
        scheduler=Size(*row["scheduler"]),
        database=Size(*row["database"]),
        workers=Bounds(*row["workers"]),
        schedulers=Bounds(*row["schedulers"]),
        webservers=Bounds(*row["webservers"]),
    )
