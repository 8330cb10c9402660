"""What a rule reports."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from mwaactl.catalog.versions import AirflowVersion
from mwaactl.project.bundle import Bundle

type Severity = Literal["error", "warning"]
type Rule = Callable[[Bundle, AirflowVersion], Iterator[Finding]]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong with one file.

    Attributes:
        rule: Stable name of the rule, for example `python-syntax`.
        severity: `error` keeps the bundle from being shipped, `warning` does not.
        path: Path below the project's root, with `/`.
        line: Line in the file, from 1; None for the file as a whole.
        message: One sentence without a full stop.
        hint: The remedy, or None where the message already holds it.
    """

    rule: str
    severity: Severity
    path: str
    line: int | None
    message: str
    hint: str | None = None
