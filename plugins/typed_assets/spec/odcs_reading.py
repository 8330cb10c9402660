"""Contracts as Open Data Contract Standard, read: what it says of data becomes rules, or an error.

Keys that only document (owners, prices, servers, tags, lineage ...) are passed over. Versions 3.0 and 3.1.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, NoReturn

from typed_assets.spec.contracts import Column, ColumnType, Contract, FreshData, RowCount, Severity, SqlRule
from typed_assets.spec.errors import SpecError, nearest
from typed_assets.spec.odcs import CLOSED, FRESHNESS, MAX_BYTES, MAXIMUM, MINIMUM, OBJECT, SEVERITY, TABLE

_TYPES = {
    "string": ColumnType.TEXT,
    "integer": ColumnType.INTEGER,
    "boolean": ColumnType.BOOLEAN,
    "date": ColumnType.DATE,
    "timestamp": ColumnType.TIMESTAMP,
}
_FLOATS = ("float", "double", "real")
_SEVERITIES = {"error": Severity.BLOCK, "warning": Severity.WARN, "info": Severity.WARN}
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
_PROPERTY_RULES = frozenset({"items", "properties", "transformLogic"})
_OPTIONS = frozenset({MINIMUM, MAXIMUM, "pattern"})
_FORMATS = frozenset({"format", "timezone", "defaultTimezone"})
"""Options that say how a value is written, and not which values may occur."""
_ROW_BOUNDS: Mapping[str, Callable[[Any], tuple[int, int | None]]] = {
    "mustBe": lambda value: (value, value),
    "mustBeBetween": lambda value: (value[0], value[1]),
    "mustBeGreaterOrEqualTo": lambda value: (value, None),
    "mustBeGreaterThan": lambda value: (value + 1, None),
    "mustBeLessOrEqualTo": lambda value: (0, value),
    "mustBeLessThan": lambda value: (0, value - 1),
}
_OPERATORS = ("mustBe", "mustNotBe", "mustBeGreaterThan", "mustBeGreaterOrEqualTo", "mustBeLessThan",
              "mustBeLessOrEqualTo", "mustBeBetween", "mustNotBeBetween")  # fmt: skip


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
    except (TypeError, KeyError, IndexError, AttributeError) as error:
        message = f"a value of `{table.get('name')}` is not as the standard has it: {error}"
        raise SpecError(message) from None


def _contract(document: Mapping[str, Any], table: Mapping[str, Any]) -> Contract:
    name = str(table.get("name"))
    columns, first = [], {}
    for number, part in enumerate(_list(table, "properties", "schema"), 1):
        column = _column(_mapping(part, f"property {number} of `{name}`"))
        columns.append(column)
        if part.get("primaryKey"):
            first[part.get("primaryKeyPosition", number)] = column.name
    parts = [_object_rule(rule, name) for rule in _list(table, "quality", name)]
    primary = tuple(first[position] for position in sorted(first))
    keys = [part for part in parts if isinstance(part, tuple)]
    rows = [part for part in parts if isinstance(part, RowCount)]
    if len(rows) > 1:
        message = f"`{name}` has {len(rows)} rules about `rowCount`, and a contract has one"
        raise SpecError(message)
    return Contract(
        columns=tuple(columns),
        keys=tuple(keys if not primary or primary in keys else [primary, *keys]),
        rows=rows[0] if rows else None,
        fresh=_fresh(document, name),
        rules=tuple(part for part in parts if isinstance(part, SqlRule)),
        closed=bool(_custom(table).get(CLOSED, False)),
    )


def _document(text: str) -> Mapping[str, Any]:
    import yaml

    try:
        document = yaml.safe_load(text)
    except yaml.YAMLError as error:
        message = f"this is not YAML: {' '.join(str(error).split())}"
        raise SpecError(message) from None
    if not isinstance(document, dict) or document.get("kind") != "DataContract":
        message = "this is no data contract: `kind` is not `DataContract`"
        raise SpecError(message)
    version = str(document.get("apiVersion"))
    if not version.startswith(("v3.0.", "v3.1.")):
        message = f"`apiVersion` is `{version}`"
        raise SpecError(message, hint="versions 3.0 and 3.1 can be read")
    return document


def _chosen(document: Mapping[str, Any], schema: str | None) -> Mapping[str, Any]:
    tables = [_mapping(table, "an entry of `schema`") for table in _list(document, "schema", "the contract")]
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


def _column(part: Mapping[str, Any]) -> Column:
    name = str(part.get("name") or "")
    if not name:
        message = "a property has no `name`"
        raise SpecError(message)
    for key in sorted(_PROPERTY_RULES & part.keys()):
        if part[key]:
            _refuse(f"`{key}` of `{name}`")
    options = {key: _scalar(value) for key, value in dict(part.get("logicalTypeOptions") or {}).items()}
    for key in options.keys() - _OPTIONS - _FORMATS:
        _refuse(f"`logicalTypeOptions.{key}` of `{name}`", _OPTION_HINTS.get(key))
    custom = _custom(part)
    allowed, severities = _column_rules(part, name)
    severity = _own_severity(custom, SEVERITY, severities[0] if severities else Severity.BLOCK)
    if any(other is not severity for other in severities):
        _refuse(f"severities of `{name}` that differ")
    return Column(
        name=name,
        type=_type(part, name),
        nullable=not part.get("required", False),
        unique=bool(part.get("unique", False)),
        minimum=options.get(MINIMUM, custom.get(MINIMUM)),
        maximum=options.get(MAXIMUM, custom.get(MAXIMUM)),
        allowed=allowed,
        pattern=options.get("pattern"),
        max_bytes=custom.get(MAX_BYTES),
        description=str(part.get("description") or ""),
        severity=severity,
    )


_OPTION_HINTS = {
    "maxLength": "contracts count bytes; write `maxBytes` in `customProperties`",
    "minLength": "write a `pattern`",
    "exclusiveMinimum": "write `minimum`",
    "exclusiveMaximum": "write `maximum`",
}


def _type(part: Mapping[str, Any], name: str) -> ColumnType:
    logical, physical = str(part.get("logicalType")), str(part.get("physicalType") or "").lower()
    if logical == "number":
        return ColumnType.FLOAT if physical.startswith(_FLOATS) else ColumnType.DECIMAL
    if logical == "date" and physical.startswith(("timestamp", "datetime")):
        return ColumnType.TIMESTAMP  # as version 3.0 says it
    if logical not in _TYPES:
        _refuse(f"`logicalType: {logical}` of `{name}`", nearest(logical, [*_TYPES, "number"]))
    return _TYPES[logical]


def _column_rules(part: Mapping[str, Any], name: str) -> tuple[tuple[Any, ...], list[Severity]]:
    """The allowed values, and the severities that were told."""
    allowed: tuple[Any, ...] = ()
    severities = []
    for rule in _list(part, "quality", name):
        if rule.get("type") == "text":
            continue
        arguments = dict(rule.get("arguments") or {})
        if _metric(rule) != "invalidValues" or arguments.keys() != {"validValues"} or allowed:
            _refuse(f"{_told(rule)} of `{name}`")
        _must_be_zero(rule, name)
        allowed = tuple(_scalar(value) for value in arguments["validValues"])
        if "severity" in rule:
            severities.append(_severity(rule, name))
    return allowed, severities


def _object_rule(rule: Mapping[str, Any], name: str) -> tuple[str, ...] | RowCount | SqlRule | None:
    kind = rule.get("type", "library")
    if kind == "text":
        return None
    if kind == "sql":
        _must_be_zero(rule, name)
        query = str(rule.get("query", "")).replace("${table}", TABLE).replace(OBJECT, TABLE)
        if not rule.get("name"):
            message = f"a rule in SQL of `{name}` has no `name`"
            raise SpecError(message)
        return SqlRule(name=str(rule["name"]), sql=query, severity=_severity(rule, name))
    if _metric(rule) == "rowCount":
        return _rows(rule, name)
    if _metric(rule) == "duplicateValues" and set(rule.get("arguments") or {}) == {"properties"}:
        _must_be_zero(rule, name)
        if _severity(rule, name) is not Severity.BLOCK:
            _refuse(f"{_told(rule)} of `{name}` that only warns")
        return tuple(str(column) for column in rule["arguments"]["properties"])
    return _refuse(f"{_told(rule)} of `{name}`")


def _rows(rule: Mapping[str, Any], name: str) -> RowCount:
    used = [operator for operator in _OPERATORS if operator in rule]
    if len(used) != 1 or used[0] not in _ROW_BOUNDS:
        _refuse(f"`rowCount` of `{name}` with {', '.join(used) or 'no operator'}")
    value = rule[used[0]]
    low, high = _ROW_BOUNDS[used[0]](value)
    return RowCount(minimum=low, maximum=high, severity=_severity(rule, name))


def _fresh(document: Mapping[str, Any], name: str) -> FreshData | None:
    found = [
        sla for sla in _list(document, "slaProperties", "the contract") if sla.get("property") == FRESHNESS
    ]
    own = [sla for sla in found if str(sla.get("element", "")).rpartition(".")[0] in {"", name}]
    if not own:
        return None
    if len(own) > 1:
        _refuse(f"{len(own)} `{FRESHNESS}` of `{name}`")
    unit = str(own[0].get("unit", "s"))
    unit = unit if unit in _UNITS else unit.removesuffix("s")
    if unit not in _UNITS or "element" not in own[0]:
        _refuse(f"`{FRESHNESS}` of `{name}` without an element and a unit of time")
    severity = _own_severity(_custom(document), f"{FRESHNESS}Severity", Severity.BLOCK)
    within = own[0]["value"] * _UNITS[unit]
    return FreshData(column=str(own[0]["element"]).rpartition(".")[2], within=within, severity=severity)


def _metric(rule: Mapping[str, Any]) -> str:
    return str(rule.get("metric") or rule.get("rule") or "")


def _told(rule: Mapping[str, Any]) -> str:
    return f"`quality` `{_metric(rule) or rule.get('type')}`"


def _must_be_zero(rule: Mapping[str, Any], name: str) -> None:
    used = {operator: rule[operator] for operator in _OPERATORS if operator in rule}
    if used != {"mustBe": 0}:
        _refuse(f"{_told(rule)} of `{name}` with another bound than `mustBe: 0`")


def _severity(rule: Mapping[str, Any], name: str) -> Severity:
    word = str(rule.get("severity", "error"))
    if word not in _SEVERITIES:
        _refuse(f"`severity: {word}` of `{name}`", nearest(word, _SEVERITIES))
    return _SEVERITIES[word]


def _own_severity(custom: Mapping[str, Any], key: str, default: Severity) -> Severity:
    word = custom.get(key, default.value)
    if word not in set(Severity):
        _refuse(f"`{key}: {word}`", nearest(str(word), Severity))
    return Severity(word)


def _refuse(what: str, hint: str | None = None) -> NoReturn:
    message = f"a contract cannot say {what}"
    raise SpecError(message, hint=hint)


def _custom(part: Mapping[str, Any]) -> dict[str, Any]:
    return {str(item["property"]): item.get("value") for item in part.get("customProperties") or ()}


def _list(part: Mapping[str, Any], key: str, where: str) -> list[Any]:
    value = part.get(key) or []
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        message = f"`{key}` of {where} is not a list of mappings"
        raise SpecError(message)
    return value


def _mapping(value: object, what: str) -> Mapping[str, Any]:
    if isinstance(value, dict):
        return value
    message = f"{what} is not a mapping"
    raise SpecError(message)


def _scalar(value: Any) -> Any:  # noqa: ANN401
    """A date that YAML has made of a bare word is text in contracts."""
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    return value.isoformat() if isinstance(value, date) else value
