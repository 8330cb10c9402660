"""What the data of an asset must be: its contract.

A contract is executed, on Redshift as one statement and on S3 as a stream; it is never documentation alone.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from typed_assets.spec.errors import SpecError
from typed_assets.spec.given import instance, member

type Scalar = str | int | float | bool


class Severity(StrEnum):
    """What a finding does: `block` publishes nothing and fails the run, `warn` publishes with the warning."""

    BLOCK = "block"
    WARN = "warn"


class ColumnType(StrEnum):
    """Types of columns; names are those that Redshift and files have in common."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    FLOAT = "float"
    BOOLEAN = "boolean"
    DATE = "date"
    TIMESTAMP = "timestamp"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column and what its values must be.

    Attributes:
        name: as it stands in the table or the file.
        type: its type.
        nullable: whether a value may be missing.
        unique: whether no value may occur twice; missing values do not count.
        minimum: the least value, itself allowed; ISO 8601 text for dates and timestamps.
        maximum: the greatest value, itself allowed.
        allowed: the only values that may occur; empty allows all.
        pattern: a regular expression that the whole text must match.
        min_length: the shortest text, in characters, as LEN counts.
        max_length: the longest text, likewise.
        max_bytes: the longest text, in bytes of UTF-8, as VARCHAR counts.
        description: for readers.
        severity: what a broken rule of this column does.

    Raises:
        SpecError: the type or the severity is none, a rule does not suit the type, a bound is of another
            one, the least value is above the greatest, or the pattern is none.
    """

    name: str
    type: ColumnType
    nullable: bool = False
    unique: bool = False
    minimum: Scalar | None = None
    maximum: Scalar | None = None
    allowed: tuple[Scalar, ...] = ()
    pattern: str | None = None
    min_length: int | None = None
    max_length: int | None = None
    max_bytes: int | None = None
    description: str = ""
    severity: Severity = Severity.BLOCK

    def __post_init__(self) -> None:
        member(self, "type", ColumnType)
        member(self, "severity", Severity)
        bounds = (self.minimum, self.maximum, self.pattern, self.min_length, self.max_length, self.max_bytes)
        if self.allowed or any(bound is not None for bound in bounds):
            from typed_assets.spec.column_rules import check_column

            check_column(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class RowCount:
    """How many rows there must be, both bounds included.

    Raises:
        SpecError: the least number is above the greatest.
    """

    minimum: int = 1
    maximum: int | None = None
    severity: Severity = Severity.BLOCK

    def __post_init__(self) -> None:
        member(self, "severity", Severity)
        if self.maximum is not None and self.minimum > self.maximum:
            message = f"`rows` has the minimum {self.minimum} above its maximum {self.maximum}"
            raise SpecError(message, hint="the minimum is 1 unless you set it")


@dataclass(frozen=True, slots=True, kw_only=True)
class FreshData:
    """The newest value of a timestamp or date column must not be older than this when the check runs."""

    column: str
    within: timedelta
    severity: Severity = Severity.BLOCK

    def __post_init__(self) -> None:
        member(self, "severity", Severity)
        instance(self.within, timedelta, "`within`", "write `timedelta(days=2)`")


@dataclass(frozen=True, slots=True, kw_only=True)
class SqlRule:
    """A rule of one's own: a SELECT that counts violations, one row with one number, 0 where all is well.

    `{table}` in it stands for the table that is checked (the staging table before it is published).
    """

    name: str
    sql: str
    severity: Severity = Severity.BLOCK

    def __post_init__(self) -> None:
        member(self, "severity", Severity)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """The rules for one asset's data.

    Attributes:
        columns: in the order of the file or table.
        keys: sets of columns whose values together must not occur twice.
        rows: how many rows a partition, or the whole where there are no partitions, must have.
        fresh: how new the newest row must be.
        rules: rules in SQL; only for Redshift tables.
        closed: whether a column that is not named here is a finding (it blocks).

    Raises:
        SpecError: a column or a rule is named twice, a rule has the name of another result, or a key or a
            freshness names a column that is not there or does not do.
    """

    columns: tuple[Column, ...]
    keys: tuple[tuple[str, ...], ...] = ()
    rows: RowCount | None = None
    fresh: FreshData | None = None
    rules: tuple[SqlRule, ...] = ()
    closed: bool = False
    names: frozenset[str] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        names = [column.name for column in self.columns]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            message = f"the contract names column `{twice[0]}` twice"
            raise SpecError(message)
        object.__setattr__(self, "names", frozenset(names))
        if self.keys or self.fresh or self.rows or "" in self.names:
            from typed_assets.spec.contract_columns import check_columns

            check_columns(self)
        if self.rules:
            from typed_assets.spec.rule_names import check_rule_names

            check_rule_names(self)
