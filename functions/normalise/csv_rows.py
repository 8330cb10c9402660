"""Reads CSV rows from a byte stream, in the order of a contract's columns, and survives broken records."""

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from operator import itemgetter
from typing import IO

from row_contract import Contract


class HeaderError(ValueError):
    """The file lacks a column that the contract asks for, or names one twice."""


@dataclass(frozen=True, slots=True)
class Row:
    """A record with as many fields as the header.

    Attributes:
        line: line of the file on which the record ends, from 1.
        fields: the fields of the contract's columns, in its order.
        original: all fields as they stood in the file.
    """

    line: int
    fields: tuple[str, ...]
    original: list[str]


@dataclass(frozen=True, slots=True)
class BrokenRecord:
    """A record that is not a row of the table.

    Attributes:
        line: line of the file on which the record ends, from 1.
        reason: what is wrong with it.
        original: its fields as far as they could be read.
    """

    line: int
    reason: str
    original: list[str]


@dataclass(frozen=True, slots=True)
class Rows:
    """The records of a file.

    Attributes:
        records: each record, once.
        ignored_columns: columns of the file that the contract does not know.
    """

    records: Iterator[Row | BrokenRecord]
    ignored_columns: tuple[str, ...]


def read_rows(source: IO[bytes], contract: Contract) -> Rows:
    """Read the header now and the records as they are asked for.

    Args:
        source: the file's bytes. What is not UTF-8 becomes lone surrogates, for the contract to refuse.
        contract: whose columns to pick, by name.

    Raises:
        HeaderError: the header does not hold each of the contract's columns exactly once.
    """
    text = io.TextIOWrapper(
        io.BufferedReader(_Readable(source), 1 << 18),
        encoding="utf-8-sig",
        errors="surrogateescape",
        newline="",
    )
    reader = csv.reader(text, strict=True)
    header = [name.strip() for name in next(reader, [])]
    wrong = [name for name in contract.column_names if header.count(name) != 1]
    if wrong:
        message = f"{contract.table}: the header must name {', '.join(wrong)} exactly once; it is {header}"
        raise HeaderError(message)
    pick = _picker([header.index(name) for name in contract.column_names])
    ignored = tuple(name for name in header if name not in contract.column_names)
    return Rows(_records(reader, pick, len(header)), ignored)


def _records(
    reader: "csv._reader", pick: Callable[[list[str]], tuple[str, ...]], width: int
) -> Iterator[Row | BrokenRecord]:
    while True:
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield BrokenRecord(reader.line_num, f"record: is not CSV ({error})", [])
            continue
        if len(fields) == width:
            yield Row(reader.line_num, pick(fields), fields)
        elif fields:  # an empty line is no record
            reason = f"record: has {len(fields)} fields, the header has {width}"
            yield BrokenRecord(reader.line_num, reason, fields)


def _picker(indices: list[int]) -> Callable[[list[str]], tuple[str, ...]]:
    if len(indices) == 1:
        only = indices[0]
        return lambda fields: (fields[only],)
    return itemgetter(*indices)


class _Readable(io.RawIOBase):
    """Gives a streaming body, which only knows `read`, the interface that text decoding needs."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview") -> int:  # type: ignore[override]
        chunk = self._source.read(len(buffer))
        buffer[: len(chunk)] = chunk
        return len(chunk)
