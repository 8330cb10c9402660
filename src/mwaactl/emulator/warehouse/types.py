"""Redshift's data types: their names, and the DuckDB types that hold their values."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlglot import exp

from mwaactl.emulator.warehouse.faults import Refused, StatementFailed
from mwaactl.emulator.warehouse.sql.refusals import TYPES

MAX_VARCHAR = 65535
_DECIMAL = re.compile(r"DECIMAL\((\d+),\s*(\d+)\)")


@dataclass(frozen=True, slots=True)
class RedshiftType:
    """One type as Redshift's catalog shows it.

    Attributes:
        name: The name in result metadata: `int4`, `varchar`, `numeric`, `timestamp` …
        duckdb: The DuckDB type that holds the values.
        declared: The name in catalogs and DDL: `integer`, `character varying(10)` …
        length: Bytes at most, for character types.
        precision: Digits at most, for numbers.
        scale: Digits behind the point, for decimals.
    """

    name: str
    duckdb: str
    declared: str
    length: int = 0
    precision: int = 0
    scale: int = 0


_PLAIN = {
    "SMALLINT": RedshiftType("int2", "SMALLINT", "smallint", precision=5),
    "INT": RedshiftType("int4", "INTEGER", "integer", precision=10),
    "BIGINT": RedshiftType("int8", "BIGINT", "bigint", precision=19),
    "FLOAT": RedshiftType("float4", "FLOAT", "real", precision=8, scale=8),
    "DOUBLE": RedshiftType("float8", "DOUBLE", "double precision", precision=17, scale=17),
    "BOOLEAN": RedshiftType("bool", "BOOLEAN", "boolean", precision=1),
    "DATE": RedshiftType("date", "DATE", "date", precision=13),
    "TIME": RedshiftType("time", "TIME", "time without time zone", precision=15),
    "TIMESTAMP": RedshiftType("timestamp", "TIMESTAMP", "timestamp without time zone", precision=29, scale=6),
    "TIMESTAMPTZ": RedshiftType(
        "timestamptz", "TIMESTAMPTZ", "timestamp with time zone", precision=35, scale=6
    ),
    "SUPER": RedshiftType("super", "JSON", "super"),
    "VARBINARY": RedshiftType("varbyte", "BLOB", "binary varying(64000)", length=64000),
}
_CHARACTER = {
    "CHAR": ("bpchar", "character", 1, 4096),
    "VARCHAR": ("varchar", "character varying", 256, MAX_VARCHAR),
}
# sqlglot's other names for the same types
_ALIASES = {
    "NCHAR": "CHAR",
    "BPCHAR": "CHAR",
    "NVARCHAR": "VARCHAR",
    "TEXT": "VARCHAR",
    "BINARY": "VARBINARY",
}
# DuckDB's names for the types of results
_FROM_DUCKDB = {plain.duckdb: plain for plain in _PLAIN.values()} | {
    "TINYINT": _PLAIN["SMALLINT"],
    "HUGEINT": RedshiftType("numeric", "DECIMAL(38,0)", "numeric(38,0)", precision=38),
    "TIMESTAMP WITH TIME ZONE": _PLAIN["TIMESTAMPTZ"],
    "TIMESTAMP_NS": _PLAIN["TIMESTAMP"],
    "TIMESTAMP_S": _PLAIN["TIMESTAMP"],
    "UBIGINT": _PLAIN["BIGINT"],
    "UINTEGER": _PLAIN["BIGINT"],
    '"NULL"': RedshiftType("varchar", "VARCHAR", "character varying(256)", length=256),
    "NULL": RedshiftType("varchar", "VARCHAR", "character varying(256)", length=256),
}


def from_tree(data_type: exp.DataType) -> RedshiftType:
    """Return the Redshift type that a type in a syntax tree means.

    Raises:
        Refused: If the emulator does not model the type.
    """
    given = data_type.this.value if isinstance(data_type.this, exp.DType) else str(data_type.this)
    name = _ALIASES.get(given, given)
    most = {"CHAR": 4096, "VARCHAR": MAX_VARCHAR}.get(name, 0)
    sizes = [most if param.name.upper() == "MAX" else int(param.name) for param in data_type.expressions]
    if name in _CHARACTER:
        return _character(name, sizes)
    if name == "DECIMAL":
        return decimal(*(sizes or [18, 0]))
    if name in _PLAIN and given not in TYPES:
        return _PLAIN[name]
    refusal = TYPES.get(given)
    raise (
        refusal.error()
        if refusal
        else Refused(f"the type {given}", "it is not one of Redshift's, or not modelled")
    )


def _character(name: str, sizes: list[int]) -> RedshiftType:
    return character(name, sizes[0] if sizes else _CHARACTER[name][2])


def character(name: str, length: int) -> RedshiftType:
    """Return CHAR(length) or VARCHAR(length); `name` is CHAR or VARCHAR."""
    short, declared, _, most = _CHARACTER[name]
    if not 1 <= length <= most:
        message = f"ERROR: length for type {short} must be between 1 and {most}"
        raise StatementFailed(message)
    return RedshiftType(short, "VARCHAR", f"{declared}({length})", length=length)


def decimal(precision: int, scale: int = 0) -> RedshiftType:
    """Return NUMERIC(precision, scale)."""
    if not 1 <= precision <= 38 or not 0 <= scale <= min(precision, 37):  # noqa: PLR2004
        message = f"ERROR: NUMERIC({precision},{scale}) must have a precision of 1 to 38 and a scale below it"
        raise StatementFailed(message)
    name = f"({precision},{scale})"
    return RedshiftType("numeric", f"DECIMAL{name}", f"numeric{name}", precision=precision, scale=scale)


def from_duckdb(name: str) -> RedshiftType:
    """Return the Redshift type of a column that DuckDB calls `name`.

    Raises:
        Refused: If no Redshift type holds such values: lists, structures, intervals.
    """
    if name == "VARCHAR":
        return RedshiftType("varchar", "VARCHAR", f"character varying({MAX_VARCHAR})", length=MAX_VARCHAR)
    found = _DECIMAL.fullmatch(name)
    if found:
        return decimal(int(found[1]), int(found[2]))
    if name in _FROM_DUCKDB:
        return _FROM_DUCKDB[name]
    msg = f"a result of type {name}"
    raise Refused(msg, "cast it to one of Redshift's types")


def is_told_by_duckdb(declared: RedshiftType) -> bool:
    """Whether the catalog's views know a column's declared type by its DuckDB type alone."""
    return from_duckdb(declared.duckdb) == declared


def parse_declared(declared: str) -> RedshiftType:
    """Return the type that the catalog shows as `declared`."""
    from sqlglot import parse_one

    return from_tree(parse_one(declared, read="redshift", into=exp.DataType))
