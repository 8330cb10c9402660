"""What a walk through a folder of the project comes upon: files that are shipped, and what is not."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mwaactl.project.clues import Clues
    from mwaactl.project.source_facts import SourceFacts


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A regular file below the scanned folder.

    Attributes:
        name: Path below the scanned folder, with `/`, for example `lib/tables.py`.
        folder: The scanned folder; of a hundred thousand files none has a Path of its own.
        target: Where a link leads; None for a file.
        sha256: Digest of the content that was looked into, 64 hexadecimal digits; None where it was not.
        size: Length of that content in bytes.
        clues: What rules may look for in it; None where it was not looked into.
        facts: Of a Python file that was read earlier and has not changed.
        mark: What tells it from any other file, and from itself after a change; None where that is not known.
    """

    name: str
    folder: Path
    target: Path | None = None
    sha256: str | None = None
    size: int = 0
    clues: Clues | None = None
    facts: SourceFacts | None = None
    mark: int | None = field(default=None, compare=False)

    @property
    def path(self) -> Path:
        """Where to read it."""
        return Path(self.location)

    @property
    def location(self) -> str:
        """The path as text: for every file of a large tree, a Path takes longer than the reading."""
        return str(self.target or f"{self.folder}/{self.name}")


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something that is not shipped.

    Attributes:
        path: Path below the project's root, with `/`.
        reason: Completes the sentence "… is not shipped: it …".
    """

    path: str
    reason: str
