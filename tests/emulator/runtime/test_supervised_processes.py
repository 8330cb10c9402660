"""Processes that die come back, and all end together."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Thread

import pytest

from mwaactl.emulator.guardian import Guardian
from mwaactl.emulator.mwaa.host import ComponentState
from mwaactl.emulator.process_table import read_process
from mwaactl.emulator.runtime.supervisor import ProcessPlan, Supervisor
from mwaactl.emulator.runtime.trigger_runner import end_triggerer
from mwaactl.emulator.settings import EmulatorSettings
from tests.fakes.waiting import eventually


@pytest.fixture
def guardian(tmp_path: Path) -> Iterator[Guardian]:
    made = Guardian(EmulatorSettings(tmp_path, tmp_path / "state", tmp_path / "runtimes"))
    yield made
    made.close()


def plan(tmp_path: Path, name: str, code: str, *arguments: str) -> ProcessPlan:
    env = {"PATH": os.defpath}
    return ProcessPlan(
        name, (sys.executable, "-c", code, *arguments), env, tmp_path, tmp_path / f"{name}.log"
    )


def test_component_that_dies_is_restarted_and_counted(tmp_path: Path, guardian: Guardian) -> None:
    code = "import pathlib, time; p = pathlib.Path('runs'); n = len(p.read_text()) if p.exists() else 0\n"
    code += "p.write_text('x' * (n + 1)); print('run', n, flush=True); time.sleep(60 if n else 0)"
    supervisor = Supervisor([plan(tmp_path, "scheduler", code)], guardian)
    assert eventually(lambda: (tmp_path / "runs").exists() and (tmp_path / "runs").read_text() == "xx")
    assert supervisor.deaths() == {"scheduler": 1}
    assert eventually(lambda: supervisor.tail("scheduler") == "run 0\nrun 1")
    supervisor.stop()


def test_stop_leaves_no_process(tmp_path: Path, guardian: Guardian) -> None:
    code = "import os, time; open(f'pid-{os.getpid()}', 'w'); time.sleep(60)"
    supervisor = Supervisor([plan(tmp_path, name, code) for name in ("one", "two")], guardian)
    assert eventually(lambda: len(list(tmp_path.glob("pid-*"))) == 2)
    pids = [int(path.name.removeprefix("pid-")) for path in tmp_path.glob("pid-*")]
    supervisor.stop()
    assert [read_process(pid) for pid in pids] == [None, None]


def test_states_show_the_process_and_how_the_one_before_it_ended(tmp_path: Path, guardian: Guardian) -> None:
    supervisor = Supervisor([plan(tmp_path, "scheduler", "import time; time.sleep(60)")], guardian)
    [first] = supervisor.states()
    assert first.pid is not None
    assert first == ComponentState("scheduler", first.pid)

    os.kill(first.pid, signal.SIGKILL)

    assert eventually(lambda: supervisor.states() == (ComponentState("scheduler", None, 0, -signal.SIGKILL),))
    assert eventually(lambda: supervisor.states()[0].pid is not None)
    [second] = supervisor.states()
    assert second == ComponentState("scheduler", second.pid, restarts=1, exit_code=-signal.SIGKILL)
    assert second.pid != first.pid
    supervisor.stop()
    assert supervisor.states() == ()


def test_component_that_is_drained_ends_in_its_own_time_and_keeps_what_it_needs(
    tmp_path: Path, guardian: Guardian
) -> None:
    code = "import pathlib, signal, time\n"
    code += "signal.signal(signal.SIGTERM, lambda *_: pathlib.Path('told').touch())\n"
    code += "pathlib.Path('ready').touch()\nwhile not pathlib.Path('release').exists(): time.sleep(0.05)\n"
    idle = "import time; time.sleep(60)"
    plans = [
        plan(tmp_path, "scheduler", code),
        *(plan(tmp_path, name, idle) for name in ("api-server", "triggerer")),
    ]
    supervisor = Supervisor(plans, guardian)
    assert eventually((tmp_path / "ready").exists)
    draining = Thread(target=lambda: supervisor.drain("scheduler", 60, {"api-server"}))
    draining.start()
    assert eventually((tmp_path / "told").exists)
    assert eventually(lambda: alive(supervisor) == {"scheduler", "api-server"})

    (tmp_path / "release").touch()

    draining.join(20)
    assert alive(supervisor) == {"api-server"}
    supervisor.stop()


def test_draining_ends_at_its_limit_and_when_everything_is_stopped(
    tmp_path: Path, guardian: Guardian
) -> None:
    code = "import pathlib, signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    code += "pathlib.Path('ready').touch()\ntime.sleep(60)"
    supervisor = Supervisor([plan(tmp_path, "scheduler", code)], guardian, grace=0.2)
    assert eventually((tmp_path / "ready").exists)
    supervisor.drain("scheduler", 0.1)
    assert alive(supervisor) == {"scheduler"}
    draining = Thread(target=lambda: supervisor.drain("scheduler", 60))
    draining.start()
    supervisor.stop()
    draining.join(20)
    assert not draining.is_alive()


WAITING = """
import pathlib, signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
worker = "import subprocess, sys; subprocess.run([sys.executable, '-c', sys.argv[1]]); input()"
subprocess.Popen([sys.executable, "-c", worker, sys.argv[1]], stdin=subprocess.PIPE)
pathlib.Path("ready").touch()
time.sleep(60)
"""


@pytest.mark.parametrize(("task", "waits"), [("pass", False), ("import time; time.sleep(60)", True)])
def test_a_scheduler_is_waited_for_while_one_of_its_workers_has_a_task(
    tmp_path: Path, guardian: Guardian, task: str, *, waits: bool
) -> None:
    supervisor = Supervisor([plan(tmp_path, "scheduler", WAITING, task)], guardian, grace=0.2, idle=1.0)
    assert eventually((tmp_path / "ready").exists)
    draining = Thread(target=lambda: supervisor.drain("scheduler", 60))
    draining.start()

    draining.join(4)

    assert draining.is_alive() is waits
    supervisor.stop()
    draining.join(20)


SCHEDULER = """
import pathlib, signal, subprocess, sys, time
worker = subprocess.Popen([sys.executable, "-c", sys.argv[1]])
def end(*_):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    worker.wait()
    deadline = time.monotonic() + 5
    while pathlib.Path("serves").exists() and time.monotonic() < deadline: time.sleep(0.02)
    pathlib.Path("alone").write_text(str(not pathlib.Path("serves").exists()))
    sys.exit()
