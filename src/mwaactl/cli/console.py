"""Where output goes: data to stdout, status to stderr, colour only where a person reads it."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(slots=True)
class Console:
    """The two streams of one call.

    Attributes:
        environ: The process environment; `NO_COLOR` is honoured.
        stdout: Takes data: tables, JSON, addresses.
        stderr: Takes status and errors.
    """

    environ: Mapping[str, str]
    stdout: IO[str] = field(default_factory=lambda: sys.stdout)
    stderr: IO[str] = field(default_factory=lambda: sys.stderr)

    @property
    def interactive(self) -> bool:
        """Whether a person watches stderr, so that a progress display makes sense."""
        return self.stderr.isatty() and self.environ.get("TERM") != "dumb"

    @property
    def colour(self) -> bool:
        """Whether stderr takes colour."""
        return self.interactive and not self.environ.get("NO_COLOR")

    def data(self, text: str) -> None:
        """Write `text` and a newline to stdout."""
        self.stdout.write(text + "\n")
        self.stdout.flush()

    def json(self, value: object) -> None:
        """Write `value` to stdout as indented JSON."""
        self.data(json.dumps(value, indent=2, default=str))

    def status(self, text: str) -> None:
        """Write one line to stderr."""
        self.stderr.write(text + "\n")
        self.stderr.flush()

    def failure(self, label: str, text: str) -> None:
        """Write `label: text` to stderr, the label in bold red where colour is shown."""
        shown = f"\x1b[1;31m{label}:\x1b[0m" if self.colour and label == "error" else f"{label}:"
        self.status(f"{shown} {text}")
