"""What stays of a file when its bad rows have gone to quarantine: a file of the same form."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from typed_assets.io.files import FileRow, Form, RowFile
from typed_assets.io.parquet import parquet_without
from typed_assets.io.writing import Part, PartWriter


class Remaining(Protocol):
    """Is told of each row of a file, and makes the file without the bad ones."""

    def keep(self, row: FileRow) -> None:
        """Take a good row."""
        ...

    def leave(self, row: FileRow) -> None:
        """Take notice of a bad one."""
        ...

    def part(self) -> Part:
        """Return the file of the good rows."""
        ...

    def close(self) -> None:
        """Give up what is kept on disk; the file that was returned stays until it is closed."""
        ...


class RemainingText:
    """Writes each good row as it stood; its columns are known when the first comes."""

    def __init__(self, form: Form, source: RowFile) -> None:
        self._form, self._source = form, source
        self._writer: PartWriter | None = None

    def keep(self, row: FileRow) -> None:
        """Write a row."""
        self._writing().raw(row.raw)

    def leave(self, row: FileRow) -> None:
        """Write nothing."""

    def part(self) -> Part:
        """Return the file."""
        made, self._writer = self._writing().done(), None
        return made

    def close(self) -> None:
        """Drop a file that nobody has asked for."""
        if self._writer:
            self._writer.done().file.close()

    def _writing(self) -> PartWriter:
        self._writer = self._writer or PartWriter(self._form, tuple(self._source.columns))
        return self._writer


class RemainingParquet:
    """Notes the numbers of bad rows on disk; the file is read once more to write it without them.

    Args:
        reopened: gives the file's body again.
        name: of the file, for messages.
    """

    def __init__(self, reopened: Callable[[], Any], name: str) -> None:
        self._reopened, self._name = reopened, name
        self._folder = tempfile.TemporaryDirectory(prefix="typed-assets-")
        self._numbers = Path(self._folder.name) / "bad.txt"
        self._bad = self._numbers.open("w", encoding="ascii")

    def keep(self, row: FileRow) -> None:
        """Note nothing."""

    def leave(self, row: FileRow) -> None:
        """Note a row's number."""
        self._bad.write(f"{row.line}\n")

    def part(self) -> Part:
        """Return the file."""
        self._bad.flush()
        folder = Path(self._folder.name)
        path, rows = parquet_without(self._reopened(), self._numbers, folder, self._name)
        return Part(path.open("rb"), path.stat().st_size, rows)

    def close(self) -> None:
        """Delete what is on disk."""
        self._bad.close()
        self._folder.cleanup()


def remaining(form: Form, source: RowFile, reopened: Callable[[], Any]) -> Remaining:
    """Return what collects the good rows of a file.

    Args:
        form: of the file.
        source: its rows.
        reopened: gives its body again.
    """
    return RemainingParquet(reopened, source.name) if form.kind == "parquet" else RemainingText(form, source)
