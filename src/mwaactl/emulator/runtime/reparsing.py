"""Airflow's parsing, hastened: DAG files that use a file which has changed are parsed again within seconds.

Airflow parses a changed DAG file at once, and one that only uses what has changed up to 30 seconds later
(`dag_processor.min_file_process_interval`).
"""

from __future__ import annotations

import os
import time
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from pathlib import Path

_ARCHIVE = ".zip"


class Reparsing:
    """Touches DAG files some time after a file has changed that they may use.

    Args:
        folder: The DAGs folder.
        clock: Seconds that only go on.
    """

    def __init__(self, folder: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self._folder = folder
        self._clock = clock
        self._changed_at: float | None = None

    def note(self, changed: Collection[str], gone: Collection[str]) -> None:
        """Note which files of the folder were written, and which were deleted."""
        if gone or any(self._may_be_used(self._folder / path) for path in changed):
            self._changed_at = self._clock()

    def touch(self, pause: float) -> None:
        """Touch the DAG files if the latest change of what they may use was that many seconds ago."""
        if self._changed_at is None or self._clock() < self._changed_at + pause:
            return
        self._changed_at = None
        for path in self._files(".py", _ARCHIVE):
            if path.suffix == _ARCHIVE or _may_define_dags(_content(path)):
                with suppress(FileNotFoundError):
                    os.utime(path)

    def _may_be_used(self, path: Path) -> bool:
        """Tell whether DAG files may import or read a file: whether another one has its name anywhere."""
        if path.suffix == _ARCHIVE:
            return False
        name = path.parent.name if path.name == "__init__.py" else path.stem
        return path.suffix != ".py" or any(
            name.encode() in _content(other) for other in self._files(".py") if other != path
        )

    def _files(self, *suffixes: str) -> Iterator[Path]:
        return (path for path in self._folder.rglob("*") if path.suffix in suffixes and path.is_file())


def _may_define_dags(content: bytes) -> bool:
    """Tell what Airflow asks before it imports a file: `airflow.utils.file.might_contain_dag`."""
    lower = content.lower()
    return b"airflow" in lower and (b"dag" in lower or b"asset" in lower)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""
