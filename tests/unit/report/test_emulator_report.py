"""The emulator's state as text and as JSON values."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from mwaactl.emulator.control import EmulatorStatus
from mwaactl.emulator.mwaa.environment_status import EnvironmentStatus
from mwaactl.emulator.mwaa.host import ComponentState, HostState, RequirementsState
from mwaactl.report.emulator import emulator_data, emulator_text

URL = "http://127.0.0.1:4577"
LOG = Path("/project/.mwaactl/emulator/emulator.log")
STOPPED = EmulatorStatus(running=False, ready=False, endpoint_url=URL, pid=None, log=LOG)
HEALTHY = EnvironmentStatus(
    name="flights",
    region="us-east-1",
    status="AVAILABLE",
    airflow_version="3.3.1",
    web_url="http://localhost:4578",
    airflow=HostState(
        metadata_database="postgresql",
        requirements=RequirementsState(installed=True),
        dags_synced_at=datetime(2026, 11, 26, 9, 30, 5, tzinfo=UTC),
        components=(ComponentState("api-server", 71), ComponentState("scheduler", 72)),
    ),
)
AILING = EnvironmentStatus(
    name="weather",
    region="eu-west-1",
    status="UPDATE_FAILED",
    airflow_version="3.3.1",
    web_url="http://localhost:4579",
    error="INTERNAL_ERROR: the end of its log:\nKeyError: 'x'\n",
    airflow=HostState(
        metadata_database="sqlite",
        requirements=RequirementsState(installed=False, error="No matching distribution found for nonesuch"),
        dags_synced_at=datetime(2026, 11, 26, 9, 30, 5, tzinfo=UTC),
        dag_sync_error="the bucket is gone",
        components=(
            ComponentState("scheduler", 90, restarts=1, exit_code=-9),
            ComponentState("triggerer", None, restarts=2, exit_code=1),
        ),
    ),
)
CREATING = EnvironmentStatus("new", "us-east-1", "CREATING", "3.2.1", "http://localhost:4580")


def up(*environments: EnvironmentStatus, ready: bool = True) -> EmulatorStatus:
    return EmulatorStatus(
        running=True, ready=ready, endpoint_url=URL, pid=70, log=LOG, environments=environments
    )


@pytest.mark.parametrize(
    ("status", "line"),
    [
        (STOPPED, f"stopped: {URL}"),
        (up(ready=False), f"not ready: {URL}, process 70"),
        (up(), f"ready: {URL}, process 70"),
    ],
)
def test_emulator_without_environments_is_one_line(status: EmulatorStatus, line: str) -> None:
    assert emulator_text(status) == line


def test_environments_stand_in_blocks_with_what_is_known_of_each() -> None:
    assert (
        emulator_text(up(HEALTHY, CREATING))
        == """\
ready: http://127.0.0.1:4577, process 70

flights (us-east-1)
  status             AVAILABLE
  airflow version    3.3.1
  web address        http://localhost:4578
  metadata database  postgresql
  requirements       installed
  last DAG sync      2026-11-26 09:30:05 UTC
  api-server         process 71
  scheduler          process 72

new (us-east-1)
  status           CREATING
  airflow version  3.2.1
  web address      http://localhost:4580"""
    )


def test_everything_that_is_wrong_is_said_where_it_belongs() -> None:
    _, block = emulator_text(up(AILING)).split("\n\n")
    assert (
        block
        == """\
weather (eu-west-1)
  status             UPDATE_FAILED
  error              INTERNAL_ERROR: the end of its log: KeyError: 'x'
  airflow version    3.3.1
  web address        http://localhost:4579
  metadata database  sqlite
  requirements       FAILED to install, Airflow runs without them: No matching distribution found for nonesuch
  last DAG sync      2026-11-26 09:30:05 UTC
  DAG sync           FAILING, the bucket is gone
  scheduler          process 90, restarted 1 time, ended last with signal 9
  triggerer          DOWN, restarted 2 times, ended last with exit code 1"""
    )


def test_json_of_a_stopped_emulator_names_no_process() -> None:
    assert emulator_data(STOPPED) == {
        "running": False,
        "ready": False,
        "endpoint_url": URL,
        "pid": None,
        "log": str(LOG),
        "environments": [],
    }


def test_json_leaves_out_what_does_not_exist() -> None:
    ailing, creating = emulator_data(up(AILING, CREATING))["environments"]
    assert ailing["airflow"] == {
        "metadata_database": "sqlite",
        "requirements": {"installed": False, "error": "No matching distribution found for nonesuch"},
        "dags_synced_at": "2026-11-26T09:30:05Z",
        "dag_sync_error": "the bucket is gone",
        "components": [
            {"name": "scheduler", "pid": 90, "restarts": 1, "exit_code": -9},
            {"name": "triggerer", "restarts": 2, "exit_code": 1},
        ],
    }
    assert creating == {
        "name": "new",
        "region": "us-east-1",
        "status": "CREATING",
        "airflow_version": "3.2.1",
        "web_url": "http://localhost:4580",
        "airflow": {"components": []},
    }
