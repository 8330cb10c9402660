"""What the process table tells of real processes."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from mwaactl.emulator.listeners import Holder, Listener, holder_of, sockets_of
from mwaactl.emulator.process_ending import end_tree
from mwaactl.emulator.process_table import is_running, marked_processes, read_process, start_time

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(SLEEP, env={"MARK": "a=b"}, start_new_session=True) as process:
        yield process
        process.kill()


def wait_for_zombie(pid: int) -> None:
    deadline = time.monotonic() + 10
    while not ((entry := read_process(pid)) and entry.zombie):
        assert time.monotonic() < deadline, "the process did not end"
        time.sleep(0.01)


def test_a_leader_of_a_group_is_told_with_parent_and_group(sleeper: subprocess.Popen[bytes]) -> None:
    entry = read_process(sleeper.pid)

    assert entry is not None
    assert (entry.parent, entry.group, entry.zombie) == (os.getpid(), sleeper.pid, False)


def test_the_start_is_the_same_whoever_asks_and_survives_json(sleeper: subprocess.Popen[bytes]) -> None:
    ask = "import sys; from mwaactl.emulator import process_table as t; print(t.start_time(int(sys.argv[1])))"
    command = [sys.executable, "-c", ask, str(sleeper.pid)]
    told = subprocess.run(command, capture_output=True, text=True, check=True)

    assert json.loads(told.stdout) == start_time(sleeper.pid)
    assert is_running(sleeper.pid, json.loads(told.stdout))


def test_another_start_is_another_process(sleeper: subprocess.Popen[bytes]) -> None:
    started = start_time(sleeper.pid)
    assert started is not None

    end_tree(sleeper.pid, started + 1, grace=0)

    assert not is_running(sleeper.pid, started + 1)
    assert sleeper.poll() is None


def test_a_process_that_nobody_has_waited_for_does_not_run(sleeper: subprocess.Popen[bytes]) -> None:
    started = start_time(sleeper.pid)
    assert started is not None
    sleeper.send_signal(signal.SIGKILL)
    wait_for_zombie(sleeper.pid)

    assert start_time(sleeper.pid) == started
    assert not is_running(sleeper.pid, started)


def test_a_process_that_is_gone_has_no_entry() -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()

    assert read_process(ended.pid) is None
    assert start_time(ended.pid) is None
    assert sockets_of(ended.pid) == ()


def test_processes_are_found_by_the_whole_value_of_their_mark(sleeper: subprocess.Popen[bytes]) -> None:
    assert marked_processes("MARK", "a=b") == {sleeper.pid}
    assert marked_processes("MARK", "a") == set()


def test_the_holder_of_a_port_is_the_process_that_listens() -> None:
    with socket.socket(socket.AF_INET) as listening, socket.socket(socket.AF_INET) as bound_only:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        bound_only.bind(("127.0.0.1", 0))
        port = listening.getsockname()[1]
        holder = holder_of(port)

        assert Listener("127.0.0.1", port) in sockets_of(os.getpid())
        assert holder_of(bound_only.getsockname()[1]) is None

    assert isinstance(holder, Holder)
    assert holder.pid == os.getpid()
    assert holder.command.startswith(sys.executable)
