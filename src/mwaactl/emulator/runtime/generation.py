"""One generation of an environment: what an update replaces as a whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mwaactl.catalog.limits import limits

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mwaactl.emulator.mwaa.host import EnvironmentSpec
    from mwaactl.emulator.runtime.preparation import Prepared
    from mwaactl.emulator.runtime.running_environment import RunningEnvironment

GRACEFUL = "GRACEFUL"
# Seconds after which a scheduler looks for tasks that the one before it has left; Airflow's default is 300.
LOOK_FOR_ORPHANS = 30


@dataclass(frozen=True, slots=True)
class Generation:
    """Components that were started together.

    Attributes:
        spec: The environment as they know it.
        prepared: Their packages, plugins and variables.
        port: The loopback port of their api-server.
        running: Their processes.
    """

    spec: EnvironmentSpec
    prepared: Prepared
    port: int
    running: RunningEnvironment


def scheduler_beside_another(strategy: str) -> Mapping[str, str]:
    """Return what a scheduler is told that will replace another one.

    A scheduler that waits for its last tasks no longer sends heartbeats. The new one must not take it for
    dead, or it would start these tasks again.

    Args:
        strategy: `FORCED`, or `GRACEFUL` if the other one may let its tasks end.
    """
    orphans = {"AIRFLOW__SCHEDULER__ORPHANED_TASKS_CHECK_INTERVAL": str(LOOK_FOR_ORPHANS)}
    if strategy != GRACEFUL:
        return orphans
    patience = str(limits().graceful_update_seconds)
    return {**orphans, "AIRFLOW__SCHEDULER__SCHEDULER_HEALTH_CHECK_THRESHOLD": patience}
