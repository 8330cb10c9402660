"""COPY of Parquet: columns match by position and must fit by type.

https://docs.aws.amazon.com/redshift/latest/dg/copy-usage_notes-copy-from-columnar.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mwaactl.emulator.warehouse.columns import TableName, quoted
from mwaactl.emulator.warehouse.faults import StatementFailed

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from mwaactl.emulator.warehouse.columns import Column
    from mwaactl.emulator.warehouse.loads.s3_files import SourceFile
    from mwaactl.emulator.warehouse.sql.load_options import CopyCommand

# Parquet columns, as DuckDB calls them, that go into a Redshift column.
_FITS = {
    "int2": {"SMALLINT", "TINYINT", "INTEGER", "UTINYINT"},
    "int4": {"SMALLINT", "TINYINT", "INTEGER", "UTINYINT", "USMALLINT"},
    "int8": {"BIGINT", "INTEGER", "UINTEGER"},
    "float4": {"FLOAT"},
    "float8": {"DOUBLE"},
    "bool": {"BOOLEAN"},
    "date": {"DATE"},
    "timestamp": {"TIMESTAMP", "TIMESTAMP_NS", "TIMESTAMP WITH TIME ZONE"},
    "timestamptz": {"TIMESTAMP WITH TIME ZONE"},
    "varchar": {"VARCHAR"},
    "bpchar": {"VARCHAR"},
    "varbyte": {"BLOB"},
}


def load_parquet(
    cursor: DuckDBPyConnection, command: CopyCommand, columns: list[Column], files: list[SourceFile]
) -> int:
    """Insert Parquet files; returns the number of rows.

    Raises:
        StatementFailed: If a file's columns do not fit.
    """
    count = 0
    for file in files:
        found = cursor.execute("DESCRIBE SELECT * FROM read_parquet(?)", [str(file.path)]).fetchall()
        filled = columns[: len(found)] if "FILLRECORD" in command.options else columns
        _check(file.url, filled, [(name, str(kind)) for name, kind, *_ in found])
        names = ", ".join(quoted(column.name) for column in filled)
        target = TableName(command.schema, command.table).text
        source = f"INSERT INTO {target} ({names}) SELECT * FROM read_parquet(?)"  # noqa: S608
        row = cursor.execute(source, [str(file.path)]).fetchone()
        count += int(row[0]) if row else 0
    return count


def _check(url: str, columns: list[Column], found: list[tuple[str, str]]) -> None:
    if len(found) != len(columns):
        counts = f"Table columns: {len(columns)}, Data columns: {len(found)}, File name: {url}"
        message = (
            f"ERROR: Spectrum Scan Error Detail: Unmatched number of columns between table and file. {counts}"
        )
        raise StatementFailed(message)
    for column, (name, kind) in zip(columns, found, strict=True):
        if not fits(column, kind):
            what = f"File '{url}' has an incompatible Parquet schema for column '{name}'"
            types = f"Column type: {column.type.declared}, Parquet: {kind}"
            message = f"ERROR: Spectrum Scan Error Detail: {what}. {types}"
            raise StatementFailed(message)


def fits(column: Column, kind: str) -> bool:
    """Whether values of a Parquet column, by its type in DuckDB, go into a column."""
    if column.type.name == "numeric":
        return kind.startswith("DECIMAL")
    return kind in _FITS.get(column.type.name, ())
