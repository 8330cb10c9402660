"""A contract as one SELECT: every rule is a column of its one row, so that the table is read once.

Names are quoted. Text that values are compared with is a parameter of the statement; numbers and dates are
literals of their types. A pattern must be a literal in Redshift; its dialect is PCRE (`'p'`), and it is
matched as Python's `fullmatch` does with `re.ASCII`.
https://docs.aws.amazon.com/redshift/latest/dg/REGEXP_COUNT.html
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from typed_assets.audit.rules import ColumnRule, KeyRule, key_rules, rules_of
from typed_assets.io.sql_text import identifier, identifiers, literal
from typed_assets.io.values import Value
from typed_assets.spec.contracts import Contract, FreshData, SqlRule

NEWEST = "newest"


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


def aggregate(contract: Contract, table: str, usable: Collection[str]) -> Aggregate:
    """Return the SELECT that measures all rules of a contract.

    Args:
        contract: the rules.
        table: the table's name, quoted.
        usable: columns that are there and of their type; rules about others are left out.
    """
    parameters = _Parameters()
    rules = [rule for rule in rules_of(contract) if rule.column.name in usable]
    keys = [rule for rule in key_rules(contract) if set(rule.columns) <= set(usable)]
    terms = [
        *((rule.name, _counted(rule, parameters)) for rule in rules),
        *((rule.name, _repeated(rule, table)) for rule in keys),
        *((rule.name, _own(rule, table)) for rule in contract.rules),
        *_newest(contract.fresh, usable),
    ]
    columns = ["COUNT(*)", *(term for _, term in terms)]
    selected = ",\n  ".join(f"{term} AS c{number}" for number, term in enumerate(columns))
    sql = f"SELECT\n  {selected}\nFROM {table}"
    return Aggregate(sql, parameters.values, tuple(name for name, _ in terms))


def _counted(rule: ColumnRule, parameters: _Parameters) -> str:
    column = identifier(rule.column.name)
    if rule.kind == "unique":
        return f"COUNT({column}) - COUNT(DISTINCT {column})"
    return f"COUNT(CASE WHEN {_broken(rule, column, parameters)} THEN 1 END)"


def _broken(rule: ColumnRule, column: str, parameters: _Parameters) -> str:
    """The condition under which a value breaks a rule; NULL breaks none but `nullable`."""
    match rule.kind:
        case "nullable":
            return f"{column} IS NULL"
        case "range":
            low = [] if rule.minimum is None else [f"{column} < {_value(rule.minimum, parameters)}"]
            high = [] if rule.maximum is None else [f"{column} > {_value(rule.maximum, parameters)}"]
            return " OR ".join([*low, *high])
        case "allowed":
            return f"{column} NOT IN ({', '.join(_value(value, parameters) for value in rule.allowed)})"
        case "bytes":
            return f"OCTET_LENGTH({column}) > {rule.column.max_bytes}"
        case _:
            return f"REGEXP_COUNT({column}, {_whole(rule.column.pattern or '')}, 1, 'p') = 0"


def _whole(pattern: str) -> str:
    """The pattern for a whole text; a group only where one is needed, for a parameter begins with `:` too."""
    return literal(rf"\A(?:{pattern})\z" if "|" in pattern else rf"\A{pattern}\z")


def _value(value: Value, parameters: _Parameters) -> str:
    match value:
        case str():
            return parameters.add(value)
        case bool():
            return "TRUE" if value else "FALSE"
        case datetime():
            return f"TIMESTAMP '{value.isoformat(sep=' ')}'"
        case date():
            return f"DATE '{value.isoformat()}'"
        case float():
            return f"CAST('{value!r}' AS DOUBLE PRECISION)"
        case _:
            return f"{value:f}" if not isinstance(value, int) else str(value)


def _repeated(rule: KeyRule, table: str) -> str:
    present = " AND ".join(f"{identifier(name)} IS NOT NULL" for name in rule.columns)
    groups = (
        f"SELECT COUNT(*) AS n FROM {table} WHERE {present} "  # noqa: S608 - names are quoted
        f"GROUP BY {identifiers(rule.columns)} HAVING COUNT(*) > 1"
    )
    return f"(SELECT COALESCE(SUM(n - 1), 0) FROM ({groups}) AS repeated)"  # noqa: S608


def _own(rule: SqlRule, table: str) -> str:
    query = rule.sql.strip().rstrip(";").replace("{table}", table)
    return f"COALESCE((\n{query}\n), 0)"


def _newest(rule: FreshData | None, usable: Collection[str]) -> Iterator[tuple[str, str]]:
    if rule and rule.column in usable:
        yield NEWEST, f"MAX({identifier(rule.column)})"
