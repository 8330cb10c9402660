"""Runs the toolkit's own commands, as a user would type them, and tells why one failed."""

import json
import subprocess
import sys
import threading
from collections import deque
from pathlib import Path
from typing import IO, cast

from demo.console import Say

MWAACTL = str(Path(sys.executable).with_name("mwaactl"))
LAST_LINES = 40


class CommandFailedError(Exception):
    """A command of the demo ended with a failure.

    Attributes:
        command: what was typed.
        returncode: its exit code.
        output: the last lines it wrote to stderr.
    """

    def __init__(self, command: str, returncode: int, output: str) -> None:
        super().__init__(f"`{command}` exited with {returncode}")
        self.command = command
        self.returncode = returncode
        self.output = output


def mwaactl(*arguments: str, say: Say) -> str:
    """Run `mwaactl ARGUMENTS`; what it says on stderr becomes progress.

    Returns:
        What the command wrote to stdout.

    Raises:
        CommandFailedError: the command exited with anything but 0.
    """
    process = subprocess.Popen(
        [MWAACTL, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    lines: deque[str] = deque(maxlen=LAST_LINES)
    reader = threading.Thread(target=_relay, args=(process.stderr, say, lines))
    reader.start()
    try:
        output = process.stdout.read() if process.stdout else ""
    finally:
        returncode = process.wait()
        reader.join()
    if returncode:
        raise CommandFailedError("mwaactl " + " ".join(arguments), returncode, "\n".join(lines))
    return output


def mwaactl_json(*arguments: str, say: Say) -> dict[str, object]:
    """Run `mwaactl ARGUMENTS --json` and read its answer."""
    return cast("dict[str, object]", json.loads(mwaactl(*arguments, "--json", say=say)))


def _relay(stream: IO[str] | None, say: Say, lines: deque[str]) -> None:
    for line in stream or ():
        text = line.rstrip()
        if text:
            lines.append(text)
            say(text)
