"""A file of SQLite with one row for each folder of a tree: of a large one, no more is in memory at once."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping
    from pathlib import Path

_TABLES = (
    "drop table if exists head",
    "drop table if exists folders",
    "create table head (version text, roots text)",
    "create table folders (name text primary key, files text)",
)


@dataclass(slots=True)
class KeptFolders:
    """What an earlier command has kept; what cannot be read counts as nothing.

    Attributes:
        place: The file.
        version: Tells that of what is kept, where it is asked for; another one is not read.
        roots: What all of it depends on; None where there is nothing.
    """

    place: Path
    version: Callable[[], str]
    roots: str | None = None
    _rows: sqlite3.Connection | None = None

    @classmethod
    def at(cls, place: Path, version: Callable[[], str]) -> Self:
        """Opens the file; nobody changes it until `close`."""
        kept = cls(place.absolute(), version)
        with suppress(sqlite3.Error, OSError):  # a folder that nobody may look into, too
            if kept.place.exists():
                kept._open()
        return kept

    def read(self, folder: str) -> Mapping[str, Any]:
        """Returns what is kept of a folder's files, by their names."""
        if self._rows is None:
            return {}
        try:
            row = self._rows.execute("select files from folders where name = ?", [folder]).fetchone()
            return dict(json.loads(row[0])) if row else {}
        except (sqlite3.Error, ValueError, TypeError):
            return {}

    def close(self) -> None:
        """Reads no more."""
        if self._rows is not None:
            self._rows.close()
            self._rows = None

    def write(
        self, roots: str, folders: Iterable[tuple[str, Mapping[str, Any]]], present: Collection[str]
    ) -> None:
        """Keeps folders in place of what was kept of them, or does not, where that is impossible.

        Args:
            roots: What all of it depends on; what was kept with others is forgotten.
            folders: Their names, and what is to be kept of their files.
            present: Names of all folders of which something may be kept; others are forgotten.
        """
        try:
            self.place.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self.place, timeout=0)) as rows, rows:
                self._write(rows, roots, folders, present)
        except (OSError, sqlite3.OperationalError):
            return  # another command reads or writes it, or the disk is full
        except sqlite3.DatabaseError:  # it is no file of SQLite, or a broken one
            with suppress(OSError):
                self.place.unlink(missing_ok=True)

    def _open(self) -> None:
        rows = sqlite3.connect(f"{self.place.as_uri()}?mode=ro", uri=True, timeout=0, check_same_thread=False)
        try:
            rows.execute("begin")
            version, self.roots = _head(rows)
        except sqlite3.Error:
            rows.close()
            raise
        if version == self.version():
            self._rows = rows
        else:
            self.roots = None
            rows.close()

    def _write(
        self,
        rows: sqlite3.Connection,
        roots: str,
        folders: Iterable[tuple[str, Mapping[str, Any]]],
        present: Collection[str],
    ) -> None:
        rows.execute("begin immediate")
        if _head(rows) != (self.version(), roots):
            for each in _TABLES:
                rows.execute(each)
            rows.execute("insert into head values (?, ?)", [self.version(), roots])
        told = ((name, json.dumps(files, separators=(",", ":"))) for name, files in folders)
        rows.executemany("insert or replace into folders values (?, ?)", told)
        kept = [row for row in rows.execute("select name from folders") if row[0] not in present]
        rows.executemany("delete from folders where name = ?", kept)


def _head(rows: sqlite3.Connection) -> tuple[str | None, str | None]:
    try:
        version, roots = rows.execute("select version, roots from head").fetchone() or (None, None)
    except sqlite3.OperationalError:  # it has other tables, or is being written
        return None, None
    return version, roots
