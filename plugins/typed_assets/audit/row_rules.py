"""The rules of a contract as tests of one row, made once and run for each."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from typed_assets.audit.distinct import Distinct
from typed_assets.audit.rules import FORMAT, ColumnRule, column_rules, key_rules
from typed_assets.spec.contracts import ColumnType, Contract, Severity
from typed_assets.spec.values import PARSERS, Value

if TYPE_CHECKING:
    from datetime import date, datetime

type Test = Callable[[Any], bool]


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule that a row breaks.

    Attributes:
        rule: its name.
        column: the column, or several with `+` between; empty where the row cannot be read.
        value: what stood there, as text, or None.
        reason: what is wrong with it, in words.
        severity: of the rule.
    """

    rule: str
    column: str
    value: str | None
    reason: str
    severity: Severity


@dataclass(frozen=True, slots=True)
class _ColumnPlan:
    name: str
    parse: Callable[[object], Value]
    kind: str
    severity: Severity
    required: ColumnRule | None
    tests: tuple[tuple[ColumnRule, Test], ...]
    unique: ColumnRule | None


def _test(rule: ColumnRule) -> Test:
    text = rule.column.type is ColumnType.TEXT
    match rule.kind:
        case "range":
            return _within(rule, text=text)
        case "allowed":
            allowed = {_bare(value) for value in rule.allowed}
            return (lambda value: value.rstrip(" ") in allowed) if text else allowed.__contains__
        case "pattern":
            matches = re.compile(rule.column.pattern or "", re.ASCII).fullmatch
            return lambda value: matches(value) is not None
        case "length":
            least, longest = rule.column.min_length or 0, rule.column.max_length
            return lambda value: len(value) >= least and (longest is None or len(value) <= longest)
        case "bytes":
            most = rule.column.max_bytes or 0
            return lambda value: (
                len(value if value.isascii() else value.encode(errors="surrogatepass")) <= most
            )
        case _:
            message = f"`{rule.kind}` is no rule about one value"
            raise AssertionError(message)


def _within(rule: ColumnRule, *, text: bool) -> Test:
    low: Any = _bare(rule.minimum)
    high: Any = _bare(rule.maximum)
    if text:
        return lambda value: (
            (low is None or value.rstrip(" ") >= low) and (high is None or value.rstrip(" ") <= high)
        )
    if high is None:
        return lambda value: low <= value
    return (lambda value: value <= high) if low is None else (lambda value: low <= value <= high)


def _bare(value: Any) -> Any:  # noqa: ANN401 - whatever compares
    """Return what counts when Redshift compares: text without blanks at its end."""
    return value.rstrip(" ") if isinstance(value, str) else value


class RowRules:
    """Tests rows against a contract; remembers what must be unique, and the newest value of its freshness.

    Args:
        contract: the rules.
        seen: where values that must be unique are kept.
        apart: whether rows that break a blocking rule are put aside, so that they do not count when the
            others are compared with one another.
    """

    def __init__(self, contract: Contract, seen: Distinct, *, apart: bool) -> None:
        self.newest: date | datetime | None = None
        self._seen, self._apart = seen, apart
        self._fresh = contract.fresh.column if contract.fresh else ""
        self._values: dict[str, Value] = {}
        self._plans = [self._plan(contract, number) for number in range(len(contract.columns))]
        self._unique = [
            (number, plan.name, plan.unique) for number, plan in enumerate(self._plans) if plan.unique
        ]
        self._keys = key_rules(contract)

    def _plan(self, contract: Contract, number: int) -> _ColumnPlan:
        column = contract.columns[number]
        rules = {rule.kind: rule for rule in column_rules(column)}
        required, unique = rules.pop("nullable", None), rules.pop("unique", None)
        tests = tuple((rule, _test(rule)) for rule in rules.values())
        parser = PARSERS[column.type]
        return _ColumnPlan(column.name, parser, column.type.value, column.severity, required, tests, unique)

    def broken(self, row: dict[str, Any]) -> list[Violation]:
        """Return what a row breaks."""
        found: list[Violation] = []
        self._values = values = {}
        for plan in self._plans:
            raw = row.get(plan.name)
            if raw is None:
                if plan.required:
                    found.append(_of_rule(plan.required, None))
                continue
            try:
                value = plan.parse(raw)
            except (ValueError, OverflowError):
                found.append(
                    Violation(f"{plan.name}.type", plan.name, str(raw), f"must be {plan.kind}", plan.severity)
                )
                continue
            values[plan.name] = value
            for rule, holds in plan.tests:
                if not holds(value):
                    found.append(_of_rule(rule, raw))
        if not (self._apart and blocks(found)):
            found += self._repeated(row, values)
        return found

    def accept(self) -> None:
        """Note how new the row is that was tested last, because it stays."""
        value: Any = self._values.get(self._fresh)
        if value is not None and (self.newest is None or value > self.newest):
            self.newest = value

    def _repeated(self, row: dict[str, Any], values: dict[str, Value]) -> list[Violation]:
        found = []
        for number, name, rule in self._unique:
            if name in values and not self._seen.is_new(number, (values[name],)):
                found.append(_of_rule(rule, row[name]))
        for number, key in enumerate(self._keys, len(self._plans)):
            parts = tuple(values[name] for name in key.columns if name in values)
            if len(parts) == len(key.columns) and not self._seen.is_new(number, parts):
                shown = ", ".join(str(row[name]) for name in key.columns)
                found.append(
                    Violation(key.name, "+".join(key.columns), shown, "occur more than once", key.severity)
                )
        return found


def blocks(found: Iterable[Violation]) -> bool:
    """Return whether one of these blocks."""
    return any(violation.severity is Severity.BLOCK for violation in found)


def unreadable(problem: str) -> Violation:
    """Return the violation of a row that cannot be read."""
    return Violation(FORMAT, "", None, problem, Severity.BLOCK)


def _of_rule(rule: ColumnRule, raw: object) -> Violation:
    value = None if raw is None else str(raw)
    return Violation(rule.name, rule.column.name, value, rule.reason, rule.column.severity)
