"""Values of columns as files hold them, and the types that Python's values have.

Files hold dates and timestamps as ISO 8601 text (timestamps in UTC), decimals as text with all their digits.
Both are forms that COPY reads with `DATEFORMAT 'auto' TIMEFORMAT 'auto'`.
"""

from datetime import date, datetime
from decimal import Decimal
from math import isfinite
from typing import Any

from typed_assets.spec.contracts import ColumnType
from typed_assets.spec.values import parse


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
            return str(parse(ColumnType.TIMESTAMP, value))
        case Decimal():
            return format(value, "f")
        case date():
            return value.isoformat()
        case _:
            message = f"a column cannot hold a {type(value).__name__}"
            raise TypeError(message)
