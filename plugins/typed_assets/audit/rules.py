"""The rules of a contract as values, with names, bounds and words: the same wherever they are checked."""

from dataclasses import dataclass
from typing import Literal

from typed_assets.spec.contracts import Column, ColumnType, Contract, Scalar, Severity
from typed_assets.spec.values import Value, parse

type Kind = Literal["type", "nullable", "range", "allowed", "pattern", "length", "bytes", "unique"]

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
            case "length":
                return f"{between(column.min_length, column.max_length)} characters"
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
    """Return the rules of a column; the one about several rows comes last."""
    present: dict[Kind, bool] = {
        "nullable": not column.nullable,
        "range": column.minimum is not None or column.maximum is not None,
        "allowed": bool(column.allowed),
        "pattern": column.pattern is not None,
        "length": column.min_length is not None or column.max_length is not None,
        "bytes": column.max_bytes is not None,
        "unique": column.unique,
    }
    return tuple(_rule(column, kind) for kind, there in present.items() if there)


def _rule(column: Column, kind: Kind) -> ColumnRule:
    match kind:
        case "range":
            low, high = _bound(column, column.minimum), _bound(column, column.maximum)
            return ColumnRule(column, kind, low, high)
        case "allowed":
            values = tuple(value for each in column.allowed if (value := _bound(column, each)) is not None)
            return ColumnRule(column, kind, allowed=values)
    return ColumnRule(column, kind)


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
    return None if value is None else parse(column.type, value)


def between(minimum: Scalar | None, maximum: Scalar | None) -> str:
    """Return a range in words."""
    if minimum is None:
        return f"at most {maximum}"
    return f"at least {minimum}" if maximum is None else f"from {minimum} to {maximum}"
