"""Measures one environment: what its Airflow says, and what its processes use."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from mwaactl.catalog.classes import environment_classes
from mwaactl.emulator.metrics.container_usage import ContainerUsage
from mwaactl.emulator.metrics.environment_metrics import (
    AIRFLOW,
    SERVICE,
    airflow_metrics,
    cluster_metrics,
    has_waiting_tasks,
    queue_metrics,
)
from mwaactl.emulator.metrics.models import put_minute
from mwaactl.emulator.metrics.statsd import StatsdReceiver

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from mwaactl.emulator.mwaa.host import ComponentState, EnvironmentSpec

_OFF = "false"


class Metering:
    """Listens from `open` to `close`.

    Args:
        clock: Seconds that only go on.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._receiver: StatsdReceiver | None = None
        self._usage = ContainerUsage()
        self._waiting_since: float | None = None

    def open(self) -> None:
        """Listen to an Airflow that is about to start."""
        self.close()
        self._receiver = StatsdReceiver()
        self._usage = ContainerUsage()

    def close(self) -> None:
        """Stop listening."""
        if self._receiver is not None:
            self._receiver.close()
        self._receiver = self._waiting_since = None

    def variables(self, options: Mapping[str, str]) -> dict[str, str]:
        """Return what makes Airflow's processes speak to this; MWAA forces as much.

        Args:
            options: The environment's options: `metrics.statsd_on` alone counts among those of StatsD.
        """
        wanted = options.get("metrics.statsd_on", "True").lower() != _OFF
        port = self._receiver.port if self._receiver else 0
        return {
            "AIRFLOW__METRICS__STATSD_ON": str(wanted and port > 0),
            "AIRFLOW__METRICS__STATSD_HOST": "localhost",
            "AIRFLOW__METRICS__STATSD_PORT": str(port or 8125),
            "AIRFLOW__METRICS__STATSD_PREFIX": "airflow",
        }

    def publish(self, spec: EnvironmentSpec, states: Iterable[ComponentState]) -> None:
        """Send the last minute's metrics to CloudWatch.

        Args:
            spec: The environment.
            states: Its components.
        """
        if self._receiver is None:
            return
        gathered = self._receiver.take()
        waiting = has_waiting_tasks(gathered)
        if waiting is not None:
            self._waiting_since = (self._waiting_since or self._clock()) if waiting else None
        age = self._clock() - self._waiting_since if self._waiting_since is not None else 0.0
        pids = {state.name: state.pid for state in states if state.pid is not None}
        usage = self._usage.measure(pids, environment_classes()[spec.environment_class])
        put_minute(spec.account_id, spec.region, AIRFLOW, airflow_metrics(gathered, spec.name))
        service = [*cluster_metrics(usage, spec.name), *queue_metrics(gathered, spec.name, age)]
        put_minute(spec.account_id, spec.region, SERVICE, service)
