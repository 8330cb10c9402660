"""Makes files of text what DuckDB reads: unpacked, UTF-8, quoted as CSV."""

from __future__ import annotations

import bz2
import csv
import gzip
import re
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING, Any, BinaryIO

from mwaactl.emulator.warehouse.faults import StatementFailed
from mwaactl.emulator.warehouse.loads.plain_integers import has_plain_integers
from mwaactl.emulator.warehouse.loads.text_rows import delimiter_of
from mwaactl.emulator.warehouse.sql.field_parsing import null_marker

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from mwaactl.emulator.warehouse.loads.s3_files import SourceFile

_UNPACK: dict[str, Callable[[Path], BinaryIO]] = {
    "GZIP": gzip.GzipFile,  # type: ignore[dict-item]
    "BZIP2": bz2.BZ2File,  # type: ignore[dict-item]
}
_ENCODINGS = {"UTF16": "utf-16", "UTF16LE": "utf-16-le", "UTF16BE": "utf-16-be"}
_COPY_CHUNK = 2**20


def prepared(file: SourceFile, options: Mapping[str, Any]) -> SourceFile:
    """Return the file, rewritten in place so that DuckDB reads its rows.

    Raises:
        StatementFailed: If it is not packed as the statement says, or not encoded so.
    """
    _unpack(file, options)
    _decode(file.path, options)
    if "ESCAPE" in options or "REMOVEQUOTES" in options:
        _as_csv(file.path, options)
    scannable = not options.keys() & {"ZSTD", "JSON", "FIXEDWIDTH", "QUOTE"}
    header = int(options.get("IGNOREHEADER", 0))
    plain = scannable and has_plain_integers(file.path, delimiter_of(options), header, null_marker(options))
    return replace(file, plain_integers=plain)


def _unpack(file: SourceFile, options: Mapping[str, Any]) -> None:
    opener = next((_UNPACK[name] for name in _UNPACK if name in options), None)
    if opener is None:
        return
    target = file.path.with_suffix(".unpacked")
    try:
        with opener(file.path) as packed, target.open("wb") as plain:
            shutil.copyfileobj(packed, plain, _COPY_CHUNK)
    except (OSError, EOFError) as error:
        message = f"ERROR: failed to inflate the input file {file.url}: {error}"
        raise StatementFailed(message) from error
    target.replace(file.path)


def _decode(path: Path, options: Mapping[str, Any]) -> None:
    encoding = _ENCODINGS.get(str(options.get("ENCODING", "UTF8")))
    if encoding:
        path.write_bytes(path.read_bytes().decode(encoding, errors="replace").encode())
    replacement = options.get("ACCEPTINVCHARS")
    if replacement:
        mark = replacement if isinstance(replacement, str) else "?"
        text = path.read_bytes().decode("utf-8", errors="surrogateescape")
        path.write_bytes("".join(mark if "\udc80" <= c <= "\udcff" else c for c in text).encode())


def _as_csv(path: Path, options: Mapping[str, Any]) -> None:
    """Rewrite delimited text with ESCAPE or REMOVEQUOTES as CSV."""
    text = path.read_text(encoding="utf-8")
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(_records(text, options))


def _records(text: str, options: Mapping[str, Any]) -> Iterator[Sequence[str]]:
    """Yield the records of delimited text, its escapes and quotation marks undone."""
    quotes = r"\"(?:\\.|[^\"])*\"|'(?:\\.|[^'])*'|" if "REMOVEQUOTES" in options else ""
    escapes = r"\\.|" if "ESCAPE" in options else ""
    pattern = re.compile(rf"({quotes}{escapes}[^\n])|(\n)", re.DOTALL)
    delimiter, record, field = delimiter_of(options), [], ""
    for piece, _newline in pattern.findall(text):
        if piece == delimiter:
            record.append(field)
            field = ""
        elif piece:
            field += _plain(piece, options)
        elif record or field:
            yield [*record, field]
            record, field = [], ""
    if record or field:
        yield [*record, field]


def _plain(piece: str, options: Mapping[str, Any]) -> str:
    if len(piece) > 1 and piece[0] in "\"'" and "REMOVEQUOTES" in options:
        piece = piece[1:-1]
    if "ESCAPE" not in options:
        return piece
    return re.sub(r"\\(.)", lambda found: found[1], piece, flags=re.DOTALL)
