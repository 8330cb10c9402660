"""How uv and pip are run; what needs them takes a `Run`, so that tests decide what they answer."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from mwaactl.errors import ProjectError


@dataclass(frozen=True, slots=True)
class Completed:
    """A process that has ended.

    Attributes:
        code: Its exit code; None if it was stopped because its time was up.
        output: What it wrote, to either stream, in that order.
        seconds: How long it ran.
    """

    code: int | None
    output: str
    seconds: float


class Run(Protocol):
    """Runs a program to its end."""

    def __call__(
        self, argv: Sequence[str], *, cwd: Path, environ: Mapping[str, str], timeout: float
    ) -> Completed:
        """Runs it without input.

        Raises:
            ProjectError: There is no such program.
        """


def run_process(argv: Sequence[str], *, cwd: Path, environ: Mapping[str, str], timeout: float) -> Completed:
    """Runs a program and whatever it starts; when the time is up, all of them are killed.

    Raises:
        ProjectError: There is no such program.
    """
    started = time.monotonic()
    try:
        process = subprocess.Popen(
            argv,
            cwd=cwd,
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    except FileNotFoundError as error:
        message = f"the requirements cannot be worked on: there is no `{argv[0]}`"
        hint = "run `make` once, which installs uv"
        raise ProjectError(message, hint=hint, code="project.no-uv") from error
    with process:
        code, output = _outcome(process, timeout)
    return Completed(code, output.decode(errors="replace"), time.monotonic() - started)


def _outcome(process: subprocess.Popen[bytes], timeout: float) -> tuple[int | None, bytes]:
    try:
        output, _ = process.communicate(timeout=timeout)
    except subprocess.TimeoutExpired:
        _kill(process)
        return None, process.communicate()[0]
    except BaseException:  # an interruption must not leave pip behind
        _kill(process)
        raise
    return process.returncode, output


def _kill(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
