"""Lines of a stream of bytes: bounded in length, decoded, counted."""

import codecs
import gzip
import io
import zlib
from collections.abc import Iterator
from typing import IO, Any

from typed_assets.io.errors import DataError

MAX_LINE = 4 * 1024 * 1024
"""Bytes, without the end of the line; COPY takes no longer row either."""


class Incoming(io.RawIOBase):
    """A body of S3 as a stream that Python's buffers read."""

    def __init__(self, body: Any) -> None:  # noqa: ANN401
        self._body = body

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401
        """Read into a buffer; returns how many bytes."""
        data = self._body.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


def opened(body: Any, *, gzipped: bool) -> IO[bytes]:  # noqa: ANN401
    """Return the bytes of a body, unpacked where it is gzip."""
    stream = io.BufferedReader(Incoming(body), 256 * 1024)
    return io.BufferedReader(gzip.GzipFile(fileobj=stream), 256 * 1024) if gzipped else stream


class Lines:
    """Iterates over lines as text.

    `damage` says what is wrong with those that were read since `forget`, and `taken` are these lines. A mark
    of the byte order at the beginning is no part of the text.

    Args:
        stream: the bytes.
        name: of the file, for messages.
    """

    def __init__(self, stream: IO[bytes], name: str) -> None:
        self.name = name
        self.number = 0
        self.damage: str | None = None
        self.taken: list[str] = []
        self._stream = stream

    def forget(self) -> None:
        """Begin with another row."""
        self.damage, self.taken = None, []

    def __iter__(self) -> Iterator[str]:
        while line := self._line():
            self.number += 1
            if len(line) > MAX_LINE and not line.endswith(b"\n"):
                self.damage = f"is longer than {MAX_LINE} bytes"
                self._skip()
            line = line.removeprefix(codecs.BOM_UTF8) if self.number == 1 else line
            text = self._decoded(line)
            self.taken.append(text)
            yield text

    def _decoded(self, line: bytes) -> str:
        try:
            return line.decode()
        except UnicodeDecodeError:
            self.damage = self.damage or "is not UTF-8"
            return line.decode(errors="backslashreplace")  # so that every byte can still be told

    def _line(self) -> bytes:
        try:
            return self._stream.readline(MAX_LINE + 1)
        except (gzip.BadGzipFile, EOFError, zlib.error) as error:
            message = f"{self.name} cannot be unpacked after line {self.number}: {error}"
            raise DataError(message, hint="is it whole, and gzip as its name says?") from error

    def _skip(self) -> None:
        while line := self._line():
            if line.endswith(b"\n"):
                return
