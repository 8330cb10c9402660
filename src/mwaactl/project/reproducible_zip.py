"""Packs archives so that the same content gives the same bytes on every machine and every day."""

import io
import zipfile
from collections.abc import Iterable

# The first moment that a zip archive can name.
_MOMENT = (1980, 1, 1, 0, 0, 0)
_REGULAR_FILE = 0o100644 << 16
_FOLDER = 0o040755 << 16 | 0x10
_UNIX = 3
# More entries need an extension of the format that not every reader knows; Python imports from it since 3.13.
ENTRIES = 0xFFFF


def pack(files: Iterable[tuple[str, bytes]], folders: Iterable[str] = ()) -> bytes:
    """Packs files into an archive: sorted, with one moment and one mode for all.

    Nothing is compressed, because each build of zlib compresses in its own way.

    Args:
        files: Name and content; at most `ENTRIES` with the folders, and 4 GiB.
        folders: Names of folders that get an entry of their own, with a `/` at the end.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED, allowZip64=False) as archive:
        for name, content in sorted([*files, *((folder, b"") for folder in folders)]):
            entry = zipfile.ZipInfo(name, _MOMENT)
            entry.create_system = _UNIX
            entry.external_attr = _FOLDER if name.endswith("/") else _REGULAR_FILE
            archive.writestr(entry, content)
    return buffer.getvalue()
