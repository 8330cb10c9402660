"""Rows of files as streams: CSV with a header, and JSON Lines; plain and gzip.

An empty field of a CSV file is a missing value, as COPY with EMPTYASNULL takes it.
"""

import csv
import json
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

from typed_assets.io.errors import DataError
from typed_assets.io.lines import MAX_LINE, Lines, opened
from typed_assets.io.parquet import open_parquet

type Row = dict[str, Any]

# A field may be as long as a line; the module's own limit of 128 KiB is for the whole process.
csv.field_size_limit(max(csv.field_size_limit(), MAX_LINE))

_ENDINGS = {".csv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "jsonl", ".parquet": "parquet"}


@dataclass(frozen=True, slots=True)
class Form:
    """The form of a file: `csv`, `jsonl` or `parquet`, and whether it is packed with gzip."""

    kind: str
    gzipped: bool = False

    @property
    def ending(self) -> str:
        """The ending of a file's name."""
        return f".{self.kind}{'.gz' if self.gzipped else ''}"


def form_of(name: str) -> Form:
    """Return the form that a file's name tells.

    Raises:
        DataError: it tells none.
    """
    gzipped = name.endswith(".gz")
    bare = name.removesuffix(".gz")
    kind = next((kind for ending, kind in _ENDINGS.items() if bare.endswith(ending)), None)
    if kind is None or (gzipped and kind == "parquet"):
        message = f"`{name}` is neither CSV, JSON Lines nor Parquet by its name"
        raise DataError(message, hint=f"end it with {', '.join(_ENDINGS)}, the text forms also with .gz")
    return Form(kind, gzipped)


class FileRow(NamedTuple):
    """A row of a file: the line it ended on, its values, what stood there, and why it cannot be read."""

    line: int
    row: Row
    raw: Any
    problem: str | None = None


class RowFile(ABC):
    """Iterates over the rows of a file; `columns` are those found so far, in the file's order.

    Args:
        name: of the file, for messages.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.columns: dict[str, None] = {}

    @abstractmethod
    def __iter__(self) -> Iterator[FileRow]:
        """Iterate over rows; one that cannot be read has a `problem`."""


class CsvFile(RowFile):
    """A CSV file with a header."""

    def __init__(self, lines: Lines, name: str) -> None:
        super().__init__(name)
        self._lines = lines

    def __iter__(self) -> Iterator[FileRow]:
        reader = csv.reader(iter(self._lines), strict=True)
        header = self._header(reader)
        while True:
            self._lines.forget()
            fields: list[str] = []
            try:
                fields = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                self._lines.damage = f"is not CSV: {error}"
            if fields or self._lines.damage:
                yield self._row(header, fields)

    def _header(self, reader: Iterator[list[str]]) -> list[str]:
        header: list[str] = []
        try:
            header = next(reader, [])
        except csv.Error as error:
            self._lines.damage = f"is not CSV: {error}"
        if self._lines.damage:
            message = f"the header of {self.name} {self._lines.damage}"
            raise DataError(message)
        self.columns = dict.fromkeys(header)
        if len(self.columns) < len(header):
            twice = next(name for name in header if header.count(name) > 1)
            message = f"{self.name} has the column `{twice}` twice"
            raise DataError(message)
        return header

    def _row(self, header: list[str], fields: list[str]) -> FileRow:
        problem = self._lines.damage
        if problem is None and len(fields) != len(header):
            problem = f"has {len(fields)} fields where the header has {len(header)}"
        row = {} if problem else {name: field or None for name, field in zip(header, fields, strict=True)}
        raw = fields if fields or not problem else self._lines.taken
        return FileRow(self._lines.number, row, raw, problem)


class JsonLinesFile(RowFile):
    """A file with one JSON object per line."""

    def __init__(self, lines: Lines, name: str) -> None:
        super().__init__(name)
        self._lines = lines

    def __iter__(self) -> Iterator[FileRow]:
        decode = json.JSONDecoder(parse_float=Decimal, parse_constant=str).decode
        for line in self._lines:
            row, problem = self._row(decode, line) if line.strip() else (None, None)
            self._lines.forget()
            if row is None:
                continue
            if not row.keys() <= self.columns.keys():
                self.columns.update(dict.fromkeys(row))
            yield FileRow(self._lines.number, row, line, problem)

    def _row(self, decode: Any, line: str) -> tuple[Row, str | None]:  # noqa: ANN401
        if self._lines.damage:
            return {}, self._lines.damage
        try:
            value = decode(line)
        except (ValueError, RecursionError) as error:
            return {}, f"is not JSON: {error}"
        return (value, None) if isinstance(value, dict) else ({}, "is not a JSON object")


class ParquetFile(RowFile):
    """A Parquet file; it is kept on disk while it is read."""

    def __init__(self, body: Any, name: str) -> None:  # noqa: ANN401
        super().__init__(name)
        self._body = body

    def __iter__(self) -> Iterator[FileRow]:
        with tempfile.TemporaryDirectory(prefix="typed-assets-") as folder:
            names, batches = open_parquet(self._body, Path(folder), self.name)
            self.columns = dict.fromkeys(names)
            for number, values in enumerate(chain.from_iterable(batches), 1):
                row = dict(zip(names, values, strict=True))
                yield FileRow(number, row, row)


def rows_of(body: Any, form: Form, name: str) -> RowFile:  # noqa: ANN401
    """Return the rows of a body of S3.

    Args:
        body: what has `read(bytes)`.
        form: of the file.
        name: of the file, for messages.
    """
    if form.kind == "parquet":
        return ParquetFile(body, name)
    lines = Lines(opened(body, gzipped=form.gzipped), name)
    return CsvFile(lines, name) if form.kind == "csv" else JsonLinesFile(lines, name)
