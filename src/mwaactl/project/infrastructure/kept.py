"""Results kept by content: the same infrastructure is not looked at twice."""

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from mwaactl.project.checks.finding import Finding
from mwaactl.project.infrastructure.result import InfrastructureChecked
from mwaactl.project.reading import unreadable
from mwaactl.project.requirements.storage import replace_file, writing

# To be raised when the meaning of what is kept changes.
_FORMAT = 1
# What is built, or nothing of the CDK's, or shipped by `mwaactl deploy` and not by the CDK.
_ELSEWHERE = {
    "node_modules",
    "cdk.out",
    "build",
    "dist",
    "__pycache__",
    "tests",
    "docs",
    "benchmarks",
    "demo",
}
_SHIPPED = {"dags", "plugins", "requirements", "startup"}


@dataclass(frozen=True, slots=True)
class KeptInfrastructure:
    """Where the result for one content is kept."""

    file: Path

    @classmethod
    def of(cls, root: Path, folder: Path, content: Sequence[str]) -> Self:
        """Returns the place.

        Args:
            root: The project's root: each file below it counts, save those that the CDK does not read.
            folder: For example `.mwaactl/checks`.
            content: What else the result depends on: environment, scanners and their versions.

        Raises:
            ProjectError: A file cannot be read.
        """
        digest = hashlib.sha256()
        for part in (str(_FORMAT), *content):
            digest.update(part.encode() + b"\0")
        for path in _files(root):
            digest.update(f"{path.relative_to(root)}\0".encode(errors="surrogateescape"))
            digest.update(hashlib.sha256(_content(path, root)).digest())
        return cls(folder / "infrastructure" / f"{digest.hexdigest()[:32]}.json")

    def read(self) -> InfrastructureChecked | None:
        """Returns the result; None where there is none that can be read."""
        try:
            data = json.loads(self.file.read_text(encoding="utf-8"))
            findings = tuple(Finding(**each) for each in data["findings"])
            scanners = tuple(data["scanners"])
            return InfrastructureChecked(findings, data["templates"], data["accepted"], scanners, known=True)
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def write(self, checked: InfrastructureChecked) -> None:
        """Keeps a result."""
        with writing(f".mwaactl/{self.file.parent.parent.name}"):
            replace_file(self.file, json.dumps(asdict(checked)).encode())


def _content(path: Path, root: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise unreadable(path.relative_to(root).as_posix(), error) from error


def _files(root: Path) -> Iterator[Path]:
    for folder, names, files in os.walk(root):
        top = Path(folder) == root
        left_out = _ELSEWHERE | (_SHIPPED if top else set())
        names[:] = sorted(name for name in names if name not in left_out and not name.startswith("."))
        for name in sorted(files):
            path = Path(folder, name)
            if path.is_file() and not name.startswith(".") and not name.endswith((".md", ".pyc")):
                yield path
