"""Rows to files: parts that wait on disk, not in memory, until they are put to S3."""

import csv
import gzip
import io
import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any

from typed_assets.io.errors import DataError
from typed_assets.io.files import Form
from typed_assets.io.values import encode

PART_BYTES = 64 * 1024 * 1024
"""Of a file before the next begins; COPY reads several files at once."""
_IN_MEMORY = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Part:
    """A file that is ready: its bytes from the start, how many there are, and the rows in them."""

    file: IO[bytes]
    size: int
    rows: int


class PartWriter:
    """Writes rows of one file.

    Args:
        form: `csv` or `jsonl`, plain or gzip.
        columns: the header of a CSV file; rows must have no others.
    """

    def __init__(self, form: Form, columns: Sequence[str]) -> None:
        self.rows = 0
        self._file = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - it outlives the function
        # Without a time and a name in it, the same rows are the same bytes.
        self._packed = gzip.GzipFile("", "wb", 6, self._file, mtime=0) if form.gzipped else None
        target: Any = self._packed or self._file
        self._text = io.TextIOWrapper(target, "utf-8", newline="", write_through=False)
        self._csv = csv.writer(self._text, lineterminator="\n") if form.kind == "csv" else None
        self._columns = columns
        if self._csv:
            self._csv.writerow(columns)

    @property
    def size(self) -> int:
        """Bytes so far, without what is still buffered."""
        return self._file.tell()

    def row(self, row: Mapping[str, Any]) -> None:
        """Write a row of Python values.

        Raises:
            DataError: a value is of no type that a column has, or CSV cannot hold it.
        """
        values = {name: _encoded(name, value) for name, value in row.items()}
        if self._csv:
            self.raw([_field(name, values.get(name)) for name in self._columns])
        else:
            self.raw(json.dumps(values, ensure_ascii=False, separators=(",", ":")) + "\n")

    def raw(self, raw: Any) -> None:  # noqa: ANN401
        """Write what a file of the same form held: fields of CSV, or a line."""
        self.rows += 1
        if self._csv:
            self._csv.writerow(raw)
        else:
            self._text.write(raw if raw.endswith("\n") else raw + "\n")

    def done(self) -> Part:
        """Return the file."""
        self._text.flush()
        self._text.detach()
        if self._packed:
            self._packed.close()
        size = self._file.tell()
        self._file.seek(0)
        return Part(self._file, size, self.rows)


def parts(rows: Iterable[Mapping[str, Any]], form: Form, columns: Sequence[str]) -> Iterator[Part]:
    """Yield files of rows; at least one, though it be empty, because COPY wants a file.

    Args:
        rows: may be endless in memory's terms: one is held at a time.
        form: of the files.
        columns: every column, for CSV's header and so that each row of JSON has all of them.

    Raises:
        DataError: a row is none, or has a column that is not among these, or a value that no file holds.
    """
    known, writer = frozenset(columns), PartWriter(form, columns)
    nothing = dict.fromkeys(columns)
    try:
        for row in rows:
            _check_row(row, known)
            if writer.size >= PART_BYTES:
                full, writer = writer, PartWriter(form, columns)
                yield full.done()
            writer.row({**nothing, **row})
    except BaseException:
        writer.done().file.close()
        raise
    yield writer.done()


def _check_row(row: object, known: frozenset[str]) -> None:
    """Refuse what is no row, whatever a function yields, and columns beside those that are known."""
    if not isinstance(row, Mapping):
        message = f"a row is of the type {type(row).__name__}, and no mapping of columns to values"
        hint = "make a dict of each, for example with `csv.DictReader` or `to_dict('records')`"
        raise DataError(message, hint=hint)
    if known and not row.keys() <= known:
        message = f"a row has the column `{min(map(str, row.keys() - known))}`, which is not in the contract"
        raise DataError(message)


def _encoded(name: Any, value: Any) -> str | int | float | bool | None:  # noqa: ANN401
    if not isinstance(name, str):
        message = f"a column is called by the {type(name).__name__} `{name}`, and names are text"
        raise DataError(message)
    try:
        found = encode(value)
        for text in (name, found):
            if isinstance(text, str) and not text.isascii():
                text.encode()
    except TypeError as error:
        message = f"column `{name}`: {error}"
        raise DataError(message) from None
    except UnicodeEncodeError:
        shown = name.encode(errors="backslashreplace").decode()
        message = f"column `{shown}`: half of a surrogate pair is no text"
        raise DataError(message, hint="UTF-8 cannot hold it; replace it where the row is made") from None
    return found


def _field(name: str, value: Any) -> str | int | float | None:  # noqa: ANN401
    if value == "" and isinstance(value, str):
        message = f"column `{name}`: CSV cannot tell an empty text from a missing value"
        raise DataError(message, hint="write JSON Lines")
    return str(value).lower() if isinstance(value, bool) else value
