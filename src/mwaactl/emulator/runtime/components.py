"""The processes that make up an Airflow 3 environment, as values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Component:
    """One process of an environment.

    Attributes:
        name: Airflow's name of it.
        arguments: What follows `airflow`.
        container: The MWAA container it runs in: scheduler or webserver.
        log_kind: The log group that its output goes to.
        stream_prefix: How its log stream's name begins.
        env: What only this process is told.
    """

    name: str
    arguments: tuple[str, ...]
    container: str
    log_kind: str
    stream_prefix: str
    env: Mapping[str, str] = field(default_factory=dict)

    def command(self, python: Path) -> list[str]:
        """Return the command line.

        Args:
            python: The folder of the Python environment.
        """
        return [str(python / "bin" / "python"), "-m", "airflow", *self.arguments]


def components(port: int) -> tuple[Component, ...]:
    """Return the components of Airflow 3.

    The triggerer runs in MWAA's scheduler container and logs to its group. No component serves task logs
    over HTTP: they are in CloudWatch Logs, and on the disk that all of them share.

    Args:
        port: The loopback port of the api-server.
    """
    serve = ("api-server", "--host", "127.0.0.1", "--port", str(port), "--proxy-headers")
    return (
        Component("api-server", serve, "webserver", "WebServer", "webserver"),
        Component("scheduler", ("scheduler", "--skip-serve-logs"), "scheduler", "Scheduler", "scheduler"),
        _dag_processor(),
        Component("triggerer", ("triggerer", "--skip-serve-logs"), "scheduler", "Scheduler", "triggerer"),
    )


def _dag_processor() -> Component:
    # Remote logging would send the logs of parsed files to the tasks' log group; they have their own.
    env = {"AIRFLOW__LOGGING__REMOTE_LOGGING": "False"}
    arguments = ("dag-processor",)
    return Component("dag-processor", arguments, "scheduler", "DAGProcessing", "dag-processor-manager", env)


# How Airflow's health endpoint calls what these processes do.
HEALTH_NAMES: Mapping[str, str] = {
    "webserver": "api-server",
    "metadatabase": "api-server",
    "scheduler": "scheduler",
    "dag_processor": "dag-processor",
    "triggerer": "triggerer",
}
