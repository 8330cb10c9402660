"""What a forced update does to the processes below a scheduler."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psutil
import pytest

from mwaactl.emulator.runtime.task_processes import TaskProcesses
from tests.fakes.waiting import ends

# Each level starts the next and waits for it; the task itself may refuse to end.
LEVEL = """
import signal, subprocess, sys, time
below, refuses = int(sys.argv[1]), sys.argv[2] == "refuses"
if below:
    sys.exit(subprocess.call([sys.executable, "-c", sys.argv[3], str(below - 1), *sys.argv[2:]]) and 7)
if refuses:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("runs", flush=True)
time.sleep(600)
"""


@contextmanager
def scheduler(levels: int, task: str) -> Iterator[subprocess.Popen[str]]:
    """Start a stand-in for a scheduler with a task that many levels below it."""
    argv = [sys.executable, "-c", LEVEL, str(levels), task, LEVEL]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "runs\n"
        yield process
        process.kill()


@pytest.mark.parametrize(("airflow_major", "levels"), [(2, 3), (3, 2)])
def test_task_is_ended_and_what_supervises_it_learns_of_it(airflow_major: int, levels: int) -> None:
    with scheduler(levels, "obeys") as process:
        task = psutil.Process(process.pid).children(recursive=True)[-1].pid
        assert TaskProcesses(airflow_major).end(process.pid)
        assert ends(task)
        assert process.wait(20) == 7


def test_task_that_does_not_obey_is_killed() -> None:
    now = [0.0]
    tasks = TaskProcesses(3, patience=5.0, clock=lambda: now[0])
    with scheduler(2, "refuses") as process:
        tasks.end(process.pid)
        time.sleep(0.2)
        tasks.end(process.pid)
        assert process.poll() is None
        now[0] = 6.0
        tasks.end(process.pid)
        assert process.wait(20) == 7


def test_scheduler_that_is_gone_or_idle_has_no_tasks() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as gone:
        gone.wait()
    assert not TaskProcesses(3).end(gone.pid)
    assert not TaskProcesses(3).end(None)
    with scheduler(1, "obeys") as process:
        assert not TaskProcesses(3).end(process.pid)
