"""Component log files, followed and shipped to CloudWatch Logs at the environment's log levels."""

from __future__ import annotations

import logging
import re
from threading import Event, Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from mwaactl.emulator.runtime.log_streams import LogStreams

# Airflow 3 prints `2026-11-23T08:00:00.000000Z [info     ] message`, and the logs of parsed files are JSON;
# Airflow 2 prints `[2026-11-23T08:00:00.000+0000] {file.py:1} INFO - message`; uvicorn and others print
# `INFO:     message`.
_NAMES = "debug|info|warning|error|critical"
_LEVEL = re.compile(rf"(?:\[|^|\s)({_NAMES})(?:\s*[\]:]|\s+-\s)", re.IGNORECASE)
_JSON_LEVEL = re.compile(rf'"level": ?"({_NAMES})"')
_LEVEL_WITHIN = 120
_INTERVAL = 1.0


def level_of(line: str) -> int | None:
    """Return the level that a log line names, or None for a line that continues the one before it."""
    match = _JSON_LEVEL.search(line) if line.startswith("{") else _LEVEL.search(line[:_LEVEL_WITHIN])
    return logging.getLevelNamesMapping()[match[1].upper()] if match else None


class FollowedFile:
    """One growing file and how much of it has been read.

    Args:
        path: The file; need not exist yet.
        kind: The log group's kind.
        stream: The log stream's name.
        threshold: The lowest level that is shipped.
        offset: Where to start reading, in bytes.
    """

    def __init__(self, path: Path, kind: str, stream: str, threshold: int, offset: int = 0) -> None:
        self.path = path
        self.kind = kind
        self.stream = stream
        self._threshold = threshold
        self._offset = offset
        self._passing = True

    def read(self) -> tuple[list[str], int]:
        """Return the complete new lines at or above the threshold, and the offset after them."""
        try:
            with self.path.open("rb") as file:
                file.seek(self._offset)
                content = file.read()
        except FileNotFoundError:
            return [], self._offset
        complete = content[: content.rfind(b"\n") + 1]
        lines = complete.decode(errors="replace").splitlines()
        return [line for line in lines if self._passes(line)], self._offset + len(complete)

    def advance(self, offset: int) -> None:
        """Remember that everything before `offset` has arrived."""
        self._offset = offset

    def _passes(self, line: str) -> bool:
        level = level_of(line)
        if level is not None:
            self._passing = level >= self._threshold
        return self._passing


class LogShipper:
    """Ships followed files until it is stopped; what could not be sent is tried again."""

    def __init__(self, streams: LogStreams, discover: Callable[[], Iterable[FollowedFile]]) -> None:
        self._streams = streams
        self._discover = discover
        self._files: dict[Path, FollowedFile] = {}
        self._stop = Event()
        self._thread: Thread | None = None

    def start(self) -> None:
        """Follow in a thread."""
        self._thread = Thread(target=self._run, name="log-shipper", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ship what is there and end the thread."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(timeout=30)
            self._thread = None

    def ship(self) -> None:
        """Send what is new in every file."""
        for found in self._discover():
            self._files.setdefault(found.path, found)
        for file in self._files.values():
            lines, offset = file.read()
            if self._streams.try_put(file.kind, file.stream, lines):
                file.advance(offset)

    def _run(self) -> None:
        while not self._stop.wait(_INTERVAL):
            self.ship()
        self.ship()
