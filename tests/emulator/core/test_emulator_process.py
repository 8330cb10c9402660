"""Starting, stopping, crashing: nothing is left behind, and nothing stands in the way of the next start."""

import os
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from mwaactl.emulator.listeners import sockets_of
from mwaactl.emulator.process_table import read_table, with_descendants
from mwaactl.errors import EmulatorError
from tests.fakes.emulator_process import EmulatorProcess


def wait_until_gone(pids: set[int], seconds: float = 15.0) -> set[int]:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        left = {pid for pid, entry in read_table().items() if pid in pids and not entry.zombie}
        if not left:
            return set()
        time.sleep(0.05)
    return left


def test_every_listener_is_on_loopback(emulator: EmulatorProcess) -> None:
    pid = emulator.status().pid
    assert pid is not None

    found = {
        listener.address for each in with_descendants([pid], read_table()) for listener in sockets_of(each)
    }

    assert found == {"127.0.0.1"}


def test_up_is_idempotent(emulator: EmulatorProcess) -> None:
    assert emulator.up() == emulator.status()


def test_up_with_other_settings_is_refused(emulator: EmulatorProcess) -> None:
    other = EmulatorProcess(replace(emulator.settings, sync_interval=30.0))

    with pytest.raises(EmulatorError, match="up with other settings") as caught:
        other.up()
    assert caught.value.hint == "run `mwaactl emulator down` first"


def test_down_without_an_emulator_says_so(own_emulator: EmulatorProcess) -> None:
    assert own_emulator.down() is False
    assert own_emulator.status().running is False


def test_taken_port_names_its_holder(own_emulator: EmulatorProcess) -> None:
    with socket.socket() as stranger:
        stranger.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        stranger.bind(("127.0.0.1", own_emulator.settings.port))
        stranger.listen()

        with pytest.raises(EmulatorError) as caught:
            own_emulator.up()

    assert caught.value.code == "emulator.port-taken"
    assert f"process {os.getpid()}" in caught.value.message
    assert own_emulator.status().running is False


def test_stale_record_of_a_living_stranger_harms_nobody(own_emulator: EmulatorProcess) -> None:
    state = own_emulator.settings.state_dir
    state.mkdir(parents=True)
    settings = own_emulator.settings.to_json()
    (state / "emulator.json").write_text(f'{{"pid": {os.getpid()}, "started": 1, "settings": {settings}}}')
    (state / "children.json").write_text(f'{{"{os.getpgid(0)}": 1}}')

    assert own_emulator.status().running is False
    assert own_emulator.down() is False


def test_two_starts_at_once_give_one_emulator_that_leaves_no_orphan_and_starts_again_over_torn_files(
    own_emulator: EmulatorProcess,
) -> None:
    with ThreadPoolExecutor() as pool:
        first, second = pool.map(lambda _: own_emulator.up(), range(2))
    pid = first.pid
    assert pid is not None
    assert pid == second.pid
    family = with_descendants([pid], read_table())

    os.kill(pid, signal.SIGKILL)

    assert wait_until_gone(family) == set()
    state = own_emulator.settings.state_dir
    (state / "emulator.json").write_text('{"pid": 1, "star')
    (state / "children.json").write_text('{"77')
    assert own_emulator.up().ready


def test_orphans_of_an_emulator_and_a_guard_both_killed_are_swept(own_emulator: EmulatorProcess) -> None:
    state = own_emulator.settings.state_dir
    script = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "from mwaactl.emulator.guardian import Guardian, spawn\n"
        "from mwaactl.emulator.settings import EmulatorSettings\n"
        "settings = EmulatorSettings.from_json(sys.argv[1])\n"
        "guardian = Guardian(settings)\n"
        "log = settings.state_dir / 'child.log'\n"
        "child = spawn(['sleep', '300'], dict(os.environ), Path('/'), log, guardian)\n"
        "print(child.pid, guardian.guard_pid, flush=True)\n"
        "os.kill(guardian.guard_pid, 9)\n"
        "os.kill(os.getpid(), 9)\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3] / "src")}
    ended = subprocess.run(
        [sys.executable, "-c", script, own_emulator.settings.to_json()],
        env=environment,
        stdout=subprocess.PIPE,
        check=False,
        text=True,
    )
    child = int(ended.stdout.split()[0])
    assert child in read_table()
    assert (state / "children.json").exists()

    assert own_emulator.down() is True

    assert wait_until_gone({child}) == set()
