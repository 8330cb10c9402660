"""A contract as one SELECT: every rule is a column of its one row, so that the table is read once.

Text that values are compared with is a parameter of the statement. Where a colon stands elsewhere in it, be
it in a name, a pattern or a rule of one's own, text is a literal instead, so that nothing after a colon is
taken for a parameter's name.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace

from typed_assets.audit.conditions import Written, all_there, broken
from typed_assets.audit.rules import ColumnRule, KeyRule, finite_rules, key_rules, rules_of
from typed_assets.io.sql_text import identifier, identifiers, literal
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
    found = _written(contract, table, usable, parameters.add)
    if found.sql.count(":") == len(parameters.values):
        return replace(found, parameters=parameters.values)
    return _written(contract, table, usable, literal)


def _written(contract: Contract, table: str, usable: Collection[str], written: Written) -> Aggregate:
    rules = [rule for rule in (*finite_rules(contract), *rules_of(contract)) if rule.column.name in usable]
    keys = [rule for rule in key_rules(contract) if set(rule.columns) <= set(usable)]
    terms = [
        *((rule.name, _counted(rule, written)) for rule in rules),
        *((rule.name, _repeated(rule, table)) for rule in keys),
        *((rule.name, _own(rule, table)) for rule in contract.rules),
        *_newest(contract.fresh, usable),
    ]
    columns = ["COUNT(*)", *(term for _, term in terms)]
    selected = ",\n  ".join(f"{term} AS c{number}" for number, term in enumerate(columns))
    sql = f"SELECT\n  {selected}\nFROM {table}"
    return Aggregate(sql, {}, tuple(name for name, _ in terms))


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
