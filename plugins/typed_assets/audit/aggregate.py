"""A contract as one SELECT: every rule is a column of its one row, so that the table is read once.

Where the SELECT would be longer than the Data API takes it is several, each with a part of the rules.

Text that values are compared with is a parameter of the statement. Where a colon stands elsewhere in it, be
it in a name, a pattern or a rule of one's own, text is a literal instead, so that nothing after a colon is
taken for a parameter's name.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain

from typed_assets.audit.conditions import Written, all_there, broken
from typed_assets.audit.rules import ColumnRule, KeyRule, finite_rules, key_rules, rules_of
from typed_assets.io.sql_text import identifier, identifiers, literal
from typed_assets.io.statements import MOST_SQL
from typed_assets.spec.contracts import Contract, FreshData, SqlRule

NEWEST = "\0newest"
"""Among the names of rules; none has a NUL."""
_MOST_TERMS = 1000
"""Columns of one SELECT; Redshift has up to 1,600 in a row."""
type _Term = tuple[str, Callable[[Written], str]]
"""The name of what is measured, and what writes its expression."""


@dataclass(frozen=True, slots=True)
class Aggregate:
    """A statement and how to read its one row: the rows, then a number for each rule, then the newest value.

    Attributes:
        sql: the SELECT.
        parameters: its text values.
        names: what each column after the first stands for: a rule's name, or `newest`.
    """

    sql: str
    parameters: Mapping[str, str]
    names: tuple[str, ...]


@dataclass(slots=True)
class _Parameters:
    values: dict[str, str] = field(default_factory=dict)

    def add(self, text: str) -> str:
        if not text:
            return "''"  # the Data API takes no empty value
        name = f"v{len(self.values)}"
        self.values[name] = text
        return f":{name}"


def aggregates(contract: Contract, table: str, usable: Collection[str]) -> tuple[Aggregate, ...]:
    """Return the SELECT that measures all rules of a contract; several where one would be too long.

    Args:
        contract: the rules.
        table: the table's name, quoted.
        usable: columns that are there and of their type; rules about others are left out.
    """
    return tuple(_parted(_terms(contract, table, usable), table))


def _parted(terms: Sequence[_Term], table: str) -> Iterator[Aggregate]:
    whole = _aggregate(terms, table)
    if len(terms) < 2 or (len(terms) <= _MOST_TERMS and len(whole.sql.encode()) <= MOST_SQL):  # noqa: PLR2004
        yield whole
        return
    middle = len(terms) // 2
    yield from _parted(terms[:middle], table)
    yield from _parted(terms[middle:], table)


def _aggregate(terms: Sequence[_Term], table: str) -> Aggregate:
    parameters = _Parameters()
    found = _written(terms, table, parameters.add)
    if found.sql.count(":") == len(parameters.values):
        return replace(found, parameters=parameters.values)
    return _written(terms, table, literal)


def _terms(contract: Contract, table: str, usable: Collection[str]) -> Sequence[_Term]:
    rules = (rule for rule in (*finite_rules(contract), *rules_of(contract)) if rule.column.name in usable)
    keys = (rule for rule in key_rules(contract) if set(rule.columns) <= set(usable))
    plain = chain(
        ((rule.name, _repeated(rule, table)) for rule in keys),
        ((rule.name, _own(rule, table)) for rule in contract.rules),
        _newest(contract.fresh, usable),
    )
    return [
        *((rule.name, partial(_counted, rule)) for rule in rules),
        *((name, partial(_as_it_is, sql)) for name, sql in plain),
    ]


def _written(terms: Sequence[_Term], table: str, written: Written) -> Aggregate:
    columns = ["COUNT(*)", *(term(written) for _, term in terms)]
    selected = ",\n  ".join(f"{term} AS c{number}" for number, term in enumerate(columns))
    sql = f"SELECT\n  {selected}\nFROM {table}"
    return Aggregate(sql, {}, tuple(name for name, _ in terms))


def _as_it_is(sql: str, _: Written) -> str:
    return sql


def _counted(rule: ColumnRule, written: Written) -> str:
    if rule.kind == "unique":
        column = identifier(rule.column.name)
        return f"COUNT({column}) - COUNT(DISTINCT {column})"
    return f"COUNT(CASE WHEN {broken(rule, written)} THEN 1 END)"


def _repeated(rule: KeyRule, table: str) -> str:
    groups = (
        f"SELECT COUNT(*) AS n FROM {table} WHERE {all_there(rule.columns)} "  # noqa: S608 - names are quoted
        f"GROUP BY {identifiers(rule.columns)} HAVING COUNT(*) > 1"
    )
    return f"(SELECT COALESCE(SUM(n - 1), 0) FROM ({groups}) AS repeated)"  # noqa: S608


def _own(rule: SqlRule, table: str) -> str:
    query = rule.sql.strip().rstrip(";").replace("{table}", table)
    return f"COALESCE((\n{query}\n), 0)"


def _newest(rule: FreshData | None, usable: Collection[str]) -> Iterator[tuple[str, str]]:
    if rule and rule.column in usable:
        yield NEWEST, f"MAX({identifier(rule.column)})"
