"""Reads files of the project, and never what a link puts in their place."""

import errno
import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import BinaryIO

from mwaactl.errors import ProjectError

# A pipe must not make the process wait for a writer.
_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_PIECE = 256 * 1024  # bytes


def read_content(path: Path | str, shown: str) -> bytes:
    """Reads a file that is to be shipped.

    Args:
        path: The file.
        shown: How messages name it: its path below the project's root.

    Raises:
        ProjectError: It cannot be read, or is no longer a file of the project.
    """
    return b"".join(_pieces(path, shown))


def digest_of(path: Path | str, shown: str) -> tuple[str, int]:
    """Reads a file piece by piece, so that its size does not matter.

    Args:
        path: The file.
        shown: How messages name it: its path below the project's root.

    Returns:
        SHA-256 as 64 hexadecimal digits, and the length in bytes.

    Raises:
        ProjectError: It cannot be read, or is no longer a file of the project.
    """
    digest, size = hashlib.sha256(), 0
    for piece in _pieces(path, shown):
        digest.update(piece)
        size += len(piece)
    return digest.hexdigest(), size


def sha256_of(content: bytes) -> str:
    """Digest of content in memory, as 64 hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def unreadable(shown: str, error: OSError) -> ProjectError:
    """Returns the error for a file or folder that the operating system does not give."""
    message = f"`{shown}` cannot be read: {error.strerror}"
    return ProjectError(message, path=shown, code="project.unreadable")


@contextmanager
def opened(path: Path, shown: str) -> Iterator[BinaryIO]:
    """Opens a file that is to be shipped, for those who jump about in it.

    Raises:
        ProjectError: It cannot be read, or is no longer a file of the project.
    """
    with _Descriptor(path, shown) as descriptor, os.fdopen(descriptor, "rb", closefd=False) as stream:
        yield stream


def _pieces(path: Path | str, shown: str) -> Iterator[bytes]:
    with _Descriptor(path, shown) as descriptor:
        # A regular file gives less than it is asked for only where it ends.
        length = _PIECE
        while length == _PIECE and (piece := os.read(descriptor, _PIECE)):
            length = len(piece)
            yield piece


class _Descriptor:
    """Opens a regular file; nothing is read of a file that lies elsewhere than its name says.

    It is entered once for every file of a tree: `contextmanager` would take longer than the system does.
    """

    __slots__ = ("_number", "_path", "_shown")

    def __init__(self, path: Path | str, shown: str) -> None:
        self._path, self._shown = path, shown

    def __enter__(self) -> int:
        try:
            self._number = os.open(self._path, _FLAGS)
            try:
                self._refuse_what_is_elsewhere()
            except BaseException:
                os.close(self._number)
                raise
        except OSError as error:
            raise self._named(error) from error
        return self._number

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        del kind, trace
        os.close(self._number)
        if isinstance(error, OSError):
            raise self._named(error) from error

    def _refuse_what_is_elsewhere(self) -> None:
        regular = stat.S_ISREG(os.fstat(self._number).st_mode)
        if not regular or not _is_in_place(self._number, self._path, self._shown):
            raise _replaced(self._shown)

    def _named(self, error: OSError) -> ProjectError:
        return _replaced(self._shown) if error.errno == errno.ELOOP else unreadable(self._shown, error)


def _is_in_place(descriptor: int, place: Path | str, shown: str) -> bool:
    """Says whether no link was followed below the project's root to open a file.

    The root itself may be reached by links. A path that does not end like the shown name is the target of a
    link that was resolved before: there, no link at all may stand.
    """
    real = real_path(descriptor, place)
    if real == str(place):
        return True
    path = Path(place)
    depth = len(PurePosixPath(shown).parts)
    if depth >= len(path.parts) or path.parts[-depth:] != PurePosixPath(shown).parts:
        return False
    return real == str(path.parents[depth - 1].resolve() / shown)


def real_path(descriptor: int, path: Path | str, descriptors: str = "/proc/self/fd") -> str:
    """Returns where an open file lies.

    Args:
        descriptor: The open file.
        path: As what it was opened.
        descriptors: Where the kernel tells it. Where it does not, as on macOS, the path is resolved, and
            counts if the file is still the one that was opened.
    """
    try:
        return os.readlink(f"{descriptors}/{descriptor}")  # noqa: PTH115 - for every file; a Path takes longer
    except OSError:
        real = os.path.realpath(path)
        same = os.path.samestat(os.stat(real, follow_symlinks=False), os.fstat(descriptor))  # noqa: PTH116
        return real if same else ""


def _replaced(shown: str) -> ProjectError:
    message = f"`{shown}` is not the file that it was: a link stands in its place or above it"
    hint = "put the file itself there and run the command again"
    return ProjectError(message, path=shown, hint=hint, code="project.changed")
