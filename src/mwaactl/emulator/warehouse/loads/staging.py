"""A directory for the files of one statement, which DuckDB may read and write."""

from __future__ import annotations

import shutil
import uuid
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from mwaactl.emulator.warehouse.sessions import Session


@contextmanager
def staging_directory(session: Session) -> Iterator[Path]:
    """Give an empty directory, and remove it with what it holds."""
    directory = session.database.staging / uuid.uuid4().hex
    directory.mkdir()
    try:
        yield directory
    finally:
        shutil.rmtree(directory, ignore_errors=True)
