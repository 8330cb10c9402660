"""Rows of Parquet files, with DuckDB or PyArrow: what is installed; Airflow on MWAA has neither."""

import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from typed_assets.io.errors import DataError

_ROWS = 10_000


def open_parquet(body: Any, folder: Path) -> tuple[list[str], Iterator[list[tuple[Any, ...]]]]:  # noqa: ANN401
    """Return the columns of a Parquet file and its rows in batches, one of them in memory at a time.

    Args:
        body: what has `read(bytes)`.
        folder: where the file is kept while it is read.

    Raises:
        DataError: neither DuckDB nor PyArrow is there, or the file cannot be read.
    """
    if not (find_spec("duckdb") or find_spec("pyarrow")):
        message = "Parquet needs DuckDB or PyArrow, and neither is installed"
        raise DataError(message, hint="add `typed-assets[parquet]` or `duckdb` to requirements.txt")
    path = folder / "file.parquet"
    with path.open("wb") as file:
        shutil.copyfileobj(body, file, 1024 * 1024)
    try:
        return (_with_duckdb if find_spec("duckdb") else _with_pyarrow)(path)
    except (RuntimeError, ValueError, OSError) as error:
        message = f"a Parquet file cannot be read: {error}"
        raise DataError(message) from error


def _with_duckdb(path: Path) -> tuple[list[str], Iterator[list[tuple[Any, ...]]]]:
    import duckdb

    try:
        cursor = duckdb.connect().execute("SELECT * FROM read_parquet(?)", [str(path)])
    except duckdb.Error as error:
        raise ValueError(str(error)) from error
    names = [column[0] for column in cursor.description or ()]
    return names, iter(lambda: cursor.fetchmany(_ROWS), [])


def _with_pyarrow(path: Path) -> tuple[list[str], Iterator[list[tuple[Any, ...]]]]:
    from pyarrow import parquet

    file = parquet.ParquetFile(path)
    names = list(file.schema_arrow.names)
    batches = (
        [tuple(row[name] for name in names) for row in batch.to_pylist()]
        for batch in file.iter_batches(batch_size=_ROWS)
    )
    return names, batches
