"""Children end with the process that started them, whichever way it ends."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from mwaactl.emulator.guard import MARKER, RUN_MARKER, end_groups
from mwaactl.emulator.guardian import Guardian, spawn
from mwaactl.emulator.process_table import is_running, marked_processes, start_time
from mwaactl.emulator.settings import EmulatorSettings


@pytest.fixture
def settings(tmp_path: Path) -> EmulatorSettings:
    return EmulatorSettings.for_project(tmp_path)


@pytest.fixture
def guardian(settings: EmulatorSettings) -> Iterator[Guardian]:
    guardian = Guardian(settings)
    yield guardian
    guardian.close(grace=0.5)


def left_running(guardian: Guardian) -> set[int]:
    """Tell by their mark, since another run of these tests on the machine has the same commands."""
    return marked_processes(RUN_MARKER, guardian.mark[RUN_MARKER])


def wait_for_text(log: Path, text: str) -> None:
    deadline = time.monotonic() + 10
    while text not in (log.read_text() if log.exists() else ""):
        assert time.monotonic() < deadline, "the child said nothing"
        time.sleep(0.02)


# What they start when they have been asked to end is missing from any list made before.
@pytest.mark.parametrize(
    "script",
    [
        "trap '' TERM; echo ready; setsid sleep 300 & sleep 301; sleep 302",
        "trap '' TERM; echo ready; sleep 0.1; setsid sleep 300 & sleep 301",
        "trap '' TERM; echo ready; for each in {1..100}; do setsid sleep 300 & sleep 0.02; done",
        "trap 'sleep 300 & sleep 0.1; exit' TERM; echo ready; sleep 300 & wait",
    ],
    ids=["at once", "late", "all the time", "at its end"],
)
def test_stop_ends_what_ignores_signals_and_what_left_the_group(
    settings: EmulatorSettings, guardian: Guardian, script: str
) -> None:
    log = settings.state_dir / "child.log"
    child = spawn(["bash", "-c", script], dict(os.environ), Path("/"), log, guardian)
    wait_for_text(log, "ready")

    child.stop(grace=0.3)

    assert child.poll() is not None
    assert left_running(guardian) == set()


def test_stop_kills_what_ignores_signals(settings: EmulatorSettings, guardian: Guardian) -> None:
    log = settings.state_dir / "child.log"
    script = "trap '' TERM; echo ready; sleep 300"
    child = spawn(["bash", "-c", script], dict(os.environ), Path("/"), log, guardian)
    wait_for_text(log, "ready")

    child.stop(grace=0.3)

    assert child.poll() == -signal.SIGKILL


def test_exit_code_is_told(settings: EmulatorSettings, guardian: Guardian) -> None:
    child = spawn(["sh", "-c", "exit 7"], {}, Path("/"), settings.state_dir / "log", guardian)

    assert child.wait(10) == 7


def test_children_carry_the_marks_and_nothing_else_unasked(
    settings: EmulatorSettings, guardian: Guardian
) -> None:
    child = spawn(
        ["env"], {"A": "1"}, Path("/"), settings.state_dir / "log", guardian, stdout=subprocess.PIPE
    )
    assert child.stdout is not None
    lines = child.stdout.read().decode().splitlines()
    child.stop()

    assert set(lines) - {"PWD=/", "SHLVL=0", "_=/usr/bin/env"} == {
        "A=1",
        f"MWAACTL_EMULATOR_STATE={settings.state_dir}",
        f"MWAACTL_EMULATOR_RUN={guardian.mark[RUN_MARKER]}",
    }


def test_the_guard_of_a_dead_emulator_spares_the_next_run(settings: EmulatorSettings) -> None:
    mark = {MARKER: str(settings.state_dir)}
    sleep = ["/bin/sleep", "60"]
    with (
        subprocess.Popen(sleep, env={**mark, RUN_MARKER: "old"}, start_new_session=True) as old,
        subprocess.Popen(sleep, env={**mark, RUN_MARKER: "new"}, start_new_session=True) as new,
    ):
        ended = end_groups({}, (RUN_MARKER, "old"), grace=1)
        assert new.poll() is None
        new.kill()

    assert ended == {old.pid}


def test_replaced_guard_knows_the_earlier_children(settings: EmulatorSettings, tmp_path: Path) -> None:
    script = (
        "import os, sys, time\n"
        "from pathlib import Path\n"
        "from mwaactl.emulator.guardian import Guardian, spawn\n"
        "from mwaactl.emulator.settings import EmulatorSettings\n"
        "settings = EmulatorSettings.from_json(sys.argv[1])\n"
        "guardian = Guardian(settings)\n"
        "def child():\n"
        "    return spawn(['sleep', '300'], {}, Path('/'), settings.state_dir / 'log', guardian).pid\n"
        "first = child()\n"
        "os.kill(guardian.guard_pid, 9)\n"
        "time.sleep(0.3)\n"
        "print(first, child(), flush=True)\n"
        "os.kill(os.getpid(), 9)\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3] / "src")}
    ended = subprocess.run(
        [sys.executable, "-c", script, settings.to_json()],
        env=environment,
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        check=False,
        text=True,
    )
    pids = [int(word) for word in ended.stdout.split()]
    assert len(pids) == 2
    born = {pid: start_time(pid) for pid in pids}

    deadline = time.monotonic() + 15
    while any(started and is_running(pid, started) for pid, started in born.items()):
        assert time.monotonic() < deadline, "children outlived their parent"
        time.sleep(0.05)
