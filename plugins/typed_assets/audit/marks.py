"""Which rules each row of a table breaks, as SQL: what parts a staging table into good and bad rows.

A row that breaks a rule about one value is put aside first, as the stream does it; the others are compared
with one another. Of rows with one key the first stays, in the order of the contract's columns: a table has no
other order that is the same each time. https://docs.aws.amazon.com/redshift/latest/dg/r_WF_ROW_NUMBER.html
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from typed_assets.audit.conditions import all_there, broken
from typed_assets.audit.rules import ColumnRule, KeyRule, finite_rules, key_rules, rules_of
from typed_assets.io.redshift_types import MAX_TEXT
from typed_assets.io.sql_text import identifiers, literal
from typed_assets.spec.contracts import Contract, Severity

# ruff: noqa: S608 - names and values are quoted by `sql_text`

BLOCKING, WARNING = "_typed_assets_blocking", "_typed_assets_warning"
"""Columns of the parted table, which it has for a moment: the numbers of the rules that a row breaks."""
MARKS = f"VARCHAR({MAX_TEXT})"


@dataclass(frozen=True, slots=True)
class Marks:
    """The rules that rows are held against; their numbers are their places here."""

    contract: Contract
    rules: tuple[ColumnRule | KeyRule, ...]

    @classmethod
    def of(cls, contract: Contract, usable: Collection[str]) -> "Marks":
        """Return those of a contract that columns which are there and of their type can break."""
        found = (*finite_rules(contract), *rules_of(contract))
        columns = [rule for rule in found if rule.column.name in usable]
        keys = [rule for rule in key_rules(contract) if set(rule.columns) <= set(usable)]
        return cls(contract, (*columns, *keys))

    def select(self, table: str, names: Sequence[str], usable: Collection[str]) -> str:
        """Return the SELECT of a table's rows with the two columns of marks.

        Args:
            table: quoted.
            names: of all its columns.
            usable: names of the contract's columns that rows can be ordered by.
        """
        columns = identifiers(tuple(names))
        apart = (
            f"SELECT {columns}, {self._of_values(Severity.BLOCK)} AS {BLOCKING}, "
            f"{self._of_values(Severity.WARN)} AS {WARNING} FROM {table}"
        )
        order = identifiers(tuple(column.name for column in self.contract.columns if column.name in usable))
        return (
            f"SELECT {columns}, {self._of_rows(Severity.BLOCK, BLOCKING, order)} AS {BLOCKING}, "
            f"{self._of_rows(Severity.WARN, WARNING, order)} AS {WARNING}\nFROM ({apart}) AS apart"
        )

    def counts(self, table: str) -> str:
        """Return the SELECT that counts bad rows, and for each rule those that break it."""
        terms = [f"COUNT(CASE WHEN {self._breaks(number)} THEN 1 END)" for number in range(len(self.rules))]
        columns = ", ".join(f"{term} AS c{number}" for number, term in enumerate(["COUNT(*)", *terms]))
        return f"SELECT {columns} FROM {table} WHERE {BLOCKING} <> ''"

    def told(self, words: Sequence[str], first: int = 0) -> str:
        """Return what a row breaks as an expression: `; ` and the word for each of the rules from one on."""
        return " || ".join(
            f"CASE WHEN {self._breaks(number)} THEN {literal('; ' + word)} ELSE '' END"
            for number, word in enumerate(words, first)
        )

    @property
    def reasons(self) -> tuple[str, ...]:
        """What is wrong with a row that breaks each rule, in words."""
        return tuple(
            f"{rule.column.name} {rule.reason}"
            if isinstance(rule, ColumnRule)
            else f"{', '.join(rule.columns)} occur more than once"
            for rule in self.rules
        )

    def _of_values(self, severity: Severity) -> str:
        parts = [
            _marked(broken(rule, literal), number)
            for number, rule in enumerate(self.rules)
            if isinstance(rule, ColumnRule) and rule.kind != "unique" and _severity(rule) is severity
        ]
        return f"CAST({' || '.join(parts or ["''"])} AS {MARKS})"

    def _of_rows(self, severity: Severity, column: str, order: str) -> str:
        parts = [
            _marked(
                f"{BLOCKING} = '' AND {all_there(names)} AND ROW_NUMBER() OVER "
                f"(PARTITION BY {BLOCKING}, {identifiers(names)} ORDER BY {order}) > 1",
                number,
            )
            for number, rule in enumerate(self.rules)
            if (names := _compared(rule)) and _severity(rule) is severity
        ]
        return f"CAST({' || '.join([column, *parts])} AS {MARKS})"

    def _breaks(self, number: int) -> str:
        column = BLOCKING if _severity(self.rules[number]) is Severity.BLOCK else WARNING
        return f"STRPOS({column}, '[{number}]') > 0"


def _marked(condition: str, number: int) -> str:
    return f"CASE WHEN {condition} THEN '[{number}]' ELSE '' END"


def _compared(rule: ColumnRule | KeyRule) -> tuple[str, ...]:
    """The columns in which a row is compared with the others; none for a rule about one value."""
    if isinstance(rule, KeyRule):
        return rule.columns
    return (rule.column.name,) if rule.kind == "unique" else ()


def _severity(rule: ColumnRule | KeyRule) -> Severity:
    return rule.column.severity if isinstance(rule, ColumnRule) else rule.severity
