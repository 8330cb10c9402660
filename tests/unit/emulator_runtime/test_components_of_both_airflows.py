from pathlib import Path

import pytest

from mwaactl.emulator.runtime.components import components
from mwaactl.emulator.runtime.health import COMPONENTS
from mwaactl.emulator.runtime.parser_logs import PARSER_LOGS

PYTHON = Path("/runtime")


@pytest.mark.parametrize(
    ("major", "command"),
    [
        (2, "webserver --hostname 127.0.0.1 --port 8080"),
        (3, "api-server --host 127.0.0.1 --port 8080 --proxy-headers"),
    ],
)
def test_web_server_listens_on_loopback_only(major: int, command: str) -> None:
    web = components(major, 8080)[0]
    assert web.command(PYTHON) == ["/runtime/bin/python", "-m", "airflow", *command.split()]
    assert (web.container, web.log_kind, web.log_name) == ("webserver", "WebServer", "webserver")


@pytest.mark.parametrize("major", [2, 3])
def test_every_component_but_the_web_server_runs_in_the_schedulers_container(major: int) -> None:
    found = {each.name: (each.container, each.log_kind) for each in components(major, 1)[1:]}
    assert found == {
        "scheduler": ("scheduler", "Scheduler"),
        "dag-processor": ("scheduler", "DAGProcessing"),
        "triggerer": ("scheduler", "Scheduler"),
    }


@pytest.mark.parametrize("major", [2, 3])
def test_health_endpoint_knows_every_component(major: int) -> None:
    assert {each.health_name for each in components(major, 1)} == {"webserver", *COMPONENTS} - {
        "metadatabase"
    }


def test_scheduler_may_parse_by_itself() -> None:
    names = [each.name for each in components(2, 1, dag_processor=False)]
    assert names == ["webserver", "scheduler", "triggerer"]


def test_log_stream_has_the_moment_of_the_start_unless_mwaas_has_none() -> None:
    streams = {each.name: each.stream(1795766687.5) for each in components(2, 1)}
    assert streams["dag-processor"] == "dag_processor_manager.log"
    assert streams["scheduler"].startswith("scheduler_")
    assert streams["scheduler"].endswith("_1795766687.log")


@pytest.mark.parametrize(
    ("major", "below", "stream"),
    [
        (2, "scheduler/2026-11-27/team/flights.py.log", "scheduler_flights.py.log"),
        (3, "dag_processor/2026-11-27/dags-folder/flights.py.log", "scheduler_dag_processor_flights.py.log"),
    ],
)
def test_logs_of_parsed_files_have_mwaas_streams(tmp_path: Path, major: int, below: str, stream: str) -> None:
    file = tmp_path / "logs" / below
    file.parent.mkdir(parents=True)
    file.write_text("parsed")
    (tmp_path / "logs" / below.partition("/")[0] / "latest").symlink_to(file.parents[0])
    (tmp_path / "logs" / "other.log").write_text("not from the parser")

    logs = PARSER_LOGS[major]

    assert [logs.stream(each) for each in logs.files(tmp_path)] == [stream]
