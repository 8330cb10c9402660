"""Files of text in pieces no larger than MAXFILESIZE, cut between lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from pathlib import Path

MIN_BYTES = 5 * 2**20
MAX_BYTES = int(6.2 * 2**30)


def split_text(path: Path, limit: int, *, header: bool) -> list[Path]:
    """Return the file in pieces of at most so many bytes, each with the header if there is one.

    A line break inside quotation marks ends no record.
    """
    if path.stat().st_size <= limit:
        return [path]
    pieces: list[Path] = []
    with path.open("rb") as source:
        head = source.readline() if header else b""
        record = _record(source)
        while record:
            piece = path.with_name(f"{path.name}.{len(pieces)}")
            with piece.open("wb") as target:
                size = target.write(head)
                while record and (size == len(head) or size + len(record) <= limit):
                    size += target.write(record)
                    record = _record(source)
            pieces.append(piece)
    return pieces


def _record(source: BinaryIO) -> bytes:
    record = source.readline()
    while record.count(b'"') % 2 and (more := source.readline()):
        record += more
    return record
