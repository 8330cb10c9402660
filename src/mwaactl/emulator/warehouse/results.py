"""Result sets on disk, in pages: large results cost no memory, and old ones are removed."""

from __future__ import annotations

import csv
import io
import json
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mwaactl.emulator.warehouse.faults import StatementFailed

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from mwaactl.emulator.warehouse.result_columns import ResultColumn

MAX_BYTES = 500 * 2**20  # the Data API's limit


@dataclass(frozen=True, slots=True)
class StoredResult:
    """A result set that can be read page by page."""

    columns: tuple[ResultColumn, ...]
    rows: int
    size: int
    pages: int


class ResultStore:
    """Keeps the pages of each statement's result.

    Args:
        directory: Where pages are kept; emptied at the start, because statements do not outlive the process.
    """

    def __init__(self, directory: Path) -> None:
        shutil.rmtree(directory, ignore_errors=True)
        directory.mkdir(parents=True)
        self._directory = directory

    def write(
        self,
        key: str,
        columns: tuple[ResultColumn, ...],
        batches: Iterable[list[tuple[Any, ...]]],
        *,
        as_csv: bool,
    ) -> StoredResult:
        """Store a result set; raises StatementFailed if it is larger than the Data API allows."""
        home = self._directory / key.replace(":", "_")
        home.mkdir()
        rows = size = pages = 0
        for batch in batches:
            text = _csv(columns, batch, header=pages == 0) if as_csv else _json(columns, batch)
            (home / str(pages)).write_bytes(text.encode())
            rows, size, pages = rows + len(batch), size + len(text.encode()), pages + 1
            if size > MAX_BYTES:
                self.remove(key)
                message = "ERROR: Query result size exceeded the limit of 500 MB"
                raise StatementFailed(message)
        return StoredResult(columns, rows, size, pages)

    def page(self, key: str, number: int) -> str:
        """Return one page as it was stored: JSON records, or CSV text."""
        return (self._directory / key.replace(":", "_") / str(number)).read_bytes().decode()

    def remove(self, key: str) -> None:
        """Remove a statement's result, if there is one."""
        shutil.rmtree(self._directory / key.replace(":", "_"), ignore_errors=True)


def _json(columns: tuple[ResultColumn, ...], batch: list[tuple[Any, ...]]) -> str:
    records = [[column.field(value) for column, value in zip(columns, row, strict=True)] for row in batch]
    return json.dumps(records)


def _csv(columns: tuple[ResultColumn, ...], batch: list[tuple[Any, ...]], *, header: bool) -> str:
    target = io.StringIO()
    writer = csv.writer(target)
    if header:
        writer.writerow([column.label for column in columns])
    for row in batch:
        fields = (column.field(value) for column, value in zip(columns, row, strict=True))
        writer.writerow(["" if "isNull" in field else next(iter(field.values())) for field in fields])
    return target.getvalue()
