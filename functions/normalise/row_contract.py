"""What a row of a table must be: a contract read from data, and its verdict on a row."""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self, assert_never

NULLS = frozenset({"", "NA"})
TYPES = frozenset({"integer", "decimal", "text", "timestamp"})
MOST_KEPT = 8192
LONGEST_KEPT = 32  # characters: memory stays flat whatever a column holds

Cell = Callable[[str], str]
"""Returns a cell's normal form; raises ValueError with the reason if it must not stand there."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """A good row: its cells in normal form; the empty string is NULL."""

    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rejected:
    """A bad row: every reason, each as `column: what is wrong`."""

    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """What the cells of a column must be.

    Attributes:
        name: the column's name, as in the header.
        type: `integer`, `decimal`, `text` or `timestamp` (ISO 8601, normalised to UTC).
        nullable: whether a cell may be empty or `NA`.
        minimum: the least number allowed.
        maximum: the greatest number allowed.
        max_bytes: the most bytes of UTF-8 allowed, as VARCHAR(n) of Redshift counts.
        pattern: a regular expression that the whole text must match.
    """

    name: str
    type: str
    nullable: bool = False
    minimum: float | None = None
    maximum: float | None = None
    max_bytes: int | None = None
    pattern: str | None = None

    def __post_init__(self) -> None:
        """Refuse a type that nobody can check."""
        if self.type not in TYPES:
            message = f"column {self.name} has the unknown type {self.type!r}"
            raise ValueError(message)

    def cell(self) -> Cell:
        """Return the function that normalises a cell of this column."""
        check = self._typed()

        def normalise(text: str) -> str:
            text = text.strip()
            if text not in NULLS:
                return check(text)
            if self.nullable:
                return ""
            message = "is missing"
            raise ValueError(message)

        return _NormalForms(normalise).__getitem__

    def _typed(self) -> Cell:
        match self.type:
            case "integer":
                return self._integer
            case "decimal":
                return self._decimal
            case "text":
                return self._text
            case "timestamp":
                return _timestamp
            case unknown:
                assert_never(unknown)  # type: ignore[arg-type]

    def _integer(self, text: str) -> str:
        try:
            value = int(_plain(text))
        except ValueError:
            message = f"{text!r} is not a whole number"
            raise ValueError(message) from None
        self._check_range(value)
        return str(value)

    def _decimal(self, text: str) -> str:
        try:
            value = float(_plain(text))
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            message = f"{text!r} is not a number"
            raise ValueError(message)
        self._check_range(value)
        return text

    def _check_range(self, value: float) -> None:
        if self.minimum is not None and value < self.minimum:
            message = f"{value} is less than {self.minimum:g}"
            raise ValueError(message)
        if self.maximum is not None and value > self.maximum:
            message = f"{value} is more than {self.maximum:g}"
            raise ValueError(message)

    def _text(self, text: str) -> str:
        try:
            size = len(text.encode())
        except UnicodeEncodeError:
            message = "is not UTF-8"
            raise ValueError(message) from None
        if self.max_bytes is not None and size > self.max_bytes:
            message = f"has {size} bytes, {self.max_bytes} are allowed"
            raise ValueError(message)
        if self.pattern is not None and not re.fullmatch(self.pattern, text):
            message = f"{text!r} does not match {self.pattern}"
            raise ValueError(message)
        return text


@dataclass(frozen=True, slots=True)
class Contract:
    """What the rows of a table must be.

    Attributes:
        table: the table's name.
        columns: its columns, in the order in which they are written.
    """

    table: str
    columns: tuple[Column, ...]
    _cells: tuple[Cell, ...]

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> Self:
        """Read a contract: `{"table": …, "columns": [{"name": …, "type": …, …}]}`.

        Raises:
            KeyError: a member is missing.
            TypeError: a column has a member that is unknown, or lacks one.
            ValueError: a column has an unknown type.
        """
        columns = tuple(Column(**column) for column in document["columns"])
        return cls(document["table"], columns, tuple(column.cell() for column in columns))

    @property
    def column_names(self) -> tuple[str, ...]:
        """The names of the columns, in order."""
        return tuple(column.name for column in self.columns)

    def judge(self, fields: tuple[str, ...]) -> Accepted | Rejected:
        """Accept a row with its cells in normal form, or reject it with every reason."""
        try:
            return Accepted(tuple([cell(field) for cell, field in zip(self._cells, fields, strict=True)]))
        except ValueError:  # most rows are good: look for all reasons only now
            return Rejected(self._reasons(fields))

    def _reasons(self, fields: tuple[str, ...]) -> tuple[str, ...]:
        reasons = []
        for column, cell, field in zip(self.columns, self._cells, fields, strict=True):
            try:
                cell(field)
            except ValueError as reason:
                reasons.append(f"{column.name}: {reason}")
        return tuple(reasons)


class _NormalForms(dict[str, str]):
    """The normal forms of good cells: a column says the same again and again, and judging takes its time."""

    def __init__(self, normalise: Cell) -> None:
        super().__init__()
        self._normalise = normalise

    def __missing__(self, text: str) -> str:
        normal = self._normalise(text)
        if len(text) <= LONGEST_KEPT and len(self) < MOST_KEPT:
            self[text] = normal
        return normal


def _plain(text: str) -> str:
    """Return the text if its digits are plain: Python also reads `1_000` and Arabic digits as numbers."""
    if "_" in text or not text.isascii():
        raise ValueError
    return text


def _timestamp(text: str) -> str:
    try:
        value = datetime.fromisoformat(text)
    except ValueError:
        message = f"{text!r} is not an ISO 8601 timestamp"
        raise ValueError(message) from None
    if value.tzinfo is None:
        message = f"{text!r} has no time zone"
        raise ValueError(message)
    try:
        moment = value.astimezone(UTC)
    except OverflowError:
        message = f"{text!r} is not within the years 1 to 9999 of UTC"
        raise ValueError(message) from None
    return moment.replace(tzinfo=None).isoformat(sep=" ", timespec="seconds")
