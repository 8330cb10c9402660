"""The bodies of S3 objects in files named by their content: each is written once, and never changed."""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from mwaactl.emulator.state.stored_body import StoredBody

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from moto.s3.models import FakeKey

# Bodies from this size on are given back to the disk once they lie there.
_HELD_IN_MEMORY = 1024 * 1024


class BodyStore:
    """Keeps bodies below one directory; to be called by one thread at a time.

    Args:
        directory: Where they lie, in a subdirectory per first two digits of the digest.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._digests: WeakKeyDictionary[FakeKey, str] = WeakKeyDictionary()

    def digest_of(self, key: FakeKey) -> str | None:
        """Return the digest of an object version whose body is kept, else None."""
        return self._digests.get(key)

    def keep(self, key: FakeKey) -> None:
        """Write an object version's body unless it is written already.

        Raises:
            OSError: If it can't be written; nothing half is left.
        """
        if key in self._digests or key.disposed:
            return
        try:
            content = key.value
        except ValueError:  # deleted in between: its buffer is closed
            return
        digest = hashlib.sha256(content).hexdigest()
        path = self._path(digest)
        if not _is_whole(path, len(content)):
            _write_once(path, content)
        self._digests[key] = digest
        if len(content) >= _HELD_IN_MEMORY:
            self._leave_to_disk(key, path)

    def attach(self, key: FakeKey, digest: str) -> None:
        """Give an object version that was read back its body.

        Raises:
            FileNotFoundError: If the body is missing or cut short.
        """
        path = self._path(digest)
        if not _is_whole(path, key.contentsize):
            message = f"the body {digest} of `{key.bucket_name}/{key.name}` is missing or cut short"
            raise FileNotFoundError(message)
        key._value_buffer = StoredBody(path, _HELD_IN_MEMORY)  # type: ignore[assignment]  # noqa: SLF001
        self._digests[key] = digest

    def sweep(self, wanted: Collection[str]) -> None:
        """Remove the bodies that nobody wants any more, and what a crash left half-written."""
        for path in self._files():
            if path.name not in wanted:
                with suppress(OSError):
                    path.unlink()

    def _leave_to_disk(self, key: FakeKey, path: Path) -> None:
        with key.lock:
            held, key._value_buffer = key._value_buffer, StoredBody(path, _HELD_IN_MEMORY)  # type: ignore[assignment]  # noqa: SLF001
            held.close()

    def _files(self) -> Iterator[Path]:
        for folder in self._directory.glob("[0-9a-f][0-9a-f]"):
            yield from folder.iterdir()

    def _path(self, digest: str) -> Path:
        return self._directory / digest[:2] / digest


def _is_whole(path: Path, size: int) -> bool:
    try:
        return path.stat().st_size == size
    except FileNotFoundError:
        return False


def _write_once(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        draft.write_bytes(content)
        draft.replace(path)
    except BaseException:
        with suppress(OSError):
            draft.unlink()
        raise
