"""Parquet files by PyArrow; https://arrow.apache.org/docs/python/parquet.html."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import parquet

_ROWS = 10_000


def read(path: Path) -> tuple[list[str], Iterator[list[tuple[Any, ...]]]]:
    """Return the columns of a file, and its rows in batches.

    Raises:
        ValueError: it cannot be read; PyArrow's own errors are such.
    """
    file = parquet.ParquetFile(path)
    batches = (_rows(batch) for batch in file.iter_batches(batch_size=_ROWS))
    return list(file.schema_arrow.names), batches


def write_without(path: Path, numbers: Path, target: Path) -> int:
    """Write a file without the rows of some numbers, from 1; returns how many rows it has.

    Raises:
        ValueError: it cannot be read.
    """
    file, rows, seen = parquet.ParquetFile(path), 0, 0
    with numbers.open(encoding="ascii") as lines, parquet.ParquetWriter(target, file.schema_arrow) as writer:
        bad = next(lines, "")
        for batch in file.iter_batches(batch_size=_ROWS):
            kept = []
            for number in range(seen + 1, seen + 1 + batch.num_rows):
                kept.append(not bad or int(bad) != number)
                bad = bad if kept[-1] else next(lines, "")
            remaining = batch.filter(pa.array(kept, pa.bool_()))
            writer.write_batch(remaining)
            seen += batch.num_rows
            rows += remaining.num_rows
    return rows


def _rows(batch: Any) -> list[tuple[Any, ...]]:  # noqa: ANN401
    """Columns by place, because names may be there twice."""
    return list(zip(*(column.to_pylist() for column in batch.columns), strict=True))
