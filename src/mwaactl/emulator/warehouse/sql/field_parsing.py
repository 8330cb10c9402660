"""How COPY turns a text field into a value, as DuckDB expressions: one value and one test per column.

https://docs.aws.amazon.com/redshift/latest/dg/copy-parameters-data-conversion.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mwaactl.emulator.warehouse.columns import literal
from mwaactl.emulator.warehouse.faults import Refused
from mwaactl.emulator.warehouse.sql.system_tables import SYSTEM_SCHEMA

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
_NULL = "\\N"  # what stands for NULL unless NULL AS says otherwise
_MOMENTS = {"date", "timestamp", "timestamptz", "time"}

INTEGERS = ("int2", "int4", "int8")

# Redshift's load error codes.
_CODES = {
    **dict.fromkeys((*INTEGERS, "numeric", "float4", "float8"), 1207),
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
    1216: "Invalid input line",
    1220: "String contains invalid or unsupported UTF8 codepoints",
    1224: "Invalid JSON value",
}


@dataclass(frozen=True, slots=True)
class FieldRule:
    """DuckDB expressions for one column.

    Attributes:
        value: The value to insert; NULL where the field is bad.
        error: The load error's code, or NULL where the field is good.
        strict: The value to insert; an error where the field is bad. The table refuses NULL and long text.
    """

    value: str
    error: str
    strict: str


def field_rule(
    column: Column, raw: str, options: Mapping[str, Any], *, plain_integers: bool = False
) -> FieldRule:
    """Return the rule for the text in `raw` that goes into a column.

    Args:
        column: The column.
        raw: DuckDB's expression of the text.
        options: COPY's options.
        plain_integers: Whether `raw` of an integer column is an integer already.
    """
    field = _nulled(raw, options)
    if column.type.name in {"varchar", "bpchar"}:
        return _characters(column, field, options)
    text = f"NULLIF(TRIM({field}), '')"
    value = _parsed(column, text, options, "TRY_")
    bad = f"WHEN {text} IS NOT NULL AND ({value}) IS NULL THEN {_CODES[column.type.name]}"
    lenient = column.type.name in _MOMENTS and "ACCEPTANYDATE" in options
    absent = "" if column.nullable else f"WHEN {text} IS NULL THEN 1213"
    if lenient:
        bad = ""
    strict = value if lenient else _parsed(column, text, options, "")
    if plain_integers and column.type.name in INTEGERS:
        strict = raw
    return FieldRule(value, f"CASE {bad} {absent} END" if bad or absent else "NULL", strict)


def _nulled(raw: str, options: Mapping[str, Any]) -> str:
    if "JSON" in options and "NULL" not in options:
        return raw
    return f"NULLIF({raw}, {literal(null_marker(options))})"


def null_marker(options: Mapping[str, Any]) -> str:
    """Return the text that stands for NULL."""
    return str(options.get("NULL", _NULL))


def _characters(column: Column, field: str, options: Mapping[str, Any]) -> FieldRule:
    if "FILLRECORD" in options:  # text that is missing at a line's end is empty text
        field = f"COALESCE({field}, '')"
    if "TRIMBLANKS" in options or column.type.name == "bpchar":
        field = f"RTRIM({field}, ' ')"
    if "EMPTYASNULL" in options:
        field = f"NULLIF({field}, '')"
    if "BLANKSASNULL" in options:
        field = f"CASE WHEN TRIM({field}) <> '' OR {field} = '' THEN {field} END"
    absent = "" if column.nullable else f"WHEN {field} IS NULL THEN 1213"
    if "TRUNCATECOLUMNS" in options:
        kept = f"{SYSTEM_SCHEMA}.rs_cut({field}, {column.type.length})"
        return FieldRule(kept, f"CASE {absent} END" if absent else "NULL", kept)
    error = f"CASE WHEN STRLEN({field}) > {column.type.length} THEN 1204 {absent} END"
    return FieldRule(field, error, field)


def _parsed(column: Column, text: str, options: Mapping[str, Any], safe: str) -> str:  # noqa: PLR0911
    """Return the value of a text; bad ones are NULL if `safe` is TRY_, and an error if it is empty."""
    target = column.type.duckdb
    otherwise = "" if safe else f" WHEN {text} IS NOT NULL THEN CAST(ERROR('bad field') AS {target})"
    match column.type.name:
        case "int2" | "int4" | "int8":
            digits = f"REGEXP_FULL_MATCH({text}, '[+-]?[0-9]+')"
            return f"CASE WHEN {digits} THEN {safe}CAST({text} AS {target}){otherwise} END"
        case "numeric":
            return f"{safe}CAST({_cut(text, column.type.scale, options)} AS {target})"
        case "float4" | "float8" | "time" | "timestamptz":
            return f"{safe}CAST({text} AS {target})"
        case "bool":
            return (
                f"CASE WHEN LOWER({text}) IN ('t', 'true', 'y', 'yes', '1') THEN true "
                f"WHEN LOWER({text}) IN ('f', 'false', 'n', 'no', '0') THEN false{otherwise} END"
            )
        case "date":
            pattern = str(options.get("DATEFORMAT", "YYYY-MM-DD"))
            return _moment(text, "DATE", pattern, _AUTO_DATES, safe)
        case "timestamp":
            return _timestamp(text, str(options.get("TIMEFORMAT", "YYYY-MM-DD HH:MI:SS")), safe)
        case "super":
            return f"CASE WHEN JSON_VALID({text}) THEN CAST({text} AS JSON){otherwise} END"
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


def _timestamp(text: str, pattern: str, safe: str) -> str:
    scale = _EPOCH_SCALE.get(pattern.lower())
    if scale:
        number = f"{safe}CAST({text} AS DECIMAL(28, 6)) * {scale}"
        return f"MAKE_TIMESTAMP({safe}CAST({number} AS BIGINT))"
    return _moment(text, "TIMESTAMP", pattern, _AUTO_TIMES, safe)


def _moment(text: str, target: str, pattern: str, guesses: list[str], safe: str) -> str:
    if pattern.upper() in {"YYYY-MM-DD", "YYYY-MM-DD HH:MI:SS"}:
        return f"{safe}CAST({text} AS {target})"
    if pattern.lower() == "auto":
        listed = ", ".join(literal(guess) for guess in guesses)
        plain = f"TRY_CAST({text} AS {target})"
        return f"COALESCE({plain}, CAST({safe}STRPTIME({text}, [{listed}]) AS {target}))"
    return f"CAST({safe}STRPTIME({text}, {literal(_strptime(pattern))}) AS {target})"


def _strptime(pattern: str) -> str:
    result = pattern
    for ours, theirs in _PATTERNS:
        result = re.sub(f"(?<!%){ours}", theirs, result, flags=re.IGNORECASE)
    if re.search(r"[A-Za-z]", re.sub(r"%.", "", result).replace("T", "")):
        msg = f"the pattern '{pattern}'"
        raise Refused(msg, "known are YYYY, YY, MM, MON, MONTH, DD, HH24, HH12, HH, MI, SS")
    return result
