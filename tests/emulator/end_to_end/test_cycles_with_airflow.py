"""Environments with a whole Airflow, created, updated and deleted over and over: nothing is left of them."""

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest

from mwaactl.emulator.kept_connections import IDLE_SECONDS
from tests.fakes.emulator_process import EmulatorProcess
from tests.fakes.mwaa_account import environment_request, settled
from tests.fakes.waiting import eventually

pytestmark = [pytest.mark.whole, pytest.mark.timeout(3600)]

CYCLES = int(os.environ.get("MWAACTL_CYCLES", "20"))
NAME, SECONDS = "cycle", 300
SLACK_MB = 40


@dataclass(frozen=True, slots=True)
class Held:
    """What the emulator and everything below it hold."""

    processes: int
    ports: int
    files: int
    threads: int
    on_disk: int
    megabytes: float


@pytest.fixture
def emulator(tmp_path: Path) -> Iterator[EmulatorProcess]:
    process = EmulatorProcess.below(tmp_path)
    process.up()
    yield process
    process.down()


def test_cycles_of_environments_leave_no_process_port_file_or_memory(emulator: EmulatorProcess) -> None:
    request = environment_request(emulator.aws, NAME)
    cycle(emulator, request, 0)
    before = held(emulator)

    for number in range(1, CYCLES + 1):
        cycle(emulator, request, number)
    after = held(emulator)

    assert (after.processes, after.ports, after.on_disk) == (before.processes, before.ports, before.on_disk)
    assert after.files <= before.files + 2
    assert after.threads <= before.threads + 2
    assert after.megabytes < before.megabytes + SLACK_MB


def cycle(emulator: EmulatorProcess, request: dict[str, Any], number: int) -> None:
    mwaa = emulator.aws("mwaa")
    mwaa.create_environment(**request)
    assert settled(mwaa, NAME, SECONDS)["Status"] == "AVAILABLE"
    mwaa.update_environment(Name=NAME, AirflowConfigurationOptions={"core.parallelism": str(number + 8)})
    updated = settled(mwaa, NAME, SECONDS)
    assert (updated["Status"], updated["LastUpdate"]["Status"]) == ("AVAILABLE", "SUCCESS")
    mwaa.delete_environment(Name=NAME)
    deadline = time.monotonic() + SECONDS
    while NAME in mwaa.list_environments()["Environments"]:
        assert time.monotonic() < deadline
        time.sleep(0.5)


def held(emulator: EmulatorProcess) -> Held:
    """Count when clients' connections, which are kept for a while, have been given up with their threads."""
    process = psutil.Process(emulator.status().pid)
    assert eventually(lambda: not connections(process), 3 * IDLE_SECONDS)
    tree = [process, *process.children(recursive=True)]
    environments = emulator.settings.state_dir / "environments"
    return Held(
        processes=len(tree),
        ports=sum(each.status == psutil.CONN_LISTEN for one in tree for each in one.net_connections("tcp")),
        files=process.num_fds(),
        threads=process.num_threads(),
        on_disk=sum(1 for _ in environments.rglob("*")),
        megabytes=process.memory_info().rss / 2**20,
    )


def connections(process: psutil.Process) -> list[Any]:
    return [one for one in process.net_connections("tcp") if one.status == psutil.CONN_ESTABLISHED]
