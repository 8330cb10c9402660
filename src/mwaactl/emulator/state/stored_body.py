"""An S3 object's body that lies in a file, behind the file interface that moto reads bodies through."""

from __future__ import annotations

import tempfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path
    from typing import IO


class StoredBody:
    """Reads from a file that nobody changes; what is written goes to a temporary file instead.

    moto keeps bodies in a `SpooledTemporaryFile` and calls these methods (`FakeKey`, moto/s3/models.py).

    Args:
        path: The body's file. It is opened for each read: open files are limited, objects are not.
        memory: Up to how many bytes of a new content are held in memory.
    """

    def __init__(self, path: Path, memory: int) -> None:
        self._path = path
        self._memory = memory
        self._position = 0
        self._replacement: IO[bytes] | None = None

    def seek(self, position: int) -> int:
        """Go to a position, counted from the start."""
        self._position = position
        return position

    def read(self, size: int = -1) -> bytes:
        """Return bytes from the position on."""
        if self._replacement is not None:
            self._replacement.seek(self._position)
            content = self._replacement.read(size)
        else:
            with self._path.open("rb") as file:
                file.seek(self._position)
                content = file.read(size)
        self._position += len(content)
        return content

    def truncate(self) -> int:
        """Cut the content off at the position; the file stays as it is."""
        kept = b""
        if self._position:
            at, self._position = self._position, 0
            kept = self.read(at)
        self.close()
        self._replacement = tempfile.SpooledTemporaryFile(self._memory)  # noqa: SIM115 - lives as long as this
        self._replacement.write(kept)
        self._position = len(kept)
        return self._position

    def write(self, content: bytes) -> int:
        """Write at the position.

        Raises:
            ValueError: If `truncate` was not called before: the file is not to be written.
        """
        if self._replacement is None:
            message = "a stored body is replaced, not changed"
            raise ValueError(message)
        self._replacement.seek(self._position)
        written = self._replacement.write(content)
        self._position += written
        return written

    def close(self) -> None:
        """Let go of a new content; the file stays."""
        if self._replacement is not None:
            self._replacement.close()
            self._replacement = None
