"""How uv and pip are run; what needs them takes a `Run`, so that tests decide what they answer."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import Protocol

from mwaactl.errors import ProjectError

type OnLine = Callable[[str], None]


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
        self,
        argv: Sequence[str],
        *,
        cwd: Path,
        environ: Mapping[str, str],
        timeout: float,
        on_line: OnLine | None = None,
    ) -> Completed:
        """Runs it without input; `on_line` is given each line as it comes.

        Raises:
            ProjectError: There is no such program.
        """


def run_process(
    argv: Sequence[str],
    *,
    cwd: Path,
    environ: Mapping[str, str],
    timeout: float,
    on_line: OnLine | None = None,
) -> Completed:
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
            encoding="utf-8",
            errors="replace",
        )
    except FileNotFoundError as error:
        message = f"the requirements cannot be worked on: there is no `{argv[0]}`"
        hint = "run `make` once, which installs uv"
        raise ProjectError(message, hint=hint, code="project.no-uv") from error
    with process:
        code, output = _outcome(process, timeout, on_line or (lambda _: None))
    return Completed(code, output, time.monotonic() - started)


def _outcome(process: subprocess.Popen[str], timeout: float, on_line: OnLine) -> tuple[int | None, str]:
    written: list[str] = []

    def read() -> None:
        for line in process.stdout or ():
            written.append(line)
            on_line(line.rstrip("\n"))

    reader = Thread(target=read, daemon=True)
    reader.start()
    code: int | None = None
    try:
        with contextlib.suppress(subprocess.TimeoutExpired):
            code = process.wait(timeout)
    finally:  # neither a limit nor an interruption may leave pip behind
        if code is None:
            _kill(process)
    reader.join()
    return code, "".join(written)


def _kill(process: subprocess.Popen[str]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
