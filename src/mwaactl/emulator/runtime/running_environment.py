"""One running generation of an environment: its processes, DAG sync and log shipping."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Event, Thread
from typing import TYPE_CHECKING

from mwaactl.emulator.mwaa.host import ComponentState, HostFailure
from mwaactl.emulator.runtime.failure_codes import INTERNAL_ERROR
from mwaactl.emulator.runtime.health import fetch_health, unhealthy, wake_execution_api
from mwaactl.emulator.runtime.log_shipping import FollowedFile, LogShipper
from mwaactl.emulator.runtime.logging_level import logging_variables
from mwaactl.emulator.runtime.parser_logs import PARSER_LOGS
from mwaactl.emulator.runtime.supervisor import ProcessPlan, Supervisor
from mwaactl.emulator.runtime.task_processes import TaskProcesses

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
    from pathlib import Path

    from mwaactl.emulator.guardian import Guardian
    from mwaactl.emulator.mwaa.host import EnvironmentSpec
    from mwaactl.emulator.runtime.components import Component
    from mwaactl.emulator.runtime.log_streams import LogStreams

START_LIMIT = 240.0
# Seconds for asking the last tasks to end and killing them.
TASKS_END_LIMIT = 30.0
# Seconds in which a scheduler asks its executor what has ended: it does so after each heartbeat.
NOTICE_SECONDS = 6.0
_ASKED_BY_TASKS = frozenset({"api-server"})
# A component that keeps dying will not become healthy by waiting.
_MOST_DEATHS = 3
# Components and their jobs in the metadata database; a web server has none.
JOBS = {"scheduler": "SchedulerJob", "dag-processor": "DagProcessorJob", "triggerer": "TriggererJob"}


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
        started_jobs: Tells the types of Airflow's jobs that run and began after a moment.
    """

    spec: EnvironmentSpec
    components: Sequence[Component]
    python: Path
    env: Mapping[str, Mapping[str, str]]
    home: Path
    logs: Path
    api_url: str
    started_jobs: Callable[[datetime], Collection[str]]


class RunningEnvironment:
    """Processes of a launch, from start to stop.

    Args:
        launch: What is started.
        streams: The environment's log groups.
        guardian: Who ends the processes if the emulator dies.
        leads: Whether it is the only one of its environment, or starts beside another that leads.
    """

    def __init__(
        self, launch: Launch, streams: LogStreams, guardian: Guardian, *, leads: bool = True
    ) -> None:
        self._launch = launch
        self._leads = leads
        self._started = datetime.now(tz=UTC)
        self._stopped = Event()
        self._waking: Thread | None = None
        for component in launch.components:
            _rotate(self._log(component.name))
        _forget_processes(launch.home)
        self._parser_logs = PARSER_LOGS[launch.spec.airflow_major]
        self._parsed_before = self._parsed_sizes()
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
        while missing := self._missing():
            dying = [name for name, deaths in self._supervisor.deaths().items() if deaths >= _MOST_DEATHS]
            if dying or time.monotonic() > deadline:
                raise self._failure(dying[0] if dying else missing[-1], limit, dying=bool(dying))
            time.sleep(0.25)

    def _missing(self) -> list[str]:
        """Return what is not healthy; heartbeats of a leader beside it are no sign of life.

        A web server that still sets up what tasks talk to answers nobody, and must not take over.
        """
        missing = self._unhealthy()
        if missing or self._leads:
            return missing
        if self._waking is not None and self._waking.is_alive():
            return [each.name for each in self._launch.components if each.health_name == "webserver"]
        started = self._launch.started_jobs(self._started)
        names = [component.name for component in self._launch.components]
        return [name for name in names if name in JOBS and JOBS[name] not in started]

    def lead(self) -> None:
        """Go on alone: the logs of parsed files, which all generations share, are shipped from here on."""
        self._parsed_before = self._parsed_sizes()
        self._leads = True

    def drain(self, limit: float) -> None:
        """Start nothing new and return when the running tasks have ended, or after `limit` seconds.

        They talk to the api-server of their own generation.
        """
        self._supervisor.drain("scheduler", limit, needed=_ASKED_BY_TASKS)

    def end_tasks(self, limit: float = TASKS_END_LIMIT) -> None:
        """End the running tasks while their scheduler still looks after them, so that it has them fail."""
        tasks = TaskProcesses(self._launch.spec.airflow_major)
        deadline, ended = time.monotonic() + limit, False
        while tasks.end(self._scheduler()) and time.monotonic() < deadline:
            ended = True
            self._stopped.wait(0.2)
        if ended:
            self._stopped.wait(NOTICE_SECONDS)

    def _scheduler(self) -> int | None:
        return next((each.pid for each in self.states() if each.name == "scheduler"), None)

    def states(self) -> tuple[ComponentState, ...]:
        """Return how each process is."""
        return self._supervisor.states()

    def stop(self) -> None:
        """End everything; what was logged until then is shipped."""
        self._stopped.set()
        self._supervisor.stop(last=_ASKED_BY_TASKS)
        self._shipper.stop()

    def _unhealthy(self) -> list[str]:
        """Return the names of the components that are not healthy yet; the database is the web server's."""
        names = {component.health_name: component.name for component in self._launch.components}
        names["metadatabase"] = names["webserver"]
        where = (self._launch.api_url, self._launch.spec.airflow_major)
        report = fetch_health(*where)
        if report is not None and self._waking is None:
            self._waking = Thread(target=wake_execution_api, args=where, daemon=True)
            self._waking.start()
        return [names[missing] for missing in unhealthy(report, self._started, names)]

    def _parsed_sizes(self) -> dict[Path, int]:
        return {path: path.stat().st_size for path in self._parser_logs.files(self._launch.home)}

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
        if self._leads and (level := levels.get("DAGProcessing")):
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
