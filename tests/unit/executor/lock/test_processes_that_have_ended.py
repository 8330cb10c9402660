from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import pytest

from mwaactl.executor.lock.process import is_dead, this_process


def test_this_process_is_alive_and_one_that_has_ended_is_not() -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()

    assert not is_dead(this_process())
    assert is_dead(replace(this_process(), pid=ended.pid))
    assert not is_dead(replace(this_process(), pid=ended.pid, machine="another boot"))


@pytest.mark.parametrize("pid", [10**30, -(10**30), 0, -1])
def test_a_number_that_no_process_has_proves_nothing(pid: int) -> None:
    assert not is_dead(replace(this_process(), pid=pid))
