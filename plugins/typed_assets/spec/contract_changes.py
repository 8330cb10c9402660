"""What a change of a contract means for those who read the data: harmless, or breaking, and why.

A contract is a promise to readers. A change breaks one that relies on it where data may come now that could
not come before: another type, missing values, values outside the old range. What promises more breaks
nobody. A rule that only warned was no promise, and may go.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from typed_assets.spec.contracts import Column, ColumnType, Contract, Scalar, Severity

_TIMES = frozenset({ColumnType.DATE, ColumnType.TIMESTAMP})
_NUMBERS = frozenset({ColumnType.INTEGER, ColumnType.DECIMAL, ColumnType.FLOAT})


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between two contracts.

    Attributes:
        what: the part of the contract: `column carrier`, `key carrier, day`, `rows`, `fresh`, `rule sums`.
        breaking: whether a reader who relied on the old contract may be broken.
        reason: what is different, in words.
    """

    what: str
    breaking: bool
    reason: str


def contract_changes(old: Contract, new: Contract) -> tuple[Change, ...]:
    """Return every difference of two contracts that readers could see, in the contract's order."""
    return (
        *_columns(old, new),
        *_keys(old, new),
        *_rows(old, new),
        *_fresh(old, new),
        *_rules(old, new),
        *_closed(old, new),
    )


def broken_expectations(contract: Contract, expected: Contract) -> tuple[Change, ...]:
    """Return what a reader expects of data that a contract does not promise.

    Args:
        contract: what is promised.
        expected: what a reader relies on: the columns that it reads, with the rules that it needs.
    """
    return tuple(change for change in contract_changes(expected, contract) if change.breaking)


def _columns(old: Contract, new: Contract) -> Iterator[Change]:
    after = {column.name: column for column in new.columns}
    before = {column.name for column in old.columns}
    for column in old.columns:
        if column.name in after:
            yield from _column(column, after[column.name], old, new)
        else:
            yield Change(f"column {column.name}", breaking=True, reason="it is gone")
    for column in new.columns:
        if column.name not in before:
            yield Change(f"column {column.name}", breaking=False, reason="it is new")


def _column(old: Column, new: Column, before: Contract, after: Contract) -> Iterator[Change]:
    what = f"column {old.name}"
    if old.type is not new.type:
        yield Change(what, breaking=True, reason=f"its type is {new.type.value}, not {old.type.value}")
        return
    promised = old.severity is Severity.BLOCK
    if promised and new.severity is Severity.WARN and _has_rules(new):
        yield Change(what, breaking=True, reason="what breaks its rules only warns now")
    for loosened, reason in _differences(old, new):
        yield Change(what, breaking=loosened and promised, reason=reason)
    if old.unique != new.unique:
        implied = _implied((old.name,), after) if old.unique else _implied((old.name,), before)
        reason = "its values are unique now" if new.unique else "a value may come twice"
        yield Change(what, breaking=old.unique and promised and not implied, reason=reason)


def _has_rules(column: Column) -> bool:
    lengths = (column.min_length, column.max_length, column.max_bytes)
    bounds = (column.minimum, column.maximum, column.pattern, *lengths)
    return not column.nullable or column.unique or bool(column.allowed) or any(b is not None for b in bounds)


def _differences(old: Column, new: Column) -> Iterator[tuple[bool, str]]:
    """Differences of rules about single values: whether more may come now, and what is different."""
    if old.nullable != new.nullable:
        yield new.nullable, "a value may be missing" if new.nullable else "no value is missing any more"
    yield from _bound("least", old, old.minimum, new.minimum, sign=-1)
    yield from _bound("greatest", old, old.maximum, new.maximum, sign=1)
    yield from _allowed(old, new)
    if old.pattern != new.pattern:
        told = "any text" if new.pattern is None else f"text like {new.pattern}"
        yield (
            old.pattern is not None,
            f"it is {told}, not text like {old.pattern}" if old.pattern else f"it is {told}",
        )
    yield from _bound("shortest", None, old.min_length, new.min_length, sign=-1)
    yield from _bound("longest (in characters)", None, old.max_length, new.max_length, sign=1)
    yield from _bound("longest", None, old.max_bytes, new.max_bytes, sign=1)


