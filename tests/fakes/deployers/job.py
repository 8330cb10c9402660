"""What one deployer process is asked to do, and what came of it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field


@dataclass(frozen=True, slots=True)
class Job:
    """One call of `mwaactl` in a process of its own.

    Attributes:
        endpoint: Where AWS answers.
        root: The project.
        arguments: After `mwaactl`.
        out: A folder for what it writes to stdout and stderr.
        name: What its requests call it.
        clock_error: Seconds that its clock on the wall is wrong.
        elapsed_file: Holds seconds that the clock which nobody sets jumps ahead by, read each time.
        read_timeout: Seconds of silence after which a request is given up.
        rehearsal: Whether the process that forks deployers carries it out itself, so that those after it find
            every module, table and client as it left them.
    """

    endpoint: str
    root: str
    arguments: tuple[str, ...]
    out: str
    name: str = ""
    clock_error: float = 0.0
    elapsed_file: str = ""
    read_timeout: float = 5.0
    rehearsal: bool = False

    def encode(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def decode(cls, text: str) -> Job:
        found = json.loads(text)
        return cls(**{**found, "arguments": tuple(found["arguments"])})


@dataclass(frozen=True, slots=True)
class Ended:
    """A process that has ended.

    Attributes:
        code: Its exit code; the negative number of the signal that killed it.
        stdout: What it wrote there.
        stderr: What it wrote there.
    """

    code: int
    stdout: str = field(repr=False)
    stderr: str
