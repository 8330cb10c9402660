"""What parsing found, kept by content: a file whose inputs are the same is not parsed again."""

import contextlib
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any, Self

from mwaactl.project.requirements.storage import replace_file
from mwaactl.redaction import Redactor

# To be raised when the meaning of what is kept changes.
_FORMAT = 1
_MOST = 12
_BYTES = 200_000_000


@dataclass(slots=True)
class KeptFacts:
    """The results for one runtime, one set of options and plugins and one set of file names.

    Attributes:
        path: Where they are kept.
        listing: What `files` was made from.
        files: The files that Airflow would parse.
        found: File to what the driver wrote about it.
        reads: File to the digests of what it read.
    """

    path: Path
    listing: str = ""
    files: list[str] = field(default_factory=list)
    found: dict[str, dict[str, Any]] = field(default_factory=dict)
    reads: dict[str, dict[str, str]] = field(default_factory=dict)

    @classmethod
    def at(cls, folder: Path, content: Sequence[str]) -> Self:
        """Reads what is kept for a content; what cannot be read counts as nothing.

        Args:
            folder: For example `.mwaactl/checks/parsed`.
            content: All that the results depend on, save the files that each of them read.
        """
        digest = hashlib.sha256()
        for part in (str(_FORMAT), driver_digest(), *content):
            digest.update(part.encode(errors="surrogateescape") + b"\0")
        path = folder / f"{digest.hexdigest()[:32]}.json"
        kept = cls(path)
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            kept.listing, kept.files = str(data["listing"]), [str(each) for each in data["files"]]
            kept.found, kept.reads = (
                dict(data["found"]),
                {name: dict(each) for name, each in data["reads"].items()},
            )
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return cls(path)
        return kept

    def valid(self, file: str, digests: Mapping[str, str]) -> bool:
        """Says whether all that a file read is as it was."""
        reads = self.reads.get(file)
        return (
            file in self.found
            and reads is not None
            and all(digests.get(key) == each for key, each in reads.items())
        )

    def put(self, file: str, found: dict[str, Any], digests: Mapping[str, str]) -> None:
        """Takes what the driver wrote about a file; unless that names what it read, all files count."""
        self.found[file] = found
        self.reads[file] = {key: digests[key] for key in found.get("reads", digests) if key in digests}

    def write(self) -> None:
        """Keeps all of it, and forgets the oldest of other contents.

        Raises:
            OSError: It cannot be written.
        """
        # An import error may quote a connection string.
        found = Redactor().data(self.found)
        data = {"listing": self.listing, "files": self.files, "found": found, "reads": self.reads}
        replace_file(self.path, json.dumps(data).encode())
        _forget(self.path.parent)


def driver_digest() -> str:
    """Returns what changes with the driver, so that results of another one are not taken."""
    digest = hashlib.sha256()
    for file in sorted((files(__package__) / "driver").iterdir(), key=lambda each: each.name):
        if file.name.endswith(".py"):
            digest.update(file.read_bytes())
    return digest.hexdigest()


def _forget(folder: Path) -> None:
    """Leaves the newest results, not too many of them and not too large together."""
    found = []
    for path in folder.iterdir():
        with contextlib.suppress(OSError):  # another process may be faster
            found.append((path.stat().st_mtime, path.stat().st_size, path))
    size = 0
    for place, (_, each, path) in enumerate(sorted(found, reverse=True)):
        size += each
        if place >= _MOST or (place and size > _BYTES):
            path.unlink(missing_ok=True)
