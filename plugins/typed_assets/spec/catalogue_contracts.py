"""Contracts as JSON, and as terms: a short text for each thing that a contract says, so that changes show."""

from collections.abc import Iterable, Mapping
from dataclasses import MISSING, fields
from typing import Any

from typed_assets.spec.catalogue_values import present, seconds, timedelta_from
from typed_assets.spec.contracts import Column, ColumnType, Contract, FreshData, RowCount, Severity, SqlRule


def describe_contract(contract: Contract) -> dict[str, Any]:
    """Return a contract as JSON values; what has its default value is left out."""
    return present(
        columns=[_described(column) for column in contract.columns],
        keys=[list(key) for key in contract.keys],
        rows=_described(contract.rows, always=("minimum",)) if contract.rows else None,
        fresh=_described(contract.fresh) | {"within": seconds(contract.fresh.within)}
        if contract.fresh
        else None,
        rules=[_described(rule) for rule in contract.rules],
        closed=contract.closed or None,
    )


def contract_from(value: Mapping[str, Any]) -> Contract:
    """Return what `describe_contract` made a value of.

    Raises:
        SpecError: the contract contradicts itself.
    """
    fresh, rows = value.get("fresh"), value.get("rows")
    return Contract(
        columns=tuple(_column_from(column) for column in value.get("columns", ())),
        keys=tuple(tuple(key) for key in value.get("keys", ())),
        rows=RowCount(**_known(RowCount, rows)) if rows else None,
        fresh=FreshData(**{**_known(FreshData, fresh), "within": timedelta_from(fresh["within"])})
        if fresh
        else None,
        rules=tuple(SqlRule(**_known(SqlRule, rule)) for rule in value.get("rules", ())),
        closed=value.get("closed", False),
    )


def contract_terms(contract: Contract) -> dict[str, str]:
    """Return what a contract says by term: `column C`, `key A, B`, `rows`, `fresh`, `rule R`, `closed`."""
    terms = {f"column {column.name}": _column_term(column) for column in contract.columns}
    terms |= {f"key {', '.join(key)}": "no two rows are alike" for key in contract.keys}
    if contract.rows:
        terms["rows"] = _joined(
            [_range(contract.rows.minimum, contract.rows.maximum), _soft(contract.rows.severity)]
        )
    if contract.fresh:
        age = f"`{contract.fresh.column}` at most {contract.fresh.within} old"
        terms["fresh"] = _joined([age, _soft(contract.fresh.severity)])
    terms |= {f"rule {rule.name}": _joined([rule.sql, _soft(rule.severity)]) for rule in contract.rules}
    return terms | ({"closed": "no further columns"} if contract.closed else {})


def _column_term(column: Column) -> str:
    return _joined(
        [
            str(column.type),
            "" if column.nullable else "required",
            "unique" if column.unique else "",
            _range(column.minimum, column.maximum),
            f"one of {', '.join(map(str, column.allowed))}" if column.allowed else "",
            f"like {column.pattern}" if column.pattern else "",
            f"{length} characters" if (length := _range(column.min_length, column.max_length)) else "",
            f"at most {column.max_bytes} bytes" if column.max_bytes is not None else "",
            _soft(column.severity),
        ]
    )


def _range(minimum: object, maximum: object) -> str:
    least = "" if minimum is None else f"from {minimum}"
    most = "" if maximum is None else f"to {maximum}"
    return f"{least} {most}".strip()


def _soft(severity: Severity) -> str:
    return "only warns" if severity is Severity.WARN else ""


def _joined(parts: Iterable[str]) -> str:
    return ", ".join(part for part in parts if part)


def _described(
    value: Column | RowCount | FreshData | SqlRule, *, always: tuple[str, ...] = ()
) -> dict[str, Any]:
    """Return the fields that differ from their defaults; tuples as lists, enumerations as text."""
    found: dict[str, Any] = {}
    for field in fields(value):
        part = getattr(value, field.name)
        if field.name in always or field.default is MISSING or part != field.default:
            found[field.name] = list(part) if isinstance(part, tuple) else part
    return {
        name: str(part) if isinstance(part, (ColumnType, Severity)) else part for name, part in found.items()
    }


def _known(kind: type[RowCount | FreshData | SqlRule], value: Mapping[str, Any]) -> dict[str, Any]:
    names = {field.name for field in fields(kind)}
    parts = {name: part for name, part in value.items() if name in names}
    return parts | ({"severity": Severity(parts["severity"])} if "severity" in parts else {})


def _column_from(value: Mapping[str, Any]) -> Column:
    names = {field.name for field in fields(Column)}
    parts = {name: part for name, part in value.items() if name in names} | {
        "type": ColumnType(value["type"])
    }
    if "allowed" in parts:
        parts["allowed"] = tuple(parts["allowed"])
    return Column(**parts | ({"severity": Severity(parts["severity"])} if "severity" in parts else {}))
