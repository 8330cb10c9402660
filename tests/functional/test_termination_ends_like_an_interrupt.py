from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

CONFIGURATION = """
project = "flights"
default_environment = "local"

[environments.local]
account = "123456789012"
region = "us-east-1"
endpoint_url = "http://127.0.0.1:{port}"
"""
PROGRAM = Path(sys.executable).with_name("mwaactl")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_the_wait_for_an_answer_at_once(tmp_path: Path, number: signal.Signals) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        (tmp_path / "mwaactl.toml").write_text(CONFIGURATION.format(port=silent.getsockname()[1]))
        command = [str(PROGRAM), "release", "list"]
        process = subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True)
        connection, _ = silent.accept()
        process.send_signal(number)
        _, stderr = process.communicate(timeout=15)
        connection.close()

    assert (process.returncode, stderr.strip()) == (130, "interrupted")


def test_a_terminal_that_goes_away_is_an_interruption_too(tmp_path: Path) -> None:
    terminal, given = os.openpty()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        (tmp_path / "mwaactl.toml").write_text(CONFIGURATION.format(port=silent.getsockname()[1]))
        command = [str(PROGRAM), "release", "list"]
        process = subprocess.Popen(command, cwd=tmp_path, stdout=given, stderr=given)
        connection, _ = silent.accept()
        os.close(terminal)
        process.send_signal(signal.SIGHUP)
        code = process.wait(timeout=15)
        connection.close()
    os.close(given)

    assert code == 130
