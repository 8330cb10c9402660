"""Runs the driver under the environment's Python, and takes its lines as they come."""

import contextlib
import os
import selectors
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Protocol

from mwaactl.errors import ProjectError
from mwaactl.project.airflow_parsing.driver_failure import CODE, ending_of

type Take = Callable[[bytes], None]
_LOG = "driver.log"


class RunDriver(Protocol):
    """Runs the driver to its end."""

    def __call__(self, argv: Sequence[str], *, cwd: Path, environ: Mapping[str, str], take: Take) -> None:
        """Runs it; gives each line that it writes to `take` at once.

        Raises:
            ProjectError: It did not start, failed, or was silent for too long.
        """


def run_driver(
    argv: Sequence[str], *, cwd: Path, environ: Mapping[str, str], take: Take, silence: float = 900.0
) -> None:
    """Runs the driver in a session of its own, of which nothing is left afterwards, whatever happens.

    Args:
        argv: Command line.
        cwd: Working directory; a log is written there.
        environ: All of its environment.
        take: Gets each line.
        silence: Seconds without a line after which it is given up.

    Raises:
        ProjectError: It did not start, failed, or was silent for too long.
    """
    with (cwd / _LOG).open("wb") as log:
        process = subprocess.Popen(
            argv,
            cwd=cwd,
            env=dict(environ),
            stdin=subprocess.PIPE,  # its end tells the driver that this process is gone
            stdout=subprocess.PIPE,
            stderr=log,
            start_new_session=True,
        )
        try:
            _read(process, take, silence)
            code = process.wait()
        finally:
            _end(process)
    if code != 0:
        raise _failed(code, cwd)


def _read(process: subprocess.Popen[bytes], take: Take, silence: float) -> None:
    pipe: IO[bytes] | None = process.stdout
    if pipe is None:
        return
    pending = b""
    with selectors.DefaultSelector() as selector:
        selector.register(pipe, selectors.EVENT_READ)
        last = time.monotonic()
        while True:
            if not selector.select(timeout=0.5):
                if process.poll() is not None:
                    return  # what a DAG file started may still hold the pipe
                if time.monotonic() - last > silence:
                    message = f"Airflow said nothing for {silence:.0f} seconds while it parsed the DAG files"
                    raise ProjectError(message, code="project.parsing-hangs")
                continue
            last = time.monotonic()
            if not (chunk := os.read(pipe.fileno(), 1 << 20)):
                return
            *lines, pending = (pending + chunk).split(b"\n")
            for line in lines:
                take(line)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kill the driver and everything that it or a DAG file started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    for stream in (process.stdin, process.stdout):
        if stream:
            stream.close()


def _failed(code: int, cwd: Path) -> ProjectError:
    said = (cwd / _LOG).read_text(encoding="utf-8", errors="replace").strip().splitlines()
    message = f"the DAG files could not be parsed: Airflow {ending_of(code)}"
    # What was written before a signal came is about something else.
    message += f": {said[-1]}" if said and code >= 0 else ""
    return ProjectError(message, code=CODE)
