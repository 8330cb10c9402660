"""Contracts as Open Data Contract Standard, read: what it says of data becomes rules, or an error.

Keys that only document (owners, prices, servers, tags, lineage ...) are passed over. Versions 3.0 to 3.2.
Columns have the names that they have where the data stands: `physicalName`, where there is one.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from typed_assets.spec.contracts import Contract, FreshData, RowCount, Severity, SqlRule
from typed_assets.spec.errors import SpecError, nearest
from typed_assets.spec.odcs import CLOSED, FRESHNESS, OBJECT, TABLE
from typed_assets.spec.odcs_columns import column_name, read_column
from typed_assets.spec.odcs_words import (
    OPERATORS,
    custom_of,
    list_of,
    mapping_of,
    metric_of,
    must_be_zero,
    own_severity,
    refuse,
    severity_of,
    told,
)

_UNITS = {
    "us": timedelta(microseconds=1),
    "s": timedelta(seconds=1),
    "second": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "min": timedelta(minutes=1),
    "minute": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "hour": timedelta(hours=1),
    "d": timedelta(days=1),
    "day": timedelta(days=1),
}
_ROW_BOUNDS: Mapping[str, Callable[[Any], tuple[int, int | None]]] = {
    "mustBe": lambda value: (value, value),
    "mustBeBetween": lambda value: (value[0], value[1]),
    "mustBeGreaterOrEqualTo": lambda value: (value, None),
    "mustBeGreaterThan": lambda value: (value + 1, None),
    "mustBeLessOrEqualTo": lambda value: (0, value),
    "mustBeLessThan": lambda value: (0, value - 1),
}


def from_odcs(text: str, schema: str | None = None) -> Contract:
    """Return the contract that YAML of the Open Data Contract Standard says.

    Args:
        text: the document.
        schema: the name of the object in it, where it has several.

    Raises:
        SpecError: it is no such document, or says what a contract cannot say; the message names it.
    """
    document = _document(text)
    table = _chosen(document, schema)
    try:
        return _contract(document, table)
    except SpecError:
        raise
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError) as error:
        message = f"a value of `{table.get('name')}` is not as the standard has it: {error}"
        raise SpecError(message) from None


def _contract(document: Mapping[str, Any], table: Mapping[str, Any]) -> Contract:
    name = str(table.get("name"))
    columns, key, physical = [], [], {}
    for number, part in enumerate(list_of(table, "properties", "schema"), 1):
        column = read_column(mapping_of(part, f"property {number} of `{name}`"))
        columns.append(column)
        physical[str(part.get("name"))] = column_name(part)
        if part.get("primaryKey"):
            position = part.get("primaryKeyPosition", 0)
            key.append((position if position > 0 else number, number, column.name))
    parts = [_object_rule(rule, name, physical) for rule in list_of(table, "quality", name)]
    primary = tuple(column for _, _, column in sorted(key))
    keys = [part for part in parts if isinstance(part, tuple)]
    rows = [part for part in parts if isinstance(part, RowCount)]
    if len(rows) > 1:
        message = f"`{name}` has {len(rows)} rules about `rowCount`, and a contract has one"
        raise SpecError(message)
    return Contract(
        columns=tuple(columns),
        keys=tuple(keys if not primary or primary in keys else [primary, *keys]),
        rows=rows[0] if rows else None,
        fresh=_fresh(document, table, physical),
        rules=tuple(part for part in parts if isinstance(part, SqlRule)),
        closed=bool(custom_of(table).get(CLOSED, False)),
    )


def _document(text: str) -> Mapping[str, Any]:
    import yaml

    try:
        document = yaml.safe_load(text)
    except yaml.YAMLError as error:
        message = f"this is not YAML: {' '.join(str(error).split())}"
        raise SpecError(message) from None
    except (ValueError, RecursionError) as error:  # a day that is in no month, `!!int x`, thousands of levels
        message = f"a value in it is none: {error}"
        raise SpecError(message) from None
    if not isinstance(document, dict) or document.get("kind") != "DataContract":
        message = "this is no data contract: `kind` is not `DataContract`"
        raise SpecError(message)
    version = str(document.get("apiVersion"))
    if not version.startswith(("v3.0.", "v3.1.", "v3.2.")):
        message = f"`apiVersion` is `{version}`"
        raise SpecError(message, hint="versions 3.0, 3.1 and 3.2 can be read")
    return document


def _chosen(document: Mapping[str, Any], schema: str | None) -> Mapping[str, Any]:
    tables = [
        mapping_of(table, "an entry of `schema`") for table in list_of(document, "schema", "the contract")
    ]
    names = [str(table.get("name")) for table in tables]
    if schema is None and len(tables) == 1:
        return tables[0]
    if schema in names:
        return tables[names.index(schema)]
    if schema is None:
        message = f"the contract has {len(tables)} objects in `schema`"
        raise SpecError(message, hint=f"name one of {', '.join(names)}" if names else None)
    message = f"the contract has no object `{schema}`"
    raise SpecError(message, hint=nearest(schema, names))


def _object_rule(
    rule: Mapping[str, Any], name: str, physical: Mapping[str, str]
) -> tuple[str, ...] | RowCount | SqlRule | None:
    kind = rule.get("type", "library")
    if kind == "text":
        return None
    if kind == "sql":
        must_be_zero(rule, name)
        query = str(rule.get("query", ""))
        for placeholder in ("${table}", OBJECT, "{object}"):  # as each version of the standard writes it
            query = query.replace(placeholder, TABLE)
        if not rule.get("name"):
            message = f"a rule in SQL of `{name}` has no `name`"
            raise SpecError(message)
        return SqlRule(name=str(rule["name"]), sql=query, severity=severity_of(rule, name))
    if metric_of(rule) == "rowCount":
        return _rows(rule, name)
    if metric_of(rule) == "duplicateValues" and set(rule.get("arguments") or {}) == {"properties"}:
        must_be_zero(rule, name)
        if severity_of(rule, name) is not Severity.BLOCK:
            refuse(f"{told(rule)} of `{name}` that only warns")
        named = (str(column) for column in rule["arguments"]["properties"])
        return tuple(physical.get(column, column) for column in named)
    return refuse(f"{told(rule)} of `{name}`")


def _rows(rule: Mapping[str, Any], name: str) -> RowCount:
    used = [operator for operator in OPERATORS if operator in rule]
    if len(used) != 1 or used[0] not in _ROW_BOUNDS:
        refuse(f"`rowCount` of `{name}` with {', '.join(used) or 'no operator'}")
    value = rule[used[0]]
    low, high = _ROW_BOUNDS[used[0]](value)
    return RowCount(minimum=low, maximum=high, severity=severity_of(rule, name))


def _fresh(
    document: Mapping[str, Any], table: Mapping[str, Any], physical: Mapping[str, str]
) -> FreshData | None:
    name, usual = str(table.get("name")), str(document.get("slaDefaultElement") or "")
    found = [
        (str(sla.get("element") or usual).rpartition("."), sla)
        for sla in list_of(document, "slaProperties", "the contract")
        if sla.get("property") == FRESHNESS
    ]
    names = {"", name, str(table.get("physicalName"))}
    own = [(column, sla) for (of, _, column), sla in found if of in names]
    if not own:
        return None
    if len(own) > 1:
        refuse(f"{len(own)} `{FRESHNESS}` of `{name}`")
    ((column, sla),) = own
    unit = str(sla.get("unit", "s"))
    unit = unit if unit in _UNITS else unit.removesuffix("s")
    if unit not in _UNITS or not column:
        refuse(f"`{FRESHNESS}` of `{name}` without an element and a unit of time")
    severity = own_severity(custom_of(document), f"{FRESHNESS}Severity", Severity.BLOCK)
    within = sla["value"] * _UNITS[unit]
    return FreshData(column=physical.get(column, column), within=within, severity=severity)
