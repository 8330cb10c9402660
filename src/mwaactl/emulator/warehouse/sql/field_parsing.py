"""How COPY turns a text field into a value, as DuckDB expressions: one value and one test per column.

https://docs.aws.amazon.com/redshift/latest/dg/copy-parameters-data-conversion.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mwaactl.emulator.warehouse.columns import literal
from mwaactl.emulator.warehouse.faults import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mwaactl.emulator.warehouse.columns import Column

_AUTO_DATES = ["%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%m/%d/%Y", "%m-%d-%Y", "%d %b %Y", "%b %d, %Y", "%d-%b-%Y"]
_AUTO_TIMES = [f"{date} {time}" for date in _AUTO_DATES for time in ("%H:%M:%S.%f", "%H:%M:%S", "%H:%M")]
_PATTERNS = (
    ("YYYY", "%Y"), ("YY", "%y"), ("MONTH", "%B"), ("MON", "%b"), ("MM", "%m"), ("DD", "%d"), ("HH24", "%H"),
    ("HH12", "%I"), ("HH", "%H"), ("MI", "%M"), ("SS", "%S"), ("AM", "%p"), ("PM", "%p"),
)  # fmt: skip
_EPOCH_SCALE = {"epochsecs": 1_000_000, "epochmillisecs": 1_000}
_MOMENTS = {"date", "timestamp", "timestamptz", "time"}

# Redshift's load error codes.
_CODES = {
    **dict.fromkeys(("int2", "int4", "int8", "numeric", "float4", "float8"), 1207),
    **dict.fromkeys(("timestamp", "timestamptz", "time"), 1206),
    "bool": 1210,
    "date": 1205,
    "super": 1224,
}
MESSAGES = {
    1202: "Extra column(s) found",
    1203: "Invalid quote formatting for CSV",
    1204: "String length exceeds DDL length",
    1205: "Invalid Date Format",
    1206: "Invalid timestamp format or value",
    1207: "Invalid digit, Value, Pos, Type",
    1210: "Invalid data, type boolean",
    1213: "Missing data for not-null field",
    1214: "Delimiter not found",
    1220: "String contains invalid or unsupported UTF8 codepoints",
    1224: "Invalid JSON value",
}


@dataclass(frozen=True, slots=True)
class FieldRule:
    """DuckDB expressions for one column.

    Attributes:
        value: The value to insert.
        error: The load error's code, or NULL where the field is good.
    """

    value: str
    error: str


def field_rule(column: Column, raw: str, options: Mapping[str, Any]) -> FieldRule:
    """Return the rule for the text in `raw` that goes into a column."""
    field = _nulled(raw, options)
    if column.type.name in {"varchar", "bpchar"}:
        return _characters(column, field, options)
    text = f"NULLIF(TRIM({field}), '')"
    value = _parsed(column, text, options)
    bad = f"WHEN {text} IS NOT NULL AND ({value}) IS NULL THEN {_CODES[column.type.name]}"
    if column.type.name in _MOMENTS and "ACCEPTANYDATE" in options:
        bad = ""
    absent = "" if column.nullable else f"WHEN {text} IS NULL THEN 1213"
    return FieldRule(value, f"CASE {bad} {absent} END" if bad or absent else "NULL")


def _nulled(raw: str, options: Mapping[str, Any]) -> str:
    marker = str(options.get("NULL", "\\N"))
    return f"NULLIF({raw}, {literal(marker)})"


def _characters(column: Column, field: str, options: Mapping[str, Any]) -> FieldRule:
    if "TRIMBLANKS" in options:
        field = f"RTRIM({field})"
    if "EMPTYASNULL" in options:
        field = f"NULLIF({field}, '')"
    if "BLANKSASNULL" in options:
        field = f"CASE WHEN TRIM({field}) <> '' OR {field} = '' THEN {field} END"
    absent = "" if column.nullable else f"WHEN {field} IS NULL THEN 1213"
    if "TRUNCATECOLUMNS" in options:
        return FieldRule(f"LEFT({field}, {column.type.length})", f"CASE {absent} END" if absent else "NULL")
    return FieldRule(field, f"CASE WHEN STRLEN({field}) > {column.type.length} THEN 1204 {absent} END")


def _parsed(column: Column, text: str, options: Mapping[str, Any]) -> str:  # noqa: PLR0911
    target = column.type.duckdb
    match column.type.name:
        case "int2" | "int4" | "int8":
            return f"CASE WHEN REGEXP_FULL_MATCH({text}, '[+-]?[0-9]+') THEN TRY_CAST({text} AS {target}) END"
        case "numeric":
            return f"TRY_CAST({_cut(text, column.type.scale, options)} AS {target})"
        case "float4" | "float8" | "time" | "timestamptz":
            return f"TRY_CAST({text} AS {target})"
        case "bool":
            return (
                f"CASE WHEN LOWER({text}) IN ('t', 'true', 'y', 'yes', '1') THEN true "
                f"WHEN LOWER({text}) IN ('f', 'false', 'n', 'no', '0') THEN false END"
            )
        case "date":
            return _moment(text, "DATE", str(options.get("DATEFORMAT", "YYYY-MM-DD")), _AUTO_DATES)
        case "timestamp":
            return _timestamp(text, str(options.get("TIMEFORMAT", "YYYY-MM-DD HH:MI:SS")))
        case "super":
            return f"CASE WHEN JSON_VALID({text}) THEN CAST({text} AS JSON) END"
        case other:
            msg = f"COPY of text into {other}"
            raise Refused(msg, "load it as VARCHAR")


def _cut(text: str, scale: int, options: Mapping[str, Any]) -> str:
    """Cut surplus digits, as COPY does unless told to round."""
    if "ROUNDEC" in options:
        return text
    kept = f"\\.[0-9]{{{scale}}}" if scale else ""
    surplus = "[0-9]+" if scale else "\\.[0-9]*"
    return f"REGEXP_REPLACE({text}, '^([+-]?[0-9]*{kept}){surplus}$', '\\1')"


def _timestamp(text: str, pattern: str) -> str:
    scale = _EPOCH_SCALE.get(pattern.lower())
    if scale:
        return f"MAKE_TIMESTAMP(TRY_CAST(TRY_CAST({text} AS DECIMAL(28, 6)) * {scale} AS BIGINT))"
    return _moment(text, "TIMESTAMP", pattern, _AUTO_TIMES)


def _moment(text: str, target: str, pattern: str, guesses: list[str]) -> str:
    plain = f"TRY_CAST({text} AS {target})"
    if pattern.upper() in {"YYYY-MM-DD", "YYYY-MM-DD HH:MI:SS"}:
        return plain
    if pattern.lower() == "auto":
        listed = ", ".join(literal(guess) for guess in guesses)
        return f"COALESCE({plain}, CAST(TRY_STRPTIME({text}, [{listed}]) AS {target}))"
    return f"CAST(TRY_STRPTIME({text}, {literal(_strptime(pattern))}) AS {target})"


def _strptime(pattern: str) -> str:
    result = pattern
    for ours, theirs in _PATTERNS:
        result = re.sub(f"(?<!%){ours}", theirs, result, flags=re.IGNORECASE)
    if re.search(r"[A-Za-z]", re.sub(r"%.", "", result).replace("T", "")):
        msg = f"the pattern '{pattern}'"
        raise Refused(msg, "known are YYYY, YY, MM, MON, MONTH, DD, HH24, HH12, HH, MI, SS")
    return result
