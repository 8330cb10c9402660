"""What differs between the versions of Airflow that this package runs on: 3.0.6, 3.2.1 and 3.3.1.

The tables say where a name stands since which version, since when `DAG` takes an argument, and what an
argument means. Nothing else in `building` asks for a version.
"""

from collections.abc import Iterable
from functools import cache
from importlib import import_module
from typing import Any

from typed_assets.spec.errors import SpecError

type Version = tuple[int, int]

PLACES: dict[str, tuple[tuple[Version, str], ...]] = {
    # Airflow 3.1 moved the exceptions that tasks raise into the Task SDK; the old place warns since then.
    "AirflowFailException": (((3, 1), "airflow.sdk.exceptions"), ((3, 0), "airflow.exceptions")),
    "AirflowNotFoundException": (((3, 1), "airflow.sdk.exceptions"), ((3, 0), "airflow.exceptions")),
    # https://airflow.apache.org/docs/apache-airflow/stable/release_notes.html (3.2: `conf` in the Task SDK)
    "conf": (((3, 2), "airflow.sdk"), ((3, 0), "airflow.configuration")),
}
"""Where a name stands, newest place first."""

DAG_ARGUMENTS: dict[str, Version] = {
    "deadline": (3, 1),
    "allowed_run_types": (3, 2),
    "rerun_with_latest_version": (3, 3),
}
"""Arguments of `DAG` that are younger than Airflow 3.0."""

DOUBLING: tuple[tuple[Version, bool | float], ...] = (((3, 2), 2.0), ((3, 0), True))
"""What makes `retry_exponential_backoff` double each pause, newest first.

Airflow 3.0 takes a bool. 3.2 takes the factor, for which True counts as 1: pauses that never grow.
"""


@cache
def running() -> Version:
    """Return the version of Airflow that runs."""
    from airflow import __version__

    major, minor = __version__.split(".")[:2]
    return int(major), int(minor)


def name_of_airflow(name: str) -> Any:  # noqa: ANN401 - a class or an object of Airflow's
    """Return what Airflow calls so, from where it stands in the version that runs."""
    module = next(place for since, place in PLACES[name] if running() >= since)
    return getattr(import_module(module), name)


def backoff(*, exponential: bool) -> bool | float:
    """Return the `retry_exponential_backoff` of a task whose pauses double, or do not grow."""
    doubling = next(value for since, value in DOUBLING if running() >= since)
    return doubling if exponential else type(doubling)(0)


def check_dag_arguments(names: Iterable[str], *, version: Version | None = None) -> None:
    """Refuse arguments of `DAG` that came with a later version than the one that runs.

    Raises:
        SpecError: there is one.
    """
    here = version or running()
    for name in names:
        since = DAG_ARGUMENTS.get(name, (3, 0))
        if since > here:
            message = f"`{name}` came with Airflow {since[0]}.{since[1]}, and this is {here[0]}.{here[1]}"
            raise SpecError(message, hint="leave it out, or update the environment")
