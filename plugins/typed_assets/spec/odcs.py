"""Contracts as Open Data Contract Standard, written.

https://bitol-io.github.io/open-data-contract-standard/
What the standard has no word for stands in `customProperties`, so that reading gives the same contract again:

| of the contract | in ODCS 3.1 |
|---|---|
| type | `logicalType`; decimals and floats are `number` with another `physicalType` |
| nullable, unique | `required`, `unique` |
| range, pattern, lengths | `logicalTypeOptions`; the range of a text: custom |
| allowed | `quality` of the column: `invalidValues` |
| max_bytes | custom, because the standard counts characters |
| severity | `severity` of `quality`, and custom where it is about the column |
| keys | `primaryKey` for the first, `duplicateValues` for all |
| rows | `rowCount` |
| fresh | `slaProperties`: `freshness` in seconds |
| rules | `quality` of type `sql`, with `${object}` for the table |
| closed | custom |
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from typed_assets.spec.contracts import Column, ColumnType, Contract, FreshData, RowCount, Severity, SqlRule

API_VERSION = "v3.1.0"
LOGICAL = {
    ColumnType.TEXT: ("string", "VARCHAR"),
    ColumnType.INTEGER: ("integer", "BIGINT"),
    ColumnType.DECIMAL: ("number", "DECIMAL"),
    ColumnType.FLOAT: ("number", "DOUBLE PRECISION"),
    ColumnType.BOOLEAN: ("boolean", "BOOLEAN"),
    ColumnType.DATE: ("date", "DATE"),
    ColumnType.TIMESTAMP: ("timestamp", "TIMESTAMP"),
}
SEVERITIES = {Severity.BLOCK: "error", Severity.WARN: "warning"}
TABLE = "{table}"
OBJECT = "${object}"
MIN_LENGTH, MAX_LENGTH = "minLength", "maxLength"
MINIMUM, MAXIMUM, MAX_BYTES, SEVERITY, CLOSED = "minimum", "maximum", "maxBytes", "severity", "closed"
FRESHNESS = "freshness"
_UNITS = {"s": "seconds", "us": "microseconds"}


def to_odcs(
    contract: Contract, *, name: str, description: str = "", version: str = "1.0.0", status: str = "active"
) -> str:
    """Return a contract as YAML of the Open Data Contract Standard.

    Args:
        contract: what is written; reading it with `from_odcs` gives the same.
        name: of the asset.
        description: of the asset.
        version: of the contract.
        status: of the contract.
    """
    import yaml

    document = {
        "apiVersion": API_VERSION,
        "kind": "DataContract",
        "id": name,
        "name": name,
        "version": version,
        "status": status,
        **({"description": {"purpose": description}} if description else {}),
        "schema": [_object(contract, name)],
        **({"slaProperties": [_freshness(contract.fresh, name)]} if contract.fresh else {}),
        **({"customProperties": found} if (found := _fresh_severity(contract.fresh)) else {}),
    }
    text: str = yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=110)
    return text


def _object(contract: Contract, name: str) -> dict[str, Any]:
    quality = [
        *(_duplicates(key) for key in contract.keys),
        *([_row_count(contract.rows)] if contract.rows else []),
        *(_sql(rule) for rule in contract.rules),
    ]
    first = contract.keys[0] if contract.keys else ()
    return {
        "name": name,
        "logicalType": "object",
        "physicalType": "table",
        "properties": [_property(column, first) for column in contract.columns],
        **({"quality": quality} if quality else {}),
        **({"customProperties": _custom({CLOSED: True})} if contract.closed else {}),
    }


def _property(column: Column, key: tuple[str, ...]) -> dict[str, Any]:
    logical, physical = LOGICAL[column.type]
    bounds = {MINIMUM: column.minimum, MAXIMUM: column.maximum}
    plain = column.type not in {ColumnType.TEXT, ColumnType.BOOLEAN}
    lengths = {MIN_LENGTH: column.min_length, MAX_LENGTH: column.max_length}
    options = {**(bounds if plain else {}), "pattern": column.pattern, **lengths}
    custom = {
        **({} if plain else bounds),
        MAX_BYTES: column.max_bytes,
        SEVERITY: None if column.severity is Severity.BLOCK else column.severity.value,
    }
    value: dict[str, Any] = {
        "name": column.name,
        "logicalType": logical,
        "physicalType": physical,
        "description": column.description or None,
        "required": not column.nullable,
        "unique": column.unique or None,
        "primaryKey": True if column.name in key else None,
        "primaryKeyPosition": key.index(column.name) + 1 if column.name in key else None,
        "logicalTypeOptions": _present(options) or None,
        "quality": [_allowed(column)] if column.allowed else None,
        "customProperties": _custom(_present(custom)) or None,
    }
    return _present(value)


def _present(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _custom(values: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [{"property": name, "value": value} for name, value in values.items()]


def _allowed(column: Column) -> dict[str, Any]:
    return {
        "type": "library",
        "metric": "invalidValues",
        "arguments": {"validValues": list(column.allowed)},
        "mustBe": 0,
        "severity": SEVERITIES[column.severity],
    }


def _duplicates(key: tuple[str, ...]) -> dict[str, Any]:
    return {
        "type": "library",
        "metric": "duplicateValues",
        "arguments": {"properties": list(key)},
        "mustBe": 0,
        "severity": SEVERITIES[Severity.BLOCK],
    }


def _row_count(rows: RowCount) -> dict[str, Any]:
    bound: dict[str, Any] = (
        {"mustBeGreaterOrEqualTo": rows.minimum}
        if rows.maximum is None
        else {"mustBeBetween": [rows.minimum, rows.maximum]}
    )
    return {"type": "library", "metric": "rowCount", **bound, "severity": SEVERITIES[rows.severity]}


def _sql(rule: SqlRule) -> dict[str, Any]:
    query = rule.sql.replace(TABLE, OBJECT)
    return {
        "name": rule.name,
        "type": "sql",
        "query": query,
        "mustBe": 0,
        "severity": SEVERITIES[rule.severity],
    }


def _freshness(fresh: FreshData, name: str) -> dict[str, Any]:
    unit = "us" if fresh.within.microseconds else "s"
    value = fresh.within // timedelta(**{_UNITS[unit]: 1})
    return {"property": FRESHNESS, "value": value, "unit": unit, "element": f"{name}.{fresh.column}"}


def _fresh_severity(fresh: FreshData | None) -> list[dict[str, Any]]:
    if fresh is None or fresh.severity is Severity.BLOCK:
        return []
    return _custom({f"{FRESHNESS}Severity": fresh.severity.value})
