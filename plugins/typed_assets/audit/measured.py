"""What was measured, and the results that follow from it: the same words wherever the data stands."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time

from typed_assets.audit.rules import (
    FORMAT,
    FRESH,
    QUARANTINE,
    ROWS,
    SCHEMA,
    ColumnRule,
    KeyRule,
    between,
    column_rules,
    key_rules,
)
from typed_assets.spec.contracts import Column, Contract, FreshData, RowCount, Severity, SqlRule
from typed_assets.spec.publication import CheckResult

_MOST_NAMES = 20
ABSENT = "the column is missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What checking data has counted.

    Attributes:
        rows: that there are, without those moved to quarantine.
        columns: found, with their types.
        absent: columns of the contract that were not found.
        violations: rows that break a rule, by the rule's name.
        moved: likewise, of rows that went to quarantine.
        wrong_types: columns whose type is another one altogether, with the type found.
        newest: value of the column that tells how fresh the data is.
        quarantined: rows that went to quarantine.
        unreadable: rows that cannot be read at all.
    """

    rows: int
    columns: Mapping[str, str]
    absent: frozenset[str] = frozenset()
    violations: Mapping[str, int] = field(default_factory=dict)
    moved: Mapping[str, int] = field(default_factory=dict)
    wrong_types: Mapping[str, str] = field(default_factory=dict)
    newest: date | datetime | None = None
    quarantined: int = 0
    unreadable: int = 0


def schema_hash(columns: Mapping[str, str]) -> str:
    """Return SHA-256 of columns and their types; their order is no part of it."""
    text = "\n".join(sorted(f"{name} {kind}" for name, kind in columns.items()))
    return hashlib.sha256(text.encode()).hexdigest()


def results(
    contract: Contract, measured: Measured, now: datetime, *, max_share: float | None = None
) -> tuple[CheckResult, ...]:
    """Return a result for every rule of a contract.

    Args:
        contract: the rules.
        measured: what was found.
        now: in UTC.
        max_share: of rows that may go to quarantine; None where there is none.
    """
    found = [_schema(contract, measured)]
    if measured.unreadable:
        found.append(_counted(FORMAT, Severity.BLOCK, "rows that can be read", measured, max_share))
    for column in contract.columns:
        found += _column(column, measured, max_share)
    found += [_keyed(rule, measured, max_share) for rule in key_rules(contract)]
    found += [_own(rule, measured) for rule in contract.rules]
    if contract.rows:
        found.append(_rows(contract.rows, measured.rows))
    if contract.fresh:
        found.append(_fresh(contract.fresh, measured, now))
    if max_share is not None:
        found.append(_quarantine(measured, max_share))
    return tuple(found)


def _schema(contract: Contract, measured: Measured) -> CheckResult:
    strange = [name for name in measured.columns if name not in contract.names] if contract.closed else []
    missing = [column.name for column in contract.columns if column.name in measured.absent]
    said = [f"without {_named(missing)}"] if missing else []
    said += [f"with {_named(strange)} besides"] if strange else []
    return CheckResult(
        name=SCHEMA,
        passed=not said,
        violations=len(missing) + len(strange),
        observed="; ".join(said) or f"{len(contract.columns)} columns",
        expected=f"{len(contract.columns)} columns{' and no other' if contract.closed else ''}",
    )


def _named(names: Sequence[str]) -> str:
    """Names in a line; each row of JSON may bring others, and Airflow keeps the line in its database."""
    shown, more = ", ".join(names[:_MOST_NAMES]), len(names) - _MOST_NAMES
    return f"{shown} and {more} more" if more > 0 else shown


def _column(column: Column, measured: Measured, max_share: float | None) -> Iterator[CheckResult]:
    yield _type(column, measured, max_share)
    for rule in column_rules(column):
        if column.name in measured.absent or column.name in measured.wrong_types:
            yield _not_there(column, rule, measured)
        else:
            yield _counted(rule.name, column.severity, rule.expected, measured, max_share)


def _type(column: Column, measured: Measured, max_share: float | None) -> CheckResult:
    name, other = f"{column.name}.type", measured.wrong_types.get(column.name)
    if other is None:
        return _counted(name, column.severity, column.type.value, measured, max_share)
    return CheckResult(
        name=name,
        passed=False,
        severity=column.severity,
        violations=measured.rows,
        observed=other,
        expected=column.type.value,
    )


def _not_there(column: Column, rule: ColumnRule, measured: Measured) -> CheckResult:
    return CheckResult(
        name=rule.name,
        passed=False,
        severity=column.severity,
        violations=measured.rows,
        observed=measured.wrong_types.get(column.name, ABSENT),
        expected=rule.expected,
    )


def _keyed(rule: KeyRule, measured: Measured, max_share: float | None) -> CheckResult:
    unusable = [name for name in rule.columns if name in measured.absent or name in measured.wrong_types]
    if not unusable:
        return _counted(rule.name, rule.severity, rule.expected, measured, max_share)
    return CheckResult(
        name=rule.name,
        passed=False,
        violations=measured.rows,
        observed=f"`{unusable[0]}` cannot be compared",
        expected=rule.expected,
    )


def _counted(
    name: str, severity: Severity, expected: str, measured: Measured, max_share: float | None
) -> CheckResult:
    broken, moved = measured.violations.get(name, 0), measured.moved.get(name, 0)
    total = measured.rows + measured.quarantined
    told = f"{broken + moved} of {total} rows"
    # Rows in quarantine break nothing any more, unless there are more of them than may be.
    failed = broken + (moved if max_share is not None and _share(measured) > max_share else 0)
    return CheckResult(
        name=name,
        passed=not failed,
        severity=severity,
        violations=failed,
        observed=f"{told}, {moved} of them in quarantine" if moved else told,
        expected=expected,
    )


def _own(rule: SqlRule, measured: Measured) -> CheckResult:
    found = measured.violations.get(rule.name, 0)
    return CheckResult(
        name=rule.name,
        passed=not found,
        severity=rule.severity,
        violations=found,
        observed=f"{found} violations",
        expected="no violation",
    )


def _rows(rule: RowCount, rows: int) -> CheckResult:
    good = rows >= rule.minimum and (rule.maximum is None or rows <= rule.maximum)
    return CheckResult(
        name=ROWS,
        passed=good,
        severity=rule.severity,
        violations=0 if good else 1,
        observed=f"{rows} rows",
        expected=f"{between(rule.minimum, rule.maximum)} rows",
    )


def _fresh(rule: FreshData, measured: Measured, now: datetime) -> CheckResult:
    newest = measured.newest
    at = newest if newest is None or isinstance(newest, datetime) else datetime.combine(newest, time.min)
    good = at is not None and now - at.replace(tzinfo=UTC) <= rule.within
    return CheckResult(
        name=FRESH,
        passed=good,
        severity=rule.severity,
        violations=0 if good else 1,
        observed="no value" if newest is None else f"{rule.column} up to {newest}",
        expected=f"{rule.column} not older than {rule.within}",
    )


def _share(measured: Measured) -> float:
    total = measured.rows + measured.quarantined
    return measured.quarantined / total if total else 0.0


def _quarantine(measured: Measured, max_share: float) -> CheckResult:
    share = _share(measured)
    good = share <= max_share
    total = measured.rows + measured.quarantined
    return CheckResult(
        name=QUARANTINE,
        passed=good,
        violations=0 if good else measured.quarantined,
        observed=f"{measured.quarantined} of {total} rows ({share:.2%})",
        expected=f"at most {max_share:.2%} of the rows",
    )
