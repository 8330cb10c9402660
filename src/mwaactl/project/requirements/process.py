"""How uv and pip are run; what needs them takes a `Run`, so that tests decide what they answer."""

import contextlib
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import Protocol

from mwaactl.errors import ProjectError
from mwaactl.project.programs import end_program, start_program

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
            ProjectError: It cannot be started.
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
        ProjectError: It cannot be started.
    """
    started = time.monotonic()
    try:
        process = start_program(argv, cwd=cwd, environ=environ, stderr=subprocess.STDOUT)
    except OSError as error:
        message = f"`{argv[0]}` cannot be started: {error.strerror}"
        hint = "install it and have it on the PATH; in a clone of mwaactl `make setup` does"
        raise ProjectError(message, hint=hint, code="project.program-absent") from error
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
            end_program(process)
    reader.join()
    return code, "".join(written)
