"""Types of columns in Redshift: those that a contract asks for, and those that the catalogue tells."""

from collections.abc import Mapping
from dataclasses import dataclass

from typed_assets.spec.contracts import Column, ColumnType, Severity
from typed_assets.spec.values import DECIMAL_DIGITS, DECIMAL_SCALE

MAX_TEXT = 65535
"""Bytes of the longest VARCHAR; https://docs.aws.amazon.com/redshift/latest/dg/r_Character_types.html"""
_SQL = {
    ColumnType.INTEGER: "BIGINT",
    ColumnType.DECIMAL: f"DECIMAL({DECIMAL_DIGITS}, {DECIMAL_SCALE})",
    ColumnType.FLOAT: "DOUBLE PRECISION",
    ColumnType.BOOLEAN: "BOOLEAN",
    ColumnType.DATE: "DATE",
    ColumnType.TIMESTAMP: "TIMESTAMP",
}
_FAMILIES: Mapping[str, ColumnType] = {
    "character varying": ColumnType.TEXT,
    "character": ColumnType.TEXT,
    "text": ColumnType.TEXT,
    "smallint": ColumnType.INTEGER,
    "integer": ColumnType.INTEGER,
    "bigint": ColumnType.INTEGER,
    "numeric": ColumnType.DECIMAL,
    "real": ColumnType.FLOAT,
    "double precision": ColumnType.FLOAT,
    "boolean": ColumnType.BOOLEAN,
    "date": ColumnType.DATE,
    "timestamp without time zone": ColumnType.TIMESTAMP,
    "timestamp with time zone": ColumnType.TIMESTAMP,
}
_WIDER: Mapping[ColumnType, frozenset[ColumnType]] = {
    ColumnType.DECIMAL: frozenset({ColumnType.INTEGER}),
    ColumnType.FLOAT: frozenset({ColumnType.INTEGER, ColumnType.DECIMAL}),
    ColumnType.TIMESTAMP: frozenset({ColumnType.DATE}),
}
"""What is as good as a type, because each of its values is one of the type too."""


@dataclass(frozen=True, slots=True)
class FoundColumn:
    """A column as SVV_COLUMNS tells it."""

    name: str
    data_type: str
    length: int | None
    precision: int | None
    scale: int | None

    @property
    def family(self) -> str:
        """The contract's word for its type; Redshift's own where there is none."""
        kind = _FAMILIES.get(self.data_type)
        if kind is ColumnType.DECIMAL and self.scale == 0:
            return ColumnType.INTEGER.value  # SUM of BIGINT
        return self.data_type if kind is None else kind.value

    @property
    def sql(self) -> str:
        """The type as a CREATE TABLE writes it."""
        if self.data_type == "numeric" and self.precision is not None:
            return f"DECIMAL({self.precision}, {self.scale or 0})"
        if self.length is not None:
            return f"{self.data_type}({self.length})"
        return self.data_type

    def suits(self, kind: ColumnType) -> bool:
        """Return whether its values are values of a contract's type."""
        return self.family in {kind.value, *(other.value for other in _WIDER.get(kind, ()))}


def staging_type(column: Column) -> str:
    """Return the type of a column in a staging table: wide enough for what the check shall find."""
    return _SQL.get(column.type, f"VARCHAR({MAX_TEXT})")


def target_type(column: Column) -> str:
    """Return the type of a column in the table that readers see."""
    if column.type is not ColumnType.TEXT:
        return _SQL[column.type]
    return f"VARCHAR({bounded_length(column)})"


def bounded_length(column: Column) -> int:
    """Return how many bytes a column of text has in the table that readers see."""
    if column.max_bytes is None or column.severity is not Severity.BLOCK:
        return MAX_TEXT
    return column.max_bytes
