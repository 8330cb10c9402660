"""What was found out of the files of a large DAG folder, for those that have not changed since.

As git does, a file counts as the same while the file system says the same of it: its number, its length, and
the moments of its last changes, of which no program can set back that of the change itself. A file that has
changed in the last moments is read again: a clock may stand still between two changes.
"""

from __future__ import annotations

import hashlib
import sys
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Self

from mwaactl.project.dag_files import roots_of
from mwaactl.project.facts_as_json import facts_as_json, facts_from_json
from mwaactl.project.kept_folders import KeptFolders
from mwaactl.project.source_facts import SharedFacts

if TYPE_CHECKING:
    import os
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from pathlib import Path

    from mwaactl.project.clues import Clues
    from mwaactl.project.dag_files import DagFile
    from mwaactl.project.source_facts import SourceFacts

FEWEST = 600
"""Fewer files are read as quickly as they are looked up."""

SETTLED = 2_000_000_000
"""Nanoseconds: the coarsest clock of a file system, that of FAT."""

_PLACE = ".mwaactl/checks/files.sqlite"


@dataclass(frozen=True, slots=True)
class KnownFile:
    """What is known of a file.

    Attributes:
        sha256: Digest of the content, 64 hexadecimal digits.
        size: Length in bytes.
        clues: What rules may look for in it; None where nobody has looked.
        facts: Of a Python file, where they were read.
    """

    sha256: str
    size: int
    clues: Clues | None
    facts: SourceFacts | None


class KnownFiles:
    """What is known of the files of a project's DAG folder: looked up folder by folder, then kept anew.

    Attributes:
        shared: Holds equal parts of facts.
    """

    def __init__(self, kept: KeptFolders, now: int, *, fewest: int = FEWEST) -> None:
        """Begins with what an earlier command has kept.

        Args:
            kept: That.
            now: The moment before any file is looked at, in nanoseconds since 1970.
            fewest: Of fewer files nothing is kept.
        """
        self.shared = SharedFacts()
        self._kept, self._settled, self._fewest = kept, now - SETTLED, fewest
        self._folder = ""
        self._files: Mapping[str, Any] = {}
        self._changed: set[str] = set()

    @classmethod
    def of(cls, root: Path, now: int) -> Self:
        """Opens what is kept below a project's root folder.

        Args:
            root: That folder.
            now: The moment before any file is looked at, in nanoseconds since 1970.
        """
        return cls(KeptFolders.at(root / _PLACE, program_version), now)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is known."""
        return self._kept.roots is None

    def enter(self, folder: str) -> None:
        """Begins to look up files of a folder: its path with a `/` at its end, nothing for the DAG folder."""
        self._folder, self._files = folder, self._kept.read(folder)

    def mark(self, found: os.stat_result) -> int | None:
        """Returns what tells a file from others, and from itself after a change; None if it is too young."""
        moments = found.st_ctime_ns, found.st_mtime_ns
        return None if max(moments) > self._settled else hash((found.st_ino, found.st_size, *moments))

    def find(self, name: str, mark: int | None) -> KnownFile | None:
        """Returns what is known of a file of the folder that was entered last.

        Args:
            name: Its name.
            mark: What the file system says of it.
        """
        try:
            known, *told = self._files[name]
            if mark is not None and known == mark:
                return self._known(*told)
        except (KeyError, TypeError, ValueError):
            pass
        self._changed.add(self._folder)
        return None

    def depend_on(self, roots: Collection[str]) -> bool:
        """Says whether facts were read with these top-level modules of the DAG folder."""
        return self._kept.roots == _told(roots)

    def close(self) -> None:
        """Looks up no more."""
        self._kept.close()

    def keep(self, dags: Sequence[DagFile]) -> None:
        """Keeps what is known now; where that is impossible, the next command reads the files again.

        Args:
            dags: All files of the folder.
        """
        roots = roots_of(each.key.partition("/")[2] for each in dags)
        anew = not self.depend_on(roots)
        if len(dags) >= self._fewest and (anew or self._changed):
            folders = _by_folder(dags)
            rows = ((name, _row(files)) for name, files in folders.items() if anew or name in self._changed)
            self._kept.write(_told(roots), rows, folders)

    def _known(self, sha256: str, size: int, clues: list[str] | None, facts: list[Any] | None) -> KnownFile:
        read = None if facts is None else self.shared.of(facts_from_json(facts))
        return KnownFile(sha256, size, None if clues is None else tuple(clues), read)


@cache
def program_version() -> str:
    """Returns what changes with what this program, or the Python that runs it, finds out of a file."""
    digest = hashlib.sha256(sys.version.encode())
    for folder in (files("mwaactl.project"), files("mwaactl.catalog"), files("mwaactl.catalog") / "data"):
        for each in sorted(folder.iterdir(), key=lambda each: each.name):
            if each.is_file():
                digest.update(each.name.encode() + hashlib.sha256(each.read_bytes()).digest())
    return digest.hexdigest()


def _told(roots: Collection[str]) -> str:
    return "\n".join(sorted(roots))


def _by_folder(dags: Iterable[DagFile]) -> Mapping[str, Sequence[DagFile]]:
    """Returns files by their folders, as `KnownFiles.enter` names these."""
    folders: defaultdict[str, list[DagFile]] = defaultdict(list)
    for each in dags:
        folders["".join(each.key.partition("/")[2].rpartition("/")[:2])].append(each)
    return folders


def _row(files: Iterable[DagFile]) -> Mapping[str, list[Any]]:
    return {each.key.rpartition("/")[2]: _as_json(each) for each in files if each.mark is not None}


def _as_json(file: DagFile) -> list[Any]:
    facts = None if file.facts is None else facts_as_json(file.facts)
    return [file.mark, file.sha256, file.size, file.clues, facts]
