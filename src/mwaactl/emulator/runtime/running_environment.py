"""One running generation of an environment: its processes, DAG sync and log shipping."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from mwaactl.emulator.mwaa.host import ComponentState, HostFailure
from mwaactl.emulator.runtime.failure_codes import INTERNAL_ERROR
from mwaactl.emulator.runtime.health import fetch_health, unhealthy
from mwaactl.emulator.runtime.log_shipping import FollowedFile, LogShipper
from mwaactl.emulator.runtime.logging_level import logging_variables
from mwaactl.emulator.runtime.parser_logs import PARSER_LOGS
from mwaactl.emulator.runtime.supervisor import ProcessPlan, Supervisor

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from mwaactl.emulator.guardian import Guardian
    from mwaactl.emulator.mwaa.host import EnvironmentSpec
    from mwaactl.emulator.runtime.components import Component
    from mwaactl.emulator.runtime.log_streams import LogStreams

START_LIMIT = 240.0
# A component that keeps dying will not become healthy by waiting.
_MOST_DEATHS = 3


@dataclass(frozen=True, slots=True)
class Launch:
    """What is started.

    Attributes:
        spec: The environment.
        components: Its processes.
        python: The folder of the Python environment.
        env: Container to the whole environment of its processes.
        home: AIRFLOW_HOME.
        logs: The folder of the components' own logs.
        api_url: Where the web server will answer.
    """

    spec: EnvironmentSpec
    components: Sequence[Component]
    python: Path
    env: Mapping[str, Mapping[str, str]]
    home: Path
    logs: Path
    api_url: str


class RunningEnvironment:
    """Processes of a launch, from start to stop."""

    def __init__(self, launch: Launch, streams: LogStreams, guardian: Guardian) -> None:
        self._launch = launch
        self._started = datetime.now(tz=UTC)
        for component in launch.components:
            _rotate(self._log(component.name))
        _forget_processes(launch.home)
        self._parser_logs = PARSER_LOGS[launch.spec.airflow_major]
        self._parsed_before = {path: path.stat().st_size for path in self._parser_logs.files(launch.home)}
        plans = [self._plan(component) for component in launch.components]
        self._supervisor = Supervisor(plans, guardian)
        self._shipper = LogShipper(streams, self._followed)
        self._shipper.start()

    def await_health(self, limit: float = START_LIMIT) -> None:
        """Return when Airflow calls every component healthy.

        Raises:
            HostFailure: A component is not healthy in time or keeps dying; names it and quotes its log.
        """
        deadline = time.monotonic() + limit
        while missing := self._unhealthy():
            dying = [name for name, deaths in self._supervisor.deaths().items() if deaths >= _MOST_DEATHS]
            if dying or time.monotonic() > deadline:
                raise self._failure(dying[0] if dying else missing[-1], limit, dying=bool(dying))
            time.sleep(0.25)

    def states(self) -> tuple[ComponentState, ...]:
        """Return how each process is."""
        return self._supervisor.states()

    def stop(self) -> None:
        """End everything; what was logged until then is shipped."""
        self._supervisor.stop()
        self._shipper.stop()

    def _unhealthy(self) -> list[str]:
        """Return the names of the components that are not healthy yet; the database is the web server's."""
        names = {component.health_name: component.name for component in self._launch.components}
        names["metadatabase"] = names["webserver"]
        report = fetch_health(self._launch.api_url, self._launch.spec.airflow_major)
        return [names[missing] for missing in unhealthy(report, self._started, names)]

    def _failure(self, name: str, limit: float, *, dying: bool) -> HostFailure:
        what = (
            f"keeps ending ({_MOST_DEATHS} times)" if dying else f"was not healthy within {limit:.0f} seconds"
        )
        message = f"Airflow's {name} {what}; the end of its log:\n{self._supervisor.tail(name)}"
        return HostFailure(INTERNAL_ERROR, message)

    def _log(self, name: str) -> Path:
        return self._launch.logs / f"{name}.log"

    def _plan(self, component: Component) -> ProcessPlan:
        command = tuple(component.command(self._launch.python))
        levels = logging_variables(component, self._launch.spec.log_levels)
        env = {**self._launch.env[component.container], **component.env, **levels}
        return ProcessPlan(component.name, command, env, self._launch.home, self._log(component.name))

    def _followed(self) -> Iterator[FollowedFile]:
        """Yield the files that belong into log groups that are switched on."""
        levels, started = self._launch.spec.log_levels, self._started.timestamp()
        for component in self._launch.components:
            if level := levels.get(component.log_kind):
                stream = component.stream(started)
                yield FollowedFile(self._log(component.name), component.log_kind, stream, _threshold(level))
        if level := levels.get("DAGProcessing"):
            for path in self._parser_logs.files(self._launch.home):
                stream = self._parser_logs.stream(path)
                offset = self._parsed_before.get(path, 0)
                yield FollowedFile(path, "DAGProcessing", stream, _threshold(level), offset)


def _forget_processes(home: Path) -> None:
    """Delete the process ids that killed components left: their numbers may be somebody else's by now."""
    for file in home.glob("airflow-*.pid"):
        file.unlink()


def _rotate(log: Path) -> None:
    if log.exists():
        log.replace(log.with_suffix(".previous.log"))


def _threshold(level: str) -> int:
    return logging.getLevelNamesMapping().get(level, logging.INFO)
