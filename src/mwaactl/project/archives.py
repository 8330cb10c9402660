"""What an archive would do when it is unpacked, known from its table of contents alone."""

import stat
import zipfile
from collections import Counter
from collections.abc import Sequence
from typing import BinaryIO

from mwaactl.catalog.limits import limits
from mwaactl.project.ignore import SECRET, ignored_because
from mwaactl.project.portable_names import printable

ENDINGS = (".zip", ".whl", ".egg")
# Text shrinks to a twentieth, seldom to a hundredth of its size.
BOMB_RATIO = 200
BOMB_BYTES = 64 * 1024 * 1024
_ENCRYPTED = 0x1


def archive_problem(stream: BinaryIO) -> str | None:
    """Says why a zip archive or wheel must not be unpacked, or None if nothing speaks against it.

    Args:
        stream: The archive; nothing is unpacked.
    """
    try:
        with zipfile.ZipFile(stream) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OverflowError):
        return "is no zip archive"
    size = stream.seek(0, 2)
    problems = (_entry_problem(entry) for entry in entries)
    return next(filter(None, problems), None) or _size_problem(entries, size)


def secret_within(stream: BinaryIO) -> str | None:
    """Names a file in a readable zip archive that would not be shipped by itself, or None if there is none.

    Args:
        stream: The archive; nothing is unpacked.
    """
    with zipfile.ZipFile(stream) as archive:
        names = [entry.filename for entry in archive.infolist()]
    return next((f"holds `{printable(name)}`, which {SECRET}" for name in names if _is_secret(name)), None)


def _is_secret(name: str) -> bool:
    *folders, last = name.split("/")
    within = any(ignored_because(folder, folder=True) == SECRET for folder in folders)
    return within or ignored_because(last) == SECRET


def _entry_problem(entry: zipfile.ZipInfo) -> str | None:
    # As it stands in the archive: Python cleans `filename`, and not everyone who unpacks is Python.
    name = entry.orig_filename
    shown = printable(name)
    parts = name.replace("\\", "/").split("/")
    if name.startswith(("/", "\\")) or name[1:2] == ":":
        return f"holds the absolute path `{shown}`"
    if ".." in parts:
        return f"holds `{shown}`, which leads out of the folder that it is unpacked to"
    if "\0" in name:
        return f"holds `{shown}`, which is cut off when it is unpacked"
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        return f"holds `{shown}`, which is a link or a device"
    return f"holds `{shown}`, which is encrypted" if entry.flag_bits & _ENCRYPTED else None


def _size_problem(entries: Sequence[zipfile.ZipInfo], size: int) -> str | None:
    names = Counter(entry.orig_filename for entry in entries)
    if twice := next((name for name, count in names.items() if count > 1), None):
        return f"holds `{printable(twice)}` twice"
    unpacked, packed = (
        sum(entry.file_size for entry in entries),
        sum(entry.compress_size for entry in entries),
    )
    if packed > size:
        return "holds entries that overlap"
    if unpacked > limits().plugins_zip_bytes:
        return f"unpacks to {unpacked:,} bytes, and MWAA takes {limits().plugins_zip_bytes:,}"
    if unpacked > BOMB_BYTES and unpacked > BOMB_RATIO * size:
        return f"unpacks to {unpacked:,} bytes, {unpacked // max(size, 1)} times its size"
    return None
