"""The AWS CLI (version 1) of the toolkit's environment, against an emulator."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mwaactl.emulator.shell_environment import Export, shell_environment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mwaactl.emulator.settings import EmulatorSettings

DRIVER = Path(__file__).with_name("aws_cli_driver.py")


@dataclass(frozen=True, slots=True)
class Said:
    """What one command said."""

    code: int
    stdout: str
    stderr: str


@dataclass(frozen=True, slots=True)
class AwsCommandLine:
    """Runs commands one after another in one process, as their own would."""

    process: subprocess.Popen[str]

    def __call__(self, *arguments: str) -> Said:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(arguments) + "\n")
        self.process.stdin.flush()
        return Said(**json.loads(self.process.stdout.readline()))

    def text(self, *arguments: str) -> str:
        """Run a command that must succeed and return what it wrote."""
        said = self(*arguments)
        assert said.code == 0, said
        return said.stdout

    def json(self, *arguments: str) -> Any:
        """Run a command that must succeed and return its answer."""
        return json.loads(self.text(*arguments, "--output", "json"))


@contextmanager
def aws_command_line(settings: EmulatorSettings) -> Iterator[AwsCommandLine]:
    """Start the CLI in a shell of `mwaactl emulator env`; end it with the block."""
    process = subprocess.Popen(
        [sys.executable, str(DRIVER)],
        env=aws_environment(settings),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        yield AwsCommandLine(process)
        assert process.stdin is not None
        process.stdin.close()


def aws_environment(settings: EmulatorSettings) -> dict[str, str]:
    """Return the variables of a shell after `mwaactl emulator env`, away from this machine's own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    exported = {each.name: each.value for each in shell_environment(settings) if isinstance(each, Export)}
    return kept | exported | {"HOME": str(settings.project_root)}
