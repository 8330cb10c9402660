"""Walks one folder of the project and says which files are shipped and which are not."""

import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from mwaactl.errors import ProjectError
from mwaactl.project.ignore import ignored_because

KEY_BYTES = 1024  # longest key of an S3 object


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A regular file below the scanned folder.

    Attributes:
        name: Path below the scanned folder, with `/`, for example `lib/tables.py`.
        path: Where to read it.
    """

    name: str
    path: Path


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something that is not shipped.

    Attributes:
        path: Path below the project's root, with `/`.
        reason: Completes the sentence "… is not shipped: it …".
    """

    path: str
    reason: str


def scan(folder: Path) -> tuple[tuple[FoundFile, ...], tuple[Skipped, ...]]:
    """Lists the files of a folder of the project, sorted by name; a folder that is not there is empty.

    Args:
        folder: A folder directly below the project's root, for example `<root>/dags`.

    Raises:
        ProjectError: A folder cannot be read.
    """
    if folder.is_symlink():
        return (), (Skipped(folder.name, "is a link"),)
    if not folder.is_dir():
        return (), ()
    seen = list(_walk(folder, folder))
    files = sorted((each for each in seen if isinstance(each, FoundFile)), key=lambda file: file.name)
    skipped = sorted((each for each in seen if isinstance(each, Skipped)), key=lambda each: each.path)
    return tuple(files), tuple(skipped)


def read_content(path: Path, shown: str) -> bytes:
    """Reads a file that is to be shipped.

    Args:
        path: The file.
        shown: How messages name it: its path below the project's root.

    Raises:
        ProjectError: It cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise _unreadable(shown, error) from error


def digest_of(path: Path, shown: str) -> tuple[str, int]:
    """Reads a file piece by piece, so that its size does not matter.

    Args:
        path: The file.
        shown: How messages name it.

    Returns:
        SHA-256 as 64 hexadecimal digits, and the length in bytes.

    Raises:
        ProjectError: It cannot be read.
    """
    try:
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
            return digest, stream.tell()
    except OSError as error:
        raise _unreadable(shown, error) from error


def sha256_of(content: bytes) -> str:
    """Digest of content in memory, as 64 hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def _unreadable(shown: str, error: OSError) -> ProjectError:
    message = f"`{shown}` cannot be read: {error.strerror}"
    return ProjectError(message, path=shown, code="project.unreadable")


def _walk(folder: Path, top: Path) -> Iterator[FoundFile | Skipped]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        shown = folder.relative_to(top.parent).as_posix()
        raise _unreadable(shown, error) from error
    for entry in entries:
        path = Path(entry.path)
        name = path.relative_to(top).as_posix()
        if reason := _left_out(entry, name, top):
            yield Skipped(_printable(f"{top.name}/{name}"), reason)
        elif entry.is_dir(follow_symlinks=False):
            yield from _walk(path, top)
        else:
            yield FoundFile(name, path)


def _left_out(entry: os.DirEntry[str], name: str, top: Path) -> str | None:
    if reason := ignored_because(entry.name):
        return reason
    if entry.is_symlink():
        return _link_left_out(Path(entry.path), top)
    if not entry.is_dir(follow_symlinks=False) and not stat.S_ISREG(
        entry.stat(follow_symlinks=False).st_mode
    ):
        return "is not a regular file"
    return _name_left_out(f"{top.name}/{name}")


def _link_left_out(link: Path, top: Path) -> str | None:
    """Follows a link to a file inside the folder and nothing else: links to folders may form loops."""
    try:
        target = link.resolve(strict=True)
    except (OSError, RuntimeError):
        return "is a link to nothing"
    if not target.is_relative_to(top.resolve()):
        return "is a link that leaves the folder"
    if not target.is_file():
        return "is a link to something that is not a file"
    reasons = (ignored_because(part) for part in target.relative_to(top.resolve()).parts)
    return next((f"is a link to what {reason}" for reason in reasons if reason), None)


def _name_left_out(key: str) -> str | None:
    try:
        encoded = key.encode()
    except UnicodeEncodeError:
        return "has a name that is not UTF-8"
    if not key.isprintable():
        return "has control characters in its name"
    return "has a name that is too long for S3" if len(encoded) > KEY_BYTES else None


def _printable(path: str) -> str:
    text = os.fsencode(path).decode(errors="backslashreplace")
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in text)