def _bound(
    word: str, column: Column | None, old: Scalar | None, new: Scalar | None, *, sign: int
) -> Iterator[tuple[bool, str]]:
    before, after = _ordered(column, old), _ordered(column, new)
    if before == after:
        return
    if after is None:
        yield True, f"its {word} value was {old}, and there is no bound any more"
    elif before is None:
        yield False, f"its {word} value is {new}"
    else:
        wider = after > before if sign > 0 else after < before
        yield wider, f"its {word} value is {new}, not {old}"


def _ordered(column: Column | None, value: Scalar | None) -> Any:  # noqa: ANN401 - whatever compares
    if value is None:
        return None
    if column is None or column.type in _NUMBERS:
        return Decimal(str(value))
    return datetime.fromisoformat(str(value)) if column.type in _TIMES else str(value).rstrip(" ")


def _allowed(old: Column, new: Column) -> Iterator[tuple[bool, str]]:
    if set(old.allowed) == set(new.allowed):
        return
    more = [value for value in new.allowed if value not in old.allowed]
    if old.allowed and not new.allowed:
        yield True, "any value may come, not only those of a list"
    elif old.allowed and more:
        yield True, f"it may be {', '.join(str(value) for value in more)} too"
    else:
        yield False, "fewer values are allowed"


def _implied(key: tuple[str, ...], contract: Contract) -> bool:
    """Whether some columns of a key are promised to be unique, and the whole of it with them."""
    unique = [
        (column.name,) for column in contract.columns if column.unique and column.severity is Severity.BLOCK
    ]
    return any(set(each) <= set(key) for each in (*contract.keys, *unique))


def _keys(old: Contract, new: Contract) -> Iterator[Change]:
    for key in old.keys:
        if key not in new.keys:
            yield Change(
                f"key {', '.join(key)}", breaking=not _implied(key, new), reason="it is no key any more"
            )
    for key in new.keys:
        if key not in old.keys:
            yield Change(f"key {', '.join(key)}", breaking=False, reason="it is a key now")


def _rows(old: Contract, new: Contract) -> Iterator[Change]:
    if old.rows == new.rows:
        return
    promised = old.rows is not None and old.rows.severity is Severity.BLOCK
    least = old.rows.minimum if old.rows else 0
    kept = new.rows.minimum if new.rows and new.rows.severity is Severity.BLOCK else 0
    if promised and kept < least:
        yield Change("rows", breaking=True, reason=f"there may be {kept}, not at least {least}")
    else:
        yield Change("rows", breaking=False, reason="another number of rows is expected")


def _fresh(old: Contract, new: Contract) -> Iterator[Change]:
    if old.fresh == new.fresh:
        return
    if old.fresh is None or old.fresh.severity is Severity.WARN:
        yield Change("fresh", breaking=False, reason="another age is expected")
    elif new.fresh is None or new.fresh.severity is Severity.WARN:
        yield Change("fresh", breaking=True, reason="the data may be of any age")
    elif new.fresh.column != old.fresh.column:
        yield Change("fresh", breaking=True, reason=f"its age is told by `{new.fresh.column}`")
    else:
        older = new.fresh.within > old.fresh.within
        reason = f"the data may be {new.fresh.within} old, not {old.fresh.within}"
        yield Change("fresh", breaking=older, reason=reason)


def _rules(old: Contract, new: Contract) -> Iterator[Change]:
    before, after = ({rule.name: rule for rule in contract.rules} for contract in (old, new))
    for name, rule in before.items():
        promised, there = rule.severity is Severity.BLOCK, after.get(name)
        if there is None:
            yield Change(f"rule {name}", breaking=promised, reason="it is not checked any more")
        elif there.sql != rule.sql:
            yield Change(f"rule {name}", breaking=promised, reason="something else is checked")
        elif promised and there.severity is Severity.WARN:
            yield Change(f"rule {name}", breaking=True, reason="what breaks it only warns now")
    for name in after.keys() - before.keys():
        yield Change(f"rule {name}", breaking=False, reason="it is new")


def _closed(old: Contract, new: Contract) -> Iterator[Change]:
    if old.closed != new.closed:
        reason = "no further columns may come" if new.closed else "further columns may come"
        yield Change("closed", breaking=False, reason=reason)
