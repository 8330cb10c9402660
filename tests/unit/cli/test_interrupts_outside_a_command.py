"""Ctrl-C before a command begins, or after it was told, ends `mwaactl` without a traceback."""

from __future__ import annotations

import signal
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from mwaactl.cli.exit_codes import INTERRUPTED
from mwaactl.cli.start import INTERRUPTED as AT_THE_START
from mwaactl.cli.start import main

ROOT = Path(__file__).parents[3]
# Presses Ctrl-C in the moment in which the module is looked for that its first argument names.
PRESSED = """
import os, signal, sys

class Presses:
    module = sys.argv.pop(1)

    def find_spec(self, name, path=None, target=None):
        if name == self.module:
            os.kill(os.getpid(), signal.SIGINT)

sys.meta_path.insert(0, Presses())
from mwaactl.cli.start import main
main()
"""

# Presses it when the command is done and told, and Python waits for a thread that keeps something.
PRESSED_AT_THE_END = """
import os, sys, threading, time
from mwaactl.cli.start import main

number = int(sys.argv.pop(1))
ended = threading.Event()
threading._register_atexit(ended.set)

def keep():
    ended.wait()
    os.kill(os.getpid(), number)
    time.sleep(60)

threading.Thread(target=keep).start()
main()
"""


def pressed_at(module: str, prefix: str = "") -> tuple[int, str, str]:
    """Return exit code and output of `mwaactl --version` that is interrupted where it imports a module."""
    command = ["bash", "-c", f'{prefix} exec "$0" -c "$@"', sys.executable, PRESSED, module, "--version"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("module", ["mwaactl.cli.main", "click", "mwaactl.cli.lazy_group"])
def test_an_interrupt_during_the_imports_is_no_traceback(module: str) -> None:
    assert pressed_at(module) == (INTERRUPTED, "", "interrupted\n")


def test_a_process_in_the_background_goes_on() -> None:
    code, shown, told = pressed_at("click", "trap '' INT;")

    assert (code, told) == (0, "")
    assert shown.startswith("mwaactl ")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interrupt_when_all_is_told_is_no_traceback(number: signal.Signals) -> None:
    command = [sys.executable, "-c", PRESSED_AT_THE_END, str(int(number)), "--version"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=50)

    assert (done.returncode, done.stderr) == (-number, "")
    assert done.stdout.startswith("mwaactl ")


def test_the_command_that_is_installed_begins_there() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    assert project["scripts"] == {"mwaactl": f"{main.__module__}:{main.__name__}"}
    assert AT_THE_START == INTERRUPTED
