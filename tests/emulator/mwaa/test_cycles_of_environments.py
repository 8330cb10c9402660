"""Environments created, updated and deleted over and over: what they held in this process is given back."""

import gc
import threading
import time

import psutil

from mwaactl.emulator.mwaa.lifecycle import EnvironmentLifecycle
from tests.emulator.mwaa.conftest import World

CYCLES = 4


def test_cycles_leak_no_port_file_thread_or_environment(world: World) -> None:
    cycle(world, 0)
    before = held()

    for number in range(1, CYCLES + 1):
        cycle(world, number)

    deadline = time.monotonic() + 10
    while held() != before and time.monotonic() < deadline:
        time.sleep(0.05)
    assert held() == before


def cycle(world: World, number: int) -> None:
    name = f"cycle-{number}"
    world.create(name)
    world.mwaa.update_environment(Name=name, AirflowConfigurationOptions={"core.parallelism": str(number)})
    updated = world.wait(name, "AVAILABLE")
    assert updated["AirflowConfigurationOptions"] == {"core.parallelism": str(number)}
    world.mwaa.delete_environment(Name=name)
    deadline = time.monotonic() + 10
    while name in world.mwaa.list_environments()["Environments"]:
        assert time.monotonic() < deadline
        time.sleep(0.02)


def held() -> tuple[int, int, int]:
    """Listening ports, threads and lifecycles of environments in this process."""
    gc.collect()
    process = psutil.Process()
    ports = sum(each.status == psutil.CONN_LISTEN for each in process.net_connections("tcp"))
    lifecycles = sum(isinstance(each, EnvironmentLifecycle) for each in gc.get_objects())
    return ports, threading.active_count(), lifecycles
