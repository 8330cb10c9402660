"""Values of columns: from text, JSON or Python to what a column's type holds; nothing else is taken.

Decimals have the digits that Redshift can hold; timestamps with a zone become those of UTC.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from math import isfinite

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
