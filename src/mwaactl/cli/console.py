"""Where output goes: data to stdout, status to stderr, colour only where a person reads it."""

from __future__ import annotations

import json
import re
import select
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Any, cast

from mwaactl.errors import MwaactlError
from mwaactl.quotation import unmarked
from mwaactl.redaction import Redactor

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# What steers a terminal, or turns the direction of text; tabs and line breaks may stand.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


class OutputClosedError(Exception):
    """Whoever read the output has gone."""


@dataclass(frozen=True, slots=True)
class Terminal:
    """A terminal that may go away: what is shown to nobody stops no work, and hides no error.

    Attributes:
        stream: What writes to it.
    """

    stream: IO[str]

    def write(self, text: str) -> int:
        """Write `text`, if anybody can read it."""
        with suppress(OSError):
            self.stream.write(text)
        return len(text)

    def flush(self) -> None:
        """Show what was written, if anybody can read it."""
        with suppress(OSError):
            self.stream.flush()

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  whatever else a stream has
        return getattr(self.stream, name)


@dataclass(slots=True)
class Console:
    """The two streams of one call; secrets are taken out of everything that is written to them.

    What is written in our own words names commands in backticks. They are completed here, for all of it; what
    others have written is `quoted` within it, or is a `document`.

    Attributes:
        environ: The process environment; `NO_COLOR` is honoured, and its secrets are not shown.
        stdout: Takes data: tables, JSON, addresses.
        stderr: Takes status and errors.
        complete: Makes commands that may be typed as they stand of those that a text names.
    """

    environ: Mapping[str, str]
    stdout: IO[str] = field(default_factory=lambda: sys.stdout)
    stderr: IO[str] = field(default_factory=lambda: sys.stderr)
    complete: Callable[[str], str] = field(default=str, repr=False)
    redactor: Redactor = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.redactor = Redactor.of(self.environ)

    @property
    def interactive(self) -> bool:
        """Whether a person watches stderr, so that a progress display makes sense."""
        return self.stderr.isatty() and self.environ.get("TERM") != "dumb"

    @property
    def colour(self) -> bool:
        """Whether stderr takes colour."""
        return self.interactive and not self.environ.get("NO_COLOR")

    @property
    def terminal(self) -> IO[str]:
        """Stderr, for a display that changes."""
        return cast("IO[str]", Terminal(self.stderr))

    @property
    def unread(self) -> bool:
        """Whether nobody reads stdout any more: the other end of its pipe is closed."""
        look = select.poll()
        with suppress(OSError):  # no file of the system: what tests write to
            look.register(self.stdout.fileno(), 0)
        return any(event & (select.POLLERR | select.POLLHUP) for _, event in look.poll(0))

    def data(self, text: str) -> None:
        """Write `text` and a newline to stdout."""
        self.verbatim(self.shown(text))

    def document(self, text: str) -> None:
        """Write `text` and a newline to stdout, commands as they stand: for a log, a schema or a contract."""
        self.verbatim(self._harmless(text))

    def shown(self, text: str) -> str:
        """Return `text` as a terminal may show it, with its commands completed."""
        return self._harmless(unmarked(self.complete(text)))

    def _harmless(self, text: str) -> str:
        """Return `text` without secrets, and with escapes for what would steer a terminal.

        Names, logs and errors come from whoever wrote a DAG, who must not steer the terminal of the reader.
        """
        return _CONTROL.sub(_escaped, self.redactor.text(text))

    def verbatim(self, text: str) -> None:
        """Write `text` and a newline to stdout as it is: for those who asked for a secret.

        Raises:
            OutputClosedError: If nobody reads it any more.
            MwaactlError: If it cannot be written.
        """
        try:
            self.stdout.write(text + "\n")
            self.stdout.flush()
        except BrokenPipeError as error:
            raise OutputClosedError from error
        except OSError as error:
            message = f"the result cannot be written to standard output: {error.strerror}"
            raise MwaactlError(message, code="output.unwritable") from error

    def json(self, value: object) -> None:
        """Write `value` to stdout as indented JSON."""
        self.verbatim(json.dumps(self.redactor.data(value), indent=2, default=str))

    def status(self, text: str) -> None:
        """Write one line to stderr; that nobody reads it any more stops no work that goes on."""
        self._tell(self.shown(text))

    def error(self, message: str) -> None:
        """Write what is wrong to stderr; others may have said that, so no command in it is completed."""
        label = "\x1b[1;31merror:\x1b[0m" if self.colour else "error:"
        self._tell(f"{label} {self._harmless(message)}")

    def hint(self, text: str) -> None:
        """Write the remedy of an error to stderr."""
        self.status(f"hint: {text}")

    def _tell(self, text: str) -> None:
        with suppress(OSError):
            self.stderr.write(text + "\n")
            self.stderr.flush()


def _escaped(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape").decode()
