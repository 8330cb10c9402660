"""What scanners have in common."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from mwaactl.project.checks.finding import Severity
from mwaactl.project.infrastructure.assembly import Assembly
from mwaactl.project.infrastructure.program import RunProgram


@dataclass(frozen=True, slots=True)
class Means:
    """What scanners are run with.

    Attributes:
        run: Runs programs.
        environ: Variables of the processes, complete.
        folder: Where what they need is kept, for example `.mwaactl/checks`.
        region: Where the templates are deployed.
    """

    run: RunProgram
    environ: Mapping[str, str]
    folder: Path
    region: str


@dataclass(frozen=True, slots=True)
class Scanned:
    """One thing that a scanner found.

    Attributes:
        ids: What the finding is acknowledged by, the first one its usual name: `Checkov::CKV_AWS_18`.
        template: File name of the template.
        logical_id: The resource; empty for the template as a whole.
        message: One sentence without a full stop.
        hint: The remedy, or None.
    """

    ids: tuple[str, ...]
    severity: Severity
    template: str
    logical_id: str
    message: str
    hint: str | None = None

    @property
    def rule(self) -> str:
        """The rule's own name, for example `CKV_AWS_18`."""
        return self.ids[0].rpartition("::")[2]


class NotRunError(Exception):
    """A scanner could not be run: the text says why, in words that follow its name."""


class Scanner(Protocol):
    """One scanner."""

    @property
    def name(self) -> str:
        """What people call it."""

    def scan(self, assembly: Assembly, means: Means) -> Iterable[Scanned]:
        """Looks at all templates.

        Raises:
            NotRunError: It is not installed here, or failed.
        """


def template_files(assembly: Assembly) -> list[str]:
    """Returns the paths of the templates."""
    return [str(assembly.folder / template.name) for template in assembly.templates]
