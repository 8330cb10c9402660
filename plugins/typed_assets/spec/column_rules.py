"""Whether the rules of a column suit it: what could not be checked is refused where it is declared."""

import re
import warnings
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from typed_assets.spec.contracts import ColumnType
from typed_assets.spec.errors import SpecError
from typed_assets.spec.values import Value, parse

if TYPE_CHECKING:
    from typed_assets.spec.contracts import Column


def check_column(column: "Column") -> None:
    """Refuse a rule that does not suit a column's type, bounds that no value meets, and what is no pattern.

    Raises:
        SpecError: there is one.
    """
    ranged = column.minimum is not None or column.maximum is not None
    text = column.type is ColumnType.TEXT
    unsuited = {
        "range": ranged and column.type is ColumnType.BOOLEAN,
        "pattern": column.pattern is not None and not text,
        "length": (column.min_length is not None or column.max_length is not None) and not text,
        "bytes": column.max_bytes is not None and not text,
    }
    for kind, wrong in unsuited.items():
        if wrong:
            message = f"column `{column.name}` is {column.type.value} and cannot have the rule `{kind}`"
            raise SpecError(message)
    if column.max_bytes is not None and (type(column.max_bytes) is not int or column.max_bytes < 1):
        message = f"`max_bytes` of column `{column.name}` must be a whole number above 0"
        raise SpecError(message)
    if None in column.allowed:
        message = f"column `{column.name}` allows null among its values"
        raise SpecError(message, hint="`nullable` says whether a value may be missing")
    for value in (column.minimum, column.maximum, *column.allowed):
        _check_bound(column, value)
    _check_order(column)
    _check_lengths(column)
    if column.pattern is not None:
        _check_pattern(column.name, column.pattern)


def _check_bound(column: "Column", value: object) -> None:
    if value is None:
        return
    try:
        parse(column.type, value)
    except ValueError as error:
        message = f"a bound of column `{column.name}` does not suit it: {error}"
        raise SpecError(message) from None


def _check_order(column: "Column") -> None:
    if column.minimum is None or column.maximum is None:
        return
    low, high = (_comparable(parse(column.type, bound)) for bound in (column.minimum, column.maximum))
    if low > high:
        message = (
            f"column `{column.name}` has the minimum {column.minimum} above its maximum {column.maximum}"
        )
        raise SpecError(message, hint="no value is between them")


def _check_lengths(column: "Column") -> None:
    low, high = column.min_length, column.max_length
    for length in (low, high):
        if length is not None and (isinstance(length, bool) or not isinstance(length, int) or length < 1):
            message = f"a length of column `{column.name}` is {length}"
            raise SpecError(message, hint="give a whole number of characters, 1 or more")
    if low is not None and high is not None and low > high:
        message = f"column `{column.name}` has the shortest length {low} above its longest {high}"
        raise SpecError(message, hint="no text is between them")


def _comparable(value: Value) -> Any:  # noqa: ANN401 - both bounds are of the column's type
    """Blanks at the end of text do not count when Redshift compares."""
    return value.rstrip(" ") if isinstance(value, str) else value


def _check_pattern(name: str, pattern: str) -> None:
    problem, hint = _problem(pattern)
    if problem:
        message = f"the pattern of column `{name}` {problem}"
        raise SpecError(message, hint=hint)


@lru_cache(256)
def _problem(pattern: str) -> tuple[str | None, str | None]:
    """Why a text is no pattern, or one that Python reads otherwise than others: `[[:alpha:]]`, `[a--b]`."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", FutureWarning)
            re.compile(pattern)
    except re.error as error:
        return f"is no regular expression: {error}", None
    except FutureWarning:
        hint = "write classes of characters out, such as `[A-Za-z]`"
        return "means another thing in Redshift than on S3", hint
    return None, None
