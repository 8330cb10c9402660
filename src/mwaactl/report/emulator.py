"""The emulator and the environments in it, as text and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mwaactl.emulator.status_page import environment_data, state_data
from mwaactl.report.actions import count_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mwaactl.emulator.control import EmulatorStatus
    from mwaactl.emulator.mwaa.environment_status import EnvironmentStatus
    from mwaactl.emulator.mwaa.host import ComponentState, HostState, RequirementsState
    from mwaactl.emulator.state.state_status import StateStatus


def emulator_data(status: EmulatorStatus) -> dict[str, Any]:
    """Return the emulator as JSON values; of its environments and state, what does not exist is absent."""
    return {
        "running": status.running,
        "ready": status.ready,
        "endpoint_url": status.endpoint_url,
        "pid": status.pid,
        "log": str(status.log),
        "environments": [environment_data(environment) for environment in status.environments],
    } | ({"state": state_data(status.state)} if status.state else {})


def emulator_text(status: EmulatorStatus) -> str:
    """Return the emulator in a line, and its environments in a block each."""
    state = "ready" if status.ready else "not ready" if status.running else "stopped"
    process = f", process {status.pid}" if status.pid is not None else ""
    blocks = [_environment_text(environment) for environment in status.environments]
    head = [f"{state}: {status.endpoint_url}{process}", *_state_lines(status.state)]
    return "\n\n".join(["\n".join(head), *blocks])


def _state_lines(state: StateStatus | None) -> Iterator[str]:
    if state is None:
        return
    written = f"written {state.written_at:%Y-%m-%d %H:%M:%S} UTC" if state.written_at else "not written yet"
    yield f"state: {state.path}, {written}"
    if state.error:
        yield f"state CANNOT BE WRITTEN: {state.error}"
    for service in state.left_out:
        yield f"not in the state: {service}"
    if state.set_aside:
        yield f"set aside: {state.set_aside.path}, {state.set_aside.reason}"


def _environment_text(environment: EnvironmentStatus) -> str:
    rows = list(_rows(environment))
    width = max(len(name) for name, _ in rows)
    lines = [f"  {name:<{width}}  {value}" for name, value in rows]
    return "\n".join([f"{environment.name} ({environment.region})", *lines])


def _rows(environment: EnvironmentStatus) -> Iterator[tuple[str, str]]:
    """Yield what is known of an environment, name and value."""
    yield "status", environment.status
    if environment.error:
        yield "error", " ".join(environment.error.split())
    yield "airflow version", environment.airflow_version
    yield "web address", environment.web_url
    yield from _airflow_rows(environment.airflow)
    for component in environment.airflow.components:
        yield component.name, _component_text(component)


def _airflow_rows(airflow: HostState) -> Iterator[tuple[str, str]]:
    if airflow.metadata_database:
        yield "metadata database", airflow.metadata_database
    if airflow.requirements:
        yield "requirements", _requirements_text(airflow.requirements)
    if airflow.dags_synced_at:
        yield "last DAG sync", f"{airflow.dags_synced_at:%Y-%m-%d %H:%M:%S} UTC"
    if airflow.dag_sync_error:
        yield "DAG sync", f"FAILING, {airflow.dag_sync_error}"


def _requirements_text(requirements: RequirementsState) -> str:
    if requirements.installed:
        return "installed"
    failed = "FAILED to install, Airflow runs without them"
    return f"{failed}: {requirements.error}" if requirements.error else failed


def _component_text(component: ComponentState) -> str:
    parts = ["DOWN" if component.pid is None else f"process {component.pid}"]
    if component.restarts:
        parts.append(f"restarted {count_of(component.restarts, 'time')}")
    if component.exit_code is not None:
        parts.append(f"ended last with {_ending(component.exit_code)}")
    return ", ".join(parts)


def _ending(code: int) -> str:
    return f"exit code {code}" if code >= 0 else f"signal {-code}"
