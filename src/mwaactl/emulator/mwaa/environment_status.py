"""How an environment is, with what MWAA's API does not tell: the Airflow behind it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mwaactl.emulator.mwaa.host import HostState

if TYPE_CHECKING:
    from mwaactl.emulator.mwaa.lifecycle import EnvironmentLifecycle

# MWAA's status of an environment whose Airflow starts again together with the emulator.
RESTARTING = "MAINTENANCE"


@dataclass(frozen=True, slots=True)
class EnvironmentStatus:
    """One environment at one moment.

    Attributes:
        name: Its name.
        region: Its region.
        status: MWAA's status, such as `AVAILABLE`.
        airflow_version: The version it runs.
        web_url: Where Airflow's UI is.
        error: Why the latest creation or update failed; None if it did not.
        airflow: What is known of its Airflow.
    """

    name: str
    region: str
    status: str
    airflow_version: str
    web_url: str
    error: str | None = None
    airflow: HostState = field(default_factory=HostState)


def status_of(lifecycle: EnvironmentLifecycle) -> EnvironmentStatus:
    """Return how the environment is, without waiting."""
    environment = lifecycle.environment
    error = environment.last_update.error
    return EnvironmentStatus(
        name=environment.name,
        region=environment.region,
        status=environment.status.value,
        airflow_version=environment.members["AirflowVersion"],
        web_url=environment.spec().web_url,
        error=": ".join(error) if error else None,
        airflow=lifecycle.host.state(),
    )
