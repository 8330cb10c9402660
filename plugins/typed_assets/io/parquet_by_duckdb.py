"""Parquet files by DuckDB. Its wheel reads them without a download; https://duckdb.org/docs/data/parquet/overview."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

# ruff: noqa: S608 - paths and names are quoted

_ROWS = 10_000


def read(path: Path) -> tuple[list[str], Iterator[list[tuple[Any, ...]]]]:
    """Return the columns of a file, and its rows in batches; times with a zone are those of UTC.

    Raises:
        ValueError: it cannot be read.
    """
    rows = f"FROM read_parquet({_text(path)})"
    with _as_value_error(), duckdb.connect() as connection:
        columns = connection.execute(f"DESCRIBE SELECT * {rows}").fetchall()
    names = [str(column[0]) for column in columns]
    return names, _batches(f"SELECT {', '.join(map(_read, columns))} {rows}")


def _read(column: tuple[Any, ...]) -> str:
    """Times without a zone, because DuckDB needs `pytz` for those with one."""
    name = '"' + str(column[0]).replace('"', '""') + '"'
    return f"timezone('UTC', {name})" if column[1] == "TIMESTAMP WITH TIME ZONE" else name


def write_without(path: Path, numbers: Path, target: Path) -> int:
    """Write a file without the rows of some numbers, from 1; returns how many rows it has.

    Raises:
        ValueError: it cannot be read.
    """
    bad = f"SELECT n - 1 FROM read_csv({_text(numbers)}, header = false, columns = {{'n': 'BIGINT'}})"
    rows = f"SELECT * FROM read_parquet({_text(path)}, file_row_number = true)"
    kept = f"SELECT * EXCLUDE (file_row_number) FROM ({rows}) WHERE file_row_number NOT IN ({bad})"
    kept += " ORDER BY file_row_number"
    with _as_value_error(), duckdb.connect() as connection:
        connection.execute(f"SET temp_directory = {_text(target.parent)}")
        found = connection.execute(f"COPY ({kept}) TO {_text(target)} (FORMAT parquet)").fetchone()
    return int(found[0]) if found else 0


def _batches(query: str) -> Iterator[list[tuple[Any, ...]]]:
    """A connection of its own, so that one is open only from the first batch to the last."""
    with _as_value_error(), duckdb.connect() as connection:
        cursor = connection.execute(query)
        yield from iter(lambda: cursor.fetchmany(_ROWS), [])


def _text(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


@contextmanager
def _as_value_error() -> Iterator[None]:
    try:
        yield
    except duckdb.Error as error:
        raise ValueError(str(error)) from error
