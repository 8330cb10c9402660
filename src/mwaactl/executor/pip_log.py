"""What a log of MWAA's installation of requirements says: pure reading, line by line.

MWAA's images write each line of pip as `[INFO] - …` into the stream of the component, batched every ten
seconds (amazon-mwaa-docker-images, python/mwaa/logging). They write no closing line of their own that can be
relied on: pip that is stopped after nine minutes leaves a log that just ends.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mwaactl.catalog.logs import requirements_failure
from mwaactl.redaction import redacted

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

EXCERPT_LINES = 20
_LEVEL = re.compile(r"^\[[A-Z]+\] - ")
_INSTALLED = re.compile(r"Successfully installed\b")
_ERROR = re.compile(r"(?:^|\s)(?:ERROR|error): (?P<why>.+)")
_BROKEN = re.compile(r"^\S+ \S+ (?:requires|has requirement) .*(?:incompatible|not installed)")
# What pip writes without having anything to fetch, and what MWAA writes before it starts pip.
_IDLE = re.compile(
    r"Requirement already satisfied|Looking in |Ignoring |Forcing local constraints|Cannot determine whether"
    r"|WARNING: (?:Constraints should be|Running pip as|.* names no constraints)|\[notice\]|Unable to scan"
)
_SATISFIED = "Requirement already satisfied"
_NOISE = re.compile(
    r"^\s*(?:Requirement already|Collecting|Downloading|Using cached|Looking in|\[notice\]|[━ ]*$)"
)
_CONFLICT = "The conflict is caused by:"
_BLAMES = tuple(
    map(
        re.compile,
        (
            r"No matching distribution found for (?P<package>[^\s(]+)",
            r"satisfies the requirement (?P<package>[^\s(]+)",
            r"Cannot install (?P<package>.+?) because",
            r"(?:Failed to \w+|[Hh]ash mismatch for) [`'](?P<package>[^`']+)",
            r"Failed building wheel for (?P<package>\S+)",
            r"^\s+(?P<package>\S+) from \S+:?(?: \(from .*)?$",
        ),
    )
)


@dataclass(frozen=True, slots=True)
class Installed:
    """pip ended well; `broken` says which packages no longer fit together, as pip tells it."""

    broken: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Failed:
    """pip installed nothing.

    Attributes:
        cause: Its reason in one sentence.
        package: The package that it blames; None where it blames none.
        excerpt: The last lines that matter.
    """

    cause: str
    package: str | None
    excerpt: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Idle:
    """pip has written nothing of its own work; it may have nothing to do, or not have begun."""

    satisfied: bool


@dataclass(frozen=True, slots=True)
class Unfinished:
    """pip is at work, or was stopped.

    Attributes:
        last: What it wrote last.
        excerpt: The last lines that matter.
    """

    last: str
    excerpt: tuple[str, ...]


type Outcome = Installed | Failed | Idle | Unfinished


def outcome_of(lines: Iterable[str]) -> Outcome:
    """Say what came of an installation, from its log."""
    said = [redacted(_LEVEL.sub("", line)) for line in lines]
    ended = next((at for at in range(len(said) - 1, -1, -1) if _INSTALLED.match(said[at])), None)
    errors = [match["why"].strip() for line in said[(ended or 0) :] if (match := _ERROR.search(line))]
    if errors:
        return Failed(_cause(said, errors), _package(said), excerpt_of(said))
    if ended is not None:
        return Installed(tuple(line for line in said if _BROKEN.match(line)))
    if all(_IDLE.match(line) or not line.strip() for line in said):
        return Idle(any(line.startswith(_SATISFIED) for line in said))
    return Unfinished(next(line.strip() for line in reversed(said) if line.strip()), excerpt_of(said))


def excerpt_of(lines: Sequence[str]) -> tuple[str, ...]:
    """Return the last lines without those that only tell of progress."""
    return tuple(line for line in lines if not _NOISE.match(line))[-EXCERPT_LINES:]


def failed_package(line: str) -> str | None:
    """Return the package that a line of the installation's log blames, or None."""
    found = (match["package"] for blame in _BLAMES if (match := blame.search(line)))
    package = next(found, None)
    if package is None or package.startswith("-r "):  # pip names the file where lines have hashes
        return None
    return package.rstrip(",.")


def _package(lines: Sequence[str]) -> str | None:
    return next((package for line in lines if (package := failed_package(line))), None)


def _cause(lines: Sequence[str], errors: Sequence[str]) -> str:
    # MWAA's own line after a failure tells that pip failed and not why.
    generic = requirements_failure()
    said = next((each for each in errors if not each.startswith(generic)), errors[0])
    if _CONFLICT not in lines:
        return said
    following = lines[lines.index(_CONFLICT) + 1 :]
    ends = next((at for at, line in enumerate(following) if not line.startswith("    ")), len(following))
    return ", but ".join(map(_reason, following[:ends])) or said


def _reason(line: str) -> str:
    words = " ".join(line.split())
    pinned = words.replace("The user requested (constraint)", "the constraints say")
    return pinned.replace("The user requested", "you ask for")
