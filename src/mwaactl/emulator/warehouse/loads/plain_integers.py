"""Whether every integer in a text file is written so that DuckDB's own cast reads it as COPY does.

DuckDB also reads `1.5`, `1e3`, `0x1F` and `1_000` as integers, which COPY refuses; a file without such marks
can be cast at full speed. What looks like one inside other fields costs speed only: the fields are then read
one by one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_CHUNK = 4 * 2**20
_MARKS = (b".", b"0e0", b",0x")


def has_plain_integers(path: Path, delimiter: str, header_lines: int, null: str) -> bool:
    """Whether a file's integers are digits with at most a sign, and no field begins with a blank.

    Args:
        path: The file.
        delimiter: What separates fields.
        header_lines: Lines at the beginning that hold no fields.
        null: What stands for NULL, which is no integer either.
    """
    absent = null.encode()
    table = _classes(delimiter)
    with path.open("rb") as file:
        for _ in range(header_lines):
            file.readline()
        tail, before = b",", b""
        while chunk := file.read(_CHUNK):
            if absent and (absent in chunk or absent in before + chunk[: len(absent)]):
                return False
            before = (before + chunk[-len(absent) :])[-len(absent) :] if absent else b""
            text = tail + chunk.translate(table)
            if any(mark in text for mark in _MARKS) or (b" " in text and b", " in text):
                return False
            tail = text[-2:]
    return True


def _classes(delimiter: str) -> bytes:
    """Return the table that keeps of each byte what it can mean in a number."""
    table = bytearray(b"z" * 256)
    for characters, meaning in ((b"0123456789+-", b"0"), (b"eE", b"e"), (b"xXbB", b"x")):
        for character in characters:
            table[character] = meaning[0]
    for character in b"._\t\v\f":
        table[character] = ord(".")
    table[ord(" ")] = ord(" ")
    for character in (*b'\r\n"', *delimiter.encode()):
        table[character] = ord(",")
    return bytes(table)
