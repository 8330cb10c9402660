"""Values of columns: from text or JSON to Python, and from Python to what files hold.

Files hold dates and timestamps as ISO 8601 text (timestamps in UTC), decimals as text with all their digits.
Both are forms that COPY reads with `DATEFORMAT 'auto' TIMEFORMAT 'auto'`.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from math import isfinite
from typing import Any

from typed_assets.spec.contracts import ColumnType

type Value = str | int | float | bool | Decimal | date | datetime

DECIMAL_DIGITS = 38
DECIMAL_SCALE = 10
"""The digits of a DECIMAL column, in all and behind the point, as Redshift can hold them."""
_TRUE = frozenset({"true", "t", "yes", "y", "1"})
_FALSE = frozenset({"false", "f", "no", "n", "0"})
_BIGINT = 1 << 63


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    raise ValueError


def _integer(value: object) -> int:
    # int() alone would take `1_000`, ` 1 ` and digits of other scripts.
    if isinstance(value, str) and value.isascii() and value.removeprefix(_sign(value)).isdigit():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and -_BIGINT <= value < _BIGINT:
        return value
    raise ValueError


def _sign(text: str) -> str:
    return text[:1] if text.startswith(("+", "-")) else ""


def _decimal(value: object) -> Decimal:
    number = _number(value)
    try:
        decimal = Decimal(str(number))
    except InvalidOperation:
        raise ValueError from None
    if decimal.is_finite() and decimal.adjusted() < DECIMAL_DIGITS - DECIMAL_SCALE:
        return decimal
    raise ValueError


def _float(value: object) -> float:
    number = float(_number(value))
    if isfinite(number):
        return number
    raise ValueError


def _number(value: object) -> str | int | float | Decimal:
    """Refuse what Decimal and float would take and COPY would not: blanks, `_`, digits of other scripts."""
    if isinstance(value, str) and value.isascii() and value.strip() == value and "_" not in value:
        return value
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return value
    raise ValueError


def _boolean(value: object) -> bool:
    if isinstance(value, bool):
        return value
    word = value.lower() if isinstance(value, str) else None
    if word in _TRUE or word in _FALSE:
        return word in _TRUE
    raise ValueError


def _date(value: object) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    return date.fromisoformat(_without_week(value))


def _without_week(value: object) -> str:
    """Refuse `2013-W05-4`, which Python would take and COPY would not."""
    text = _text(value)
    if "W" in text:
        raise ValueError
    return text


def _timestamp(value: object) -> datetime:
    at = value if isinstance(value, datetime) else datetime.fromisoformat(_without_week(value))
    return at if at.tzinfo is None else at.astimezone(UTC).replace(tzinfo=None)


PARSERS: Mapping[ColumnType, Callable[[object], Value]] = {
    ColumnType.TEXT: _text,
    ColumnType.INTEGER: _integer,
    ColumnType.DECIMAL: _decimal,
    ColumnType.FLOAT: _float,
    ColumnType.BOOLEAN: _boolean,
    ColumnType.DATE: _date,
    ColumnType.TIMESTAMP: _timestamp,
}


def parse(kind: ColumnType, value: object) -> Value:
    """Return a value as its column's type; the value may be text, JSON or typed already.

    Raises:
        ValueError: it is not of that type.
    """
    try:
        return PARSERS[kind](value)
    except (ValueError, OverflowError):
        message = f"{value!r} is not {kind.value}"
        raise ValueError(message) from None


def type_of(value: object) -> ColumnType:
    """Return the type of a column that holds a Python value; text where it tells none."""
    kinds: dict[type, ColumnType] = {
        bool: ColumnType.BOOLEAN,
        int: ColumnType.INTEGER,
        float: ColumnType.FLOAT,
        Decimal: ColumnType.DECIMAL,
        datetime: ColumnType.TIMESTAMP,
        date: ColumnType.DATE,
    }
    return kinds.get(type(value), ColumnType.TEXT)


def encode(value: Any) -> str | int | float | bool | None:  # noqa: ANN401
    """Return what a file holds for a value.

    Raises:
        TypeError: it is of no type that a column has.
    """
    match value:
        case None | bool() | int() | str():
            return value
        case float():
            return value if isfinite(value) else str(value)
        case datetime():
            return _timestamp(value).isoformat(sep=" ")
        case Decimal():
            return format(value, "f")
        case date():
            return value.isoformat()
        case _:
            message = f"a column cannot hold a {type(value).__name__}"
            raise TypeError(message)
