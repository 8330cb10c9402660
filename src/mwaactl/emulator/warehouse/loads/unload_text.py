"""How UNLOAD writes values as text: DuckDB's settings, and the query whose columns are written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mwaactl.emulator.warehouse.columns import literal, quoted
from mwaactl.emulator.warehouse.sql.system_tables import SYSTEM_SCHEMA

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def text_settings(options: Mapping[str, Any]) -> str:
    """Return DuckDB's COPY options for CSV or delimited text."""
    csv = "CSV" in options
    delimiter = str(options.get("DELIMITER", "," if csv else "|")).replace("\\t", "\t")
    quote = '"' if csv or "ADDQUOTES" in options else ""
    header = "true" if "HEADER" in options else "false"
    parts = [f"FORMAT csv, DELIMITER {literal(delimiter)}, HEADER {header}, QUOTE {literal(quote)}"]
    parts.append(f"ESCAPE {literal(quote)}, NULLSTR {literal(str(options.get('NULL', '')))}")
    if "ADDQUOTES" in options:
        parts.append("FORCE_QUOTE *")
    return ", ".join(parts)


def text_query(query: str, columns: Sequence[tuple[str, str]], options: Mapping[str, Any]) -> str:
    """Return the query with its columns as Redshift writes them.

    Args:
        query: The query in DuckDB's terms.
        columns: Its columns, as (name, DuckDB type).
        options: UNLOAD's options.
    """
    items = [
        f"{_written(f'#{number}', kind, escape='ESCAPE' in options)} AS {quoted(name)}"
        for number, (name, kind) in enumerate(columns, 1)
    ]
    return f"SELECT {', '.join(items)} FROM ({query})"  # noqa: S608


def _written(value: str, kind: str, *, escape: bool) -> str:
    if kind == "BOOLEAN":
        return f"CASE {value} WHEN true THEN 't' WHEN false THEN 'f' END"
    if kind in {"FLOAT", "DOUBLE"}:
        return f"{SYSTEM_SCHEMA}.rs_varchar({value})"
    if kind == "VARCHAR" and escape:
        return f"REGEXP_REPLACE({value}, '([\\\\\\n\\r|\"''])', '\\\\\\1', 'g')"
    return value