signal.signal(signal.SIGTERM, end)
while True: time.sleep(0.05)
"""
WORKER = """
import pathlib, signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
while not pathlib.Path("serves").exists(): time.sleep(0.02)
pathlib.Path("works").touch()
deadline = time.monotonic() + 2
while pathlib.Path("serves").exists() and time.monotonic() < deadline: time.sleep(0.02)
pathlib.Path("served").write_text(str(pathlib.Path("serves").exists()))
"""
API_SERVER = """
import pathlib, signal, sys, time
here = pathlib.Path("serves")
signal.signal(signal.SIGTERM, lambda *_: sys.exit(here.unlink()))
here.touch()
time.sleep(60)
"""


def test_what_tasks_ask_ends_when_they_have_and_not_later(tmp_path: Path, guardian: Guardian) -> None:
    made = plan(tmp_path, "scheduler", SCHEDULER)
    plans = [plan(tmp_path, "api-server", API_SERVER), replace(made, argv=(*made.argv, WORKER))]
    supervisor = Supervisor(plans, guardian)
    assert eventually(lambda: (tmp_path / "works").exists() and (tmp_path / "serves").exists())

    supervisor.stop(last={"api-server"})

    assert (tmp_path / "served").read_text() == "True"
    assert (tmp_path / "alone").read_text() == "True"
    assert supervisor.states() == ()


TRIGGERER = """
import os, pathlib, signal, subprocess, sys, time
runner = subprocess.Popen([sys.executable, "-c", sys.argv[1]])
def end(*_):
    pathlib.Path("runner").write_text("runs" if runner.poll() is None else "has ended")
    sys.exit()
signal.signal(signal.SIGTERM, end)
while True: time.sleep(0.05)
"""
RUNNER = """
import pathlib, signal, sys, time
def end(*_):
    time.sleep(0.3)
    sys.exit()
signal.signal(signal.SIGTERM, {end})
pathlib.Path("ready").touch()
time.sleep(60)
"""


def test_triggerer_hears_of_its_end_when_what_runs_its_triggers_has_ended(
    tmp_path: Path, guardian: Guardian
) -> None:
    made = plan(tmp_path, "triggerer", TRIGGERER)
    made = replace(made, argv=(*made.argv, RUNNER.format(end="end")))
    supervisor = Supervisor([made], guardian)
    assert eventually((tmp_path / "ready").exists)
    supervisor.stop()
    assert (tmp_path / "runner").read_text() == "has ended"


def test_triggerer_does_not_wait_for_what_refuses_to_end(tmp_path: Path) -> None:
    argv = [sys.executable, "-c", TRIGGERER, RUNNER.format(end="signal.SIG_IGN")]
    with subprocess.Popen(argv, cwd=tmp_path, start_new_session=True) as triggerer:
        assert eventually((tmp_path / "ready").exists)
        end_triggerer(triggerer.pid, limit=0.1)
        assert triggerer.wait(20) == 0
        os.killpg(triggerer.pid, signal.SIGKILL)
    assert (tmp_path / "runner").read_text() == "runs"
    end_triggerer(triggerer.pid)


def alive(supervisor: Supervisor) -> set[str]:
    return {state.name for state in supervisor.states() if state.pid is not None}
