"""How the CDK app and the scanners are run; what needs them takes a `RunProgram`, so that tests decide."""

import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from mwaactl.project.programs import end_program, start_program

SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class Ended:
    """A program that has ended.

    Attributes:
        code: Its exit code; None where there is no such program, or it was stopped because its time was up.
    """

    code: int | None
    stdout: str
    stderr: str


class RunProgram(Protocol):
    """Runs a program to its end, without input."""

    def __call__(self, argv: Sequence[str], *, cwd: Path, environ: Mapping[str, str]) -> Ended:
        """Runs it; a program that is missing, or hangs, has no exit code."""


def run_program(argv: Sequence[str], *, cwd: Path, environ: Mapping[str, str]) -> Ended:
    """Runs a program, and whatever it starts, for ten minutes at most."""
    try:
        process = start_program(argv, cwd=cwd, environ=environ)
    except OSError as error:
        return Ended(None, "", f"{argv[0]}: {error.strerror}")
    with process:
        try:
            stdout, stderr = process.communicate(timeout=SECONDS)
        except subprocess.TimeoutExpired:
            end_program(process)
            return Ended(None, "", f"{argv[0]} did not end within {SECONDS:.0f} s")
        except BaseException:  # an interruption must not leave it behind
            end_program(process)
            raise
    return Ended(process.returncode, stdout, stderr)
