"""The emulator's page about itself, written and read."""

import json
from datetime import UTC, datetime

import pytest

from mwaactl.emulator.mwaa.environment_status import EnvironmentStatus
from mwaactl.emulator.mwaa.host import ComponentState, HostState, RequirementsState
from mwaactl.emulator.status_page import StatusPage, fetch_page, page_data
from tests.fakes.loopback_server import answering, serving

AIRFLOW = HostState(
    metadata_database="postgresql",
    requirements=RequirementsState(installed=False, error="no such package"),
    dags_synced_at=datetime(2026, 11, 26, 9, 30, 5, tzinfo=UTC),
    dag_sync_error="the bucket is gone",
    components=(ComponentState("scheduler", 90, restarts=1, exit_code=-9), ComponentState("triggerer", None)),
)
ENVIRONMENT = EnvironmentStatus(
    "flights",
    "us-east-1",
    "UPDATE_FAILED",
    "3.3.1",
    "http://localhost:4578",
    error="INTERNAL_ERROR: why",
    airflow=AIRFLOW,
)
BARE = EnvironmentStatus("bare", "us-east-1", "CREATING", "3.3.1", "http://localhost:4579")
PAGE = StatusPage(pid=70, ready=True, project_root="/project", environments=(ENVIRONMENT, BARE))


def fetched(body: bytes, pid: int = 70) -> StatusPage | None:
    with serving(answering(body)) as port:
        return fetch_page(f"http://127.0.0.1:{port}", pid)


def test_page_is_read_as_it_was_written() -> None:
    assert fetched(json.dumps(page_data(PAGE)).encode()) == PAGE


def test_page_of_another_process_is_nobodys() -> None:
    assert fetched(json.dumps(page_data(PAGE)).encode(), pid=71) is None


def test_page_of_an_emulator_that_told_less_is_read() -> None:
    body = json.dumps({"pid": 70, "ready": False, "project_root": "/project"}).encode()
    assert fetched(body) == StatusPage(pid=70, ready=False, project_root="/project")


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"pid": 70}', b'{"pid": 70, "ready": "perhaps"}'])
def test_answer_of_another_program_is_no_page(body: bytes) -> None:
    assert fetched(body) is None


def test_nobody_listening_is_no_page() -> None:
    with serving(answering(b"")) as port:
        pass
    assert fetch_page(f"http://127.0.0.1:{port}", 70) is None
