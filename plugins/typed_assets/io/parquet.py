"""Rows of Parquet files, with DuckDB or PyArrow: what is installed; Airflow on MWAA has neither."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

from typed_assets.io.errors import DataError

type Batches = Iterator[list[tuple[Any, ...]]]


def open_parquet(body: Any, folder: Path, name: str) -> tuple[list[str], Batches]:  # noqa: ANN401
    """Return the columns of a Parquet file and its rows in batches, one of them in memory at a time.

    Args:
        body: what has `read(bytes)`.
        folder: where the file is kept while it is read.
        name: of the file, for messages.

    Raises:
        DataError: neither DuckDB nor PyArrow is there, or the file cannot be read.
    """
    library = _library()
    path = _kept(body, folder)
    with _telling(name):
        names, batches = library.read(path)
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        message = f"{name} has the column `{twice}` twice"
        raise DataError(message)
    return names, _told(batches, name)


def parquet_without(body: Any, numbers: Path, folder: Path, name: str) -> tuple[Path, int]:  # noqa: ANN401
    """Write a Parquet file of the same columns and types without some of its rows; returns it, and its rows.

    Args:
        body: what has `read(bytes)`.
        numbers: a file with the numbers of those rows, from 1, ascending, one a line.
        folder: where files are kept meanwhile.
        name: of the file, for messages.

    Raises:
        DataError: the file cannot be read.
    """
    library, target = _library(), folder / "remaining.parquet"
    path = _kept(body, folder)
    with _telling(name):
        rows = library.write_without(path, numbers, target)
    return target, rows


def _library() -> ModuleType:
    if find_spec("duckdb"):
        from typed_assets.io import parquet_by_duckdb

        return parquet_by_duckdb
    if find_spec("pyarrow"):
        from typed_assets.io import parquet_by_pyarrow

        return parquet_by_pyarrow
    message = "Parquet needs DuckDB or PyArrow, and neither is installed"
    hint = "add `pyarrow` or `duckdb` to requirements.txt; the wheel has the extra `parquet`"
    raise DataError(message, hint=hint)


def _kept(body: Any, folder: Path) -> Path:  # noqa: ANN401
    path = folder / "file.parquet"
    with path.open("wb") as file:
        shutil.copyfileobj(body, file, 1024 * 1024)
    return path


def _told(batches: Batches, name: str) -> Batches:
    with _telling(name):
        yield from batches


@contextmanager
def _telling(name: str) -> Iterator[None]:
    """Say what a library says of a file in our words; both raise ValueError, or errors that are."""
    try:
        yield
    except (RuntimeError, ValueError, OSError) as error:
        if isinstance(error, DataError):
            raise
        message = f"{name} cannot be read as Parquet: {error}"
        raise DataError(message) from error
