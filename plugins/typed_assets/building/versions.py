"""What differs between the versions of Airflow that this package runs on: 3.0.6, 3.2.1 and 3.3.1.

The tables say where a name stands since which version, and since when `DAG` takes an argument. Nothing else
in `building` asks for a version.
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
