"""Starts the programs that checks need: without input, and so that whatever they start ends with them."""

import contextlib
import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path


def start_program(
    argv: Sequence[str], *, cwd: Path, environ: Mapping[str, str], stderr: int = subprocess.PIPE
) -> subprocess.Popen[str]:
    """Starts a program in a session of its own.

    Args:
        argv: The program and its arguments.
        cwd: Where it runs.
        environ: All of its environment.
        stderr: Where its errors go: a pipe of their own, or `subprocess.STDOUT`.

    Raises:
        OSError: It cannot be started.
    """
    return subprocess.Popen(
        argv,
        cwd=cwd,
        env=dict(environ),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=stderr,
        start_new_session=True,
        encoding="utf-8",
        errors="replace",
    )


def end_program(process: subprocess.Popen[str]) -> None:
    """Kills a program and whatever it has started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
