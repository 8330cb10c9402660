"""Walks one folder of the project and says which files are shipped and which are not."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field
from itertools import batched
from pathlib import Path
from typing import TYPE_CHECKING

from mwaactl.project.clues import clues_in_data
from mwaactl.project.found_file import FoundFile, Skipped
from mwaactl.project.ignore import HIDDEN, ignored_because
from mwaactl.project.ignore_file import IGNORE_FILE, read_ignore_file
from mwaactl.project.portable_names import printable, unportable_because
from mwaactl.project.reading import read_content, sha256_of, unreadable
from mwaactl.project.secret_files import LARGEST, kinds_within, secret_in_file

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mwaactl.project.clues import Clues
    from mwaactl.project.ignore_file import IgnoreFile
    from mwaactl.project.known_files import KnownFiles

# What only the tool that made a folder puts into it, whatever the folder is called.
_MADE_BY = (
    ({"pyvenv.cfg"}, "is a virtual environment"),
    ({"conda-meta"}, "is a virtual environment"),
    ({"HEAD", "objects", "refs"}, "belongs to version control"),
)
# So many files are looked into together, of which each is small.
_AT_ONCE = 32
_KINDS = (
    (stat.S_ISFIFO, "is a pipe"),
    (stat.S_ISSOCK, "is a socket"),
    (stat.S_ISBLK, "is a device"),
    (stat.S_ISCHR, "is a device"),
)


def scan(
    folder: Path,
    named: Callable[[Sequence[FoundFile]], None] = lambda _: None,
    known: KnownFiles | None = None,
) -> tuple[tuple[FoundFile, ...], tuple[Skipped, ...]]:
    """Lists the files of a folder of the project, sorted by name; a folder that is not there is empty.

    Hard links look like any other file: one to a file outside the project is shipped.

    Args:
        folder: A folder directly below the project's root, for example `<root>/dags`.
        named: Told the files, in no order, before those that may hold a secret are looked into; some of
            these are then left out.
        known: What was found out of them earlier; such files are not read.

    Raises:
        ProjectError: A file or folder cannot be read.
    """
    if folder.is_symlink():
        return (), (Skipped(folder.name, "is a link"),)
    if not folder.exists():
        return (), ()
    if not folder.is_dir():
        return (), (Skipped(folder.name, "is not a folder"),)
    walk = _Walk(folder, read_ignore_file(folder.parent), known)
    walk.run()
    named((*walk.files, *walk.suspects))
    walk.look_into_suspects()
    files = sorted(walk.files, key=lambda file: file.name)
    return tuple(files), tuple(sorted(walk.skipped, key=lambda each: each.path))


@dataclass(slots=True)
class _Walk:
    """One walk through a folder.

    Attributes:
        top: The scanned folder.
        ignore_file: What the project wants left out.
        known: What was found out of files earlier.
        suspects: The files that are to be looked into.
    """

    top: Path
    ignore_file: IgnoreFile
    known: KnownFiles | None = None
    files: list[FoundFile] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    suspects: list[FoundFile] = field(default_factory=list)
    _looked_into: tuple[str, int, Clues] | None = None

    def run(self) -> None:
        waiting = [""]
        while waiting:
            folder = waiting.pop()
            entries = self._entries(folder)
            if self.known is not None:
                self.known.enter(folder)
            if folder and (reason := _made_by_a_tool({entry.name for entry in entries})):
                self.skipped.append(Skipped(self._shown(folder), reason))
                continue
            waiting += [f"{folder}{entry.name}/" for entry in entries if self._sorts_in(entry, folder)]

    def _sorts_in(self, entry: os.DirEntry[str], folder: str) -> bool:
        """Notes what becomes of an entry, or says that it is a folder to walk through."""
        name, self._looked_into = folder + entry.name, None
        try:
            if reason := self._left_out(entry, name):
                self.skipped.append(Skipped(self._shown(name), reason))
            elif entry.is_dir(follow_symlinks=False):
                return True
            elif entry.is_symlink():
                target = Path(entry.path).resolve()
                self.files.append(FoundFile(name, self.top, target, *(self._looked_into or ())))
            else:
                self._sort_in_file(entry, name)
        except OSError as error:
            raise unreadable(self._shown(name), error) from error
        return False

    def _sort_in_file(self, entry: os.DirEntry[str], name: str) -> None:
        found = entry.stat(follow_symlinks=False)
        mark = self.known.mark(found) if self.known is not None else None
        if self.known is not None and (known := self.known.find(entry.name, mark)):
            told = (known.sha256, known.size, known.clues, known.facts)
            self.files.append(FoundFile(name, self.top, None, *told, mark))
        else:
            sorted_in = self.suspects if _may_hold_secret(name, found.st_size) else self.files
            sorted_in.append(FoundFile(name, self.top, mark=mark))

    def look_into_suspects(self) -> None:
        """Sorts the suspects: into files, or what is left out."""
        for some in batched(self.suspects, _AT_ONCE):
            contents = [read_content(each.location, f"{self.top.name}/{each.name}") for each in some]
            kinds = kinds_within(contents)
            for suspect, content in zip(some, contents, strict=True):
                if reason := secret_in_file(suspect.name.rpartition("/")[2], content, kinds):
                    self.skipped.append(Skipped(self._shown(suspect.name), reason))
                else:
                    known = (*_known(content), None, suspect.mark)
                    self.files.append(FoundFile(suspect.name, self.top, None, *known))
        self.suspects.clear()

    def _entries(self, folder: str) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(self.top / folder) as entries:
                return list(entries)
        except OSError as error:
            raise unreadable(self._shown(folder), error) from error

    def _shown(self, name: str) -> str:
        return printable(f"{self.top.name}/{name}".rstrip("/"))

    def _left_out(self, entry: os.DirEntry[str], name: str) -> str | None:
        if reason := self._name_left_out(entry, f"{self.top.name}/{name}"):
            return reason
        if entry.is_symlink():
            return self._link_left_out(Path(entry.path))
        if entry.is_dir(follow_symlinks=False):
            return None
        found = entry.stat(follow_symlinks=False)
        if not stat.S_ISREG(found.st_mode):
            return next((kind for is_kind, kind in _KINDS if is_kind(found.st_mode)), "is not a regular file")
        return None

    def _name_left_out(self, entry: os.DirEntry[str], key: str) -> str | None:
        folder = entry.is_dir(follow_symlinks=False)
        ignored = ignored_because(entry.name, folder=folder)
        if ignored and ignored != HIDDEN:
            return ignored
        if unportable := unportable_because(key):
            return unportable
        match self.ignore_file.verdict(key, folder=folder):
            case True:
                return f"is named in `{IGNORE_FILE}`"
            case False:
                return None
            case None:
                return ignored

    def _link_left_out(self, link: Path) -> str | None:
        """Follows a link to a file inside the folder and nothing else: links to folders may form loops."""
        try:
            target = link.resolve(strict=True)
        except (OSError, RuntimeError):
            return "is a link to nothing"
        top = self.top.resolve()
        if not target.is_relative_to(top):
            return "is a link that leaves the folder"
        if not target.is_file():
            return "is a link to something that is not a file"
        parts = target.relative_to(top).parts
        reasons = (ignored_because(part, folder=part is not parts[-1]) for part in parts)
        reason = next(filter(None, reasons), None) or self._content_left_out(
            str(target), "/".join(parts), target.stat().st_size
        )
        return f"is a link to what {reason}" if reason else None

    def _content_left_out(self, path: str, name: str, size: int) -> str | None:
        if not _may_hold_secret(name, size):
            return None
        content = read_content(path, f"{self.top.name}/{name}")
        self._looked_into = _known(content)
        return secret_in_file(name.rpartition("/")[2], content, kinds_within([content]))


def _known(content: bytes) -> tuple[str, int, Clues]:
    return sha256_of(content), len(content), clues_in_data(content)


def _may_hold_secret(name: str, size: int) -> bool:
    """Says whether to look for a key. A module is needed by DAGs, so that a rule refuses it instead."""
    return not name.endswith(".py") and size <= LARGEST


def _made_by_a_tool(names: set[str]) -> str | None:
    return next((reason for made, reason in _MADE_BY if made <= names), None)
