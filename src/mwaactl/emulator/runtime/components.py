"""The processes that make up an environment of Airflow 2 or 3, as values."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from mwaactl.emulator.runtime.log_streams import stream_name

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Component:
    """One process of an environment.

    Attributes:
        name: Airflow's name of it.
        health_name: What Airflow's health endpoint calls what it does.
        arguments: What follows `airflow`.
        container: The MWAA container it runs in: scheduler or webserver.
        log_kind: The log group that its output goes to.
        log_name: How its log stream's name begins, or all of it if it ends in `.log`.
        env: What only this process is told.
    """

    name: str
    health_name: str
    arguments: tuple[str, ...]
    container: str
    log_kind: str
    log_name: str
    env: Mapping[str, str] = field(default_factory=dict)

    def command(self, python: Path) -> list[str]:
        """Return the command line.

        Args:
            python: The folder of the Python environment.
        """
        return [str(python / "bin" / "python"), "-m", "airflow", *self.arguments]

    def stream(self, started: float) -> str:
        """Return the name of its log stream if it was started at that time, in seconds since the epoch."""
        return self.log_name if self.log_name.endswith(".log") else stream_name(self.log_name, started)


def components(major: int, port: int, *, dag_processor: bool = True) -> tuple[Component, ...]:
    """Return the components of an environment.

    The triggerer runs in MWAA's scheduler container and logs to its group. No component serves task logs
    over HTTP: they are in CloudWatch Logs, and on the disk that all of them share.

    Args:
        major: Airflow's major version.
        port: The loopback port of the web server.
        dag_processor: Whether DAGs are parsed by a process of their own, as on MWAA; else the scheduler does.
    """
    parts = (
        _WEB_SERVERS[major](str(port)),
        _scheduler_part("scheduler"),
        _DAG_PROCESSORS[major],
        _scheduler_part("triggerer"),
    )
    return tuple(part for part in parts if dag_processor or part is not _DAG_PROCESSORS[major])


def _scheduler_part(name: str) -> Component:
    return Component(name, name, (name, "--skip-serve-logs"), "scheduler", "Scheduler", name)


def _webserver(port: str) -> Component:
    serve = ("webserver", "--hostname", "127.0.0.1", "--port", port)
    return Component("webserver", "webserver", serve, "webserver", "WebServer", "webserver")


def _api_server(port: str) -> Component:
    serve = ("api-server", "--host", "127.0.0.1", "--port", port, "--proxy-headers")
    return Component("api-server", "webserver", serve, "webserver", "WebServer", "webserver")


def _dag_processor(log_name: str, env: Mapping[str, str]) -> Component:
    name, health_name = "dag-processor", "dag_processor"
    return Component(name, health_name, (name,), "scheduler", "DAGProcessing", log_name, env)


_WEB_SERVERS = MappingProxyType({2: _webserver, 3: _api_server})
_DAG_PROCESSORS = MappingProxyType(
    {
        # It writes to a file of its own unless it is told to speak up.
        2: _dag_processor(
            "dag_processor_manager.log", {"AIRFLOW__LOGGING__DAG_PROCESSOR_MANAGER_LOG_STDOUT": "True"}
        ),
        # Remote logging would send the logs of parsed files to the tasks' log group; they have their own.
        3: _dag_processor("dag-processor-manager", {"AIRFLOW__LOGGING__REMOTE_LOGGING": "False"}),
    }
)
