"""The rules of a contract as values, with names, bounds and words: the same wherever they are checked."""

import re
import warnings
from dataclasses import dataclass
from typing import Literal

from typed_assets.io.values import Value, parse
from typed_assets.spec.contracts import Column, ColumnType, Contract, Scalar, Severity
from typed_assets.spec.errors import SpecError

type Kind = Literal["type", "nullable", "range", "allowed", "pattern", "bytes", "unique"]

_TEXT = frozenset({ColumnType.TEXT})
_TYPES = {"range": frozenset(ColumnType) - {ColumnType.BOOLEAN}, "pattern": _TEXT, "bytes": _TEXT}
_MOST_SHOWN = 10
SCHEMA, ROWS, FRESH, QUARANTINE, FORMAT = "schema", "rows", "fresh", "quarantine", "format"


@dataclass(frozen=True, slots=True)
class ColumnRule:
    """One rule of one column; values in it are of the column's type.

    Attributes:
        minimum: for `range`; likewise `maximum`.
        allowed: for `allowed`.
    """

    column: Column
    kind: Kind
    minimum: Value | None = None
    maximum: Value | None = None
    allowed: tuple[Value, ...] = ()

    @property
    def name(self) -> str:
        """How results call it."""
        return f"{self.column.name}.{self.kind}"

    @property
    def expected(self) -> str:
        """What values must be, in words."""
        column = self.column
        plain = {"type": column.type.value, "nullable": "no missing value", "unique": "no value twice"}
        match self.kind:
            case "type" | "nullable" | "unique":
                return plain[self.kind]
            case "range":
                return between(column.minimum, column.maximum)
            case "allowed":
                shown = ", ".join(str(value) for value in column.allowed[:_MOST_SHOWN])
                more = len(column.allowed) - _MOST_SHOWN
                return f"one of {shown}" + (f" and {more} more" if more > 0 else "")
            case "pattern":
                return f"text like {column.pattern}"
            case "bytes":
                return f"at most {column.max_bytes} bytes"

    @property
    def reason(self) -> str:
        """What is wrong with a value that breaks the rule."""
        reasons: dict[Kind, str] = {"nullable": "is missing", "unique": "occurs more than once"}
        return reasons.get(self.kind, f"must be {self.expected}")


@dataclass(frozen=True, slots=True)
class KeyRule:
    """Columns whose values together must not occur twice."""

    columns: tuple[str, ...]

    @property
    def name(self) -> str:
        """How results call it."""
        return f"{'+'.join(self.columns)}.key"

    expected = "no values twice"
    severity = Severity.BLOCK


def column_rules(column: Column) -> tuple[ColumnRule, ...]:
    """Return the rules of a column; the one about several rows comes last.

    Raises:
        SpecError: a rule does not suit the column's type, or a bound is not of that type.
    """
    present: dict[Kind, bool] = {
        "nullable": not column.nullable,
        "range": column.minimum is not None or column.maximum is not None,
        "allowed": bool(column.allowed),
        "pattern": column.pattern is not None,
        "bytes": column.max_bytes is not None,
        "unique": column.unique,
    }
    return tuple(_rule(column, kind) for kind, there in present.items() if there)


def _rule(column: Column, kind: Kind) -> ColumnRule:
    if column.type not in _TYPES.get(kind, frozenset(ColumnType)):
        message = f"column `{column.name}` is {column.type.value} and cannot have the rule `{kind}`"
        raise SpecError(message)
    match kind:
        case "range":
            low, high = _bound(column, column.minimum), _bound(column, column.maximum)
            return ColumnRule(column, kind, low, high)
        case "allowed":
            values = tuple(value for each in column.allowed if (value := _bound(column, each)) is not None)
            return ColumnRule(column, kind, allowed=values)
        case "pattern":
            _check_pattern(column)
    return ColumnRule(column, kind)


def _check_pattern(column: Column) -> None:
    """Refuse what is no pattern, and what Python reads otherwise than others: `[[:alpha:]]`, `[a--b]`."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", FutureWarning)
            re.compile(column.pattern or "")
    except re.error as error:
        message = f"the pattern of column `{column.name}` is no regular expression: {error}"
        raise SpecError(message) from None
    except FutureWarning:
        message = f"the pattern of column `{column.name}` means another thing in Redshift than on S3"
        raise SpecError(message, hint="write classes of characters out, such as `[A-Za-z]`") from None


def rules_of(contract: Contract) -> tuple[ColumnRule, ...]:
    """Return the rules of all columns, in the contract's order."""
    return tuple(rule for column in contract.columns for rule in column_rules(column))


def finite_rules(contract: Contract) -> tuple[ColumnRule, ...]:
    """Return the rules that numbers of a table are such, which its type does not say: `NaN` is no float."""
    floats = (column for column in contract.columns if column.type is ColumnType.FLOAT)
    return tuple(ColumnRule(column, "type") for column in floats)


def key_rules(contract: Contract) -> tuple[KeyRule, ...]:
    """Return the rules about several columns."""
    return tuple(KeyRule(key) for key in contract.keys)


def _bound(column: Column, value: Scalar | None) -> Value | None:
    if value is None:
        return None
    try:
        return parse(column.type, value)
    except ValueError as error:
        message = f"a bound of column `{column.name}` does not suit it: {error}"
        raise SpecError(message) from None


def between(minimum: Scalar | None, maximum: Scalar | None) -> str:
    """Return a range in words."""
    if minimum is None:
        return f"at most {maximum}"
    return f"at least {minimum}" if maximum is None else f"from {minimum} to {maximum}"
