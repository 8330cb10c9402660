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

# The Data API's limits: https://docs.aws.amazon.com/redshift/latest/mgmt/data-api-troubleshooting.html
MAX_BYTES = 500 * 2**20
MAX_ROW_BYTES = 64 * 2**10
_LONGEST_CHARACTER = 4  # bytes in UTF-8


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
        """Store a result set; raises StatementFailed if it or a row is larger than the Data API allows."""
        home = self._directory / key.replace(":", "_")
        home.mkdir()
        rows = size = pages = 0
        for batch in batches:
            if _has_large_row(batch):
                self.remove(key)
                message = "ERROR: Packet for query is too large: a row of the result set is larger than 64 KB"
                raise StatementFailed(message)
            text = _csv(columns, batch, header=pages == 0) if as_csv else _json(columns, batch)
            (home / str(pages)).write_bytes(text.encode())
            rows, size, pages = rows + len(batch), size + len(text.encode()), pages + 1
            if size > MAX_BYTES:
                self.remove(key)
                message = "ERROR: Database response exceeded size limit: a result set has 500 MB at most"
                raise StatementFailed(message)
        return StoredResult(columns, rows, size, pages)

    def page(self, key: str, number: int) -> str:
        """Return one page as it was stored: JSON records, or CSV text."""
        return (self._directory / key.replace(":", "_") / str(number)).read_bytes().decode()

    def remove(self, key: str) -> None:
        """Remove a statement's result, if there is one."""
        shutil.rmtree(self._directory / key.replace(":", "_"), ignore_errors=True)


def _has_large_row(batch: list[tuple[Any, ...]]) -> bool:
    longest = [
        max((len(value) for value in column if isinstance(value, str | bytes)), default=0)
        for column in zip(*batch, strict=True)
    ]
    if sum(longest) * _LONGEST_CHARACTER <= MAX_ROW_BYTES:
        return False
    return any(sum(map(_size, row)) > MAX_ROW_BYTES for row in batch)


def _size(value: object) -> int:
    if isinstance(value, str):
        return len(value.encode())
    return len(value) if isinstance(value, bytes) else 0


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
