"""The columns of a result set: Redshift's labels and types, and fields in the Data API's shapes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlglot import exp

from mwaactl.emulator.warehouse.types import from_duckdb, from_tree

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mwaactl.emulator.warehouse.types import RedshiftType

_LONG = {"int2", "int4", "int8"}
_DOUBLE = {"float4", "float8"}
# What PostgreSQL, and so Redshift, calls a column without an alias, where sqlglot's name of the node differs.
_LABELS: dict[type[exp.Expr], str] = {
    exp.ApproxDistinct: "count",
    exp.Case: "case",
    exp.DecodeCase: "case",
    exp.CurrentTimestamp: "getdate",
    exp.Extract: "date_part",
    exp.GroupConcat: "listagg",
    exp.JSONExtractScalar: "json_extract_path_text",
    exp.Length: "len",
    exp.Nullif: "case",
    exp.ParseJSON: "json_parse",
    exp.StrPosition: "strpos",
    exp.StrToDate: "to_date",
    exp.StrToTime: "to_timestamp",
    exp.TimeToStr: "to_char",
    exp.TimestampTrunc: "date_trunc",
    exp.TsOrDsAdd: "date_add",
    exp.TsOrDsDiff: "date_diff",
}


@dataclass(frozen=True, slots=True)
class ResultColumn:
    """One column of a result set."""

    label: str
    type: RedshiftType
    table: str = ""
    schema: str = ""

    def to_wire(self) -> dict[str, Any]:
        """Return the members of the Data API's ColumnMetadata shape."""
        return {
            "isCaseSensitive": self.type.name in {"varchar", "bpchar", "super"},
            "isCurrency": False,
            "isSigned": self.type.name in _LONG | _DOUBLE | {"numeric"},
            "label": self.label,
            "length": self.type.length,
            "name": self.label,
            "nullable": 1,
            "precision": self.type.length or self.type.precision,
            "scale": self.type.scale,
            "schemaName": self.schema,
            "tableName": self.table,
            "typeName": self.type.name,
        }

    def field(self, value: Any) -> dict[str, Any]:  # noqa: ANN401
        """Return one value in the Data API's Field shape."""
        if value is None:
            return {"isNull": True}
        if self.type.name in _LONG:
            return {"longValue": int(value)}
        if self.type.name in _DOUBLE:
            return {"doubleValue": float(value)}
        if self.type.name == "bool":
            return {"booleanValue": bool(value)}
        text = _text(value)
        return {"stringValue": text.ljust(self.type.length) if self.type.name == "bpchar" else text}


def _text(value: Any) -> str:  # noqa: ANN401
    if isinstance(value, dt.datetime):
        text = value.isoformat(sep=" ")
        return text.rstrip("0") if "." in text else text
    if isinstance(value, bytes):
        return value.hex()
    return str(value) if not isinstance(value, dt.time | dt.date) else value.isoformat()


def result_columns(
    tree: exp.Query, described: Sequence[tuple[Any, ...]], texts: Sequence[RedshiftType | None] = ()
) -> tuple[ResultColumn, ...]:
    """Return a query's columns.

    Args:
        tree: The query as the user wrote it, which decides about labels.
        described: DuckDB's name and type of each column.
        texts: The declared type of each column, as far as it is text and known.
    """
    declared = [*texts] if len(texts) == len(described) else [None] * len(described)
    written = tree.selects
    exact = len(written) == len(described) and not any(item.is_star for item in written)
    return tuple(
        ResultColumn(
            _label(written[index]) if exact else str(name),
            (declared[index] if kind == "VARCHAR" else None) or from_duckdb(str(kind)),
        )
        for index, (name, kind, *_) in enumerate(described)
    )


def _label(item: exp.Expr) -> str:  # noqa: PLR0911
    if item.alias_or_name and isinstance(item, exp.Alias | exp.Column):
        return item.alias_or_name.lower()
    if isinstance(item, exp.Cast):
        inner = _label(item.this)
        return inner if inner != "?column?" else from_tree(item.args["to"]).name
    if isinstance(item, exp.Dot):
        return str(item.expression.name.lower())
    if isinstance(item, exp.IgnoreNulls | exp.RespectNulls | exp.Bracket):
        return _label(item.this)
    if isinstance(item, exp.Window | exp.WithinGroup | exp.Paren):
        return _label(item.this)
    if type(item) in _LABELS:
        return _LABELS[type(item)]
    if isinstance(item, exp.Anonymous):
        return item.name.lower()
    if isinstance(item, exp.Func) and not isinstance(item, exp.Connector):
        return item.sql_name().lower()
    return "?column?"
