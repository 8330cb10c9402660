"""Packs plugins.zip so that the same content gives the same bytes on every machine and every day."""

import io
import zipfile
from collections.abc import Iterable

# The first moment that a zip archive can name.
_MOMENT = (1980, 1, 1, 0, 0, 0)
_REGULAR_FILE = 0o100644 << 16
_UNIX = 3


def pack_plugins(files: Iterable[tuple[str, bytes]]) -> bytes:
    """Packs files into an archive: sorted, without folders, with one moment and one mode for all.

    Nothing is compressed, because each build of zlib compresses in its own way, and bytes that differ would
    cost an update of the environment. MWAA unpacks the archive to its plugins folder.

    Args:
        files: Name below the plugins folder and content.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, content in sorted(files):
            entry = zipfile.ZipInfo(name, _MOMENT)
            entry.create_system = _UNIX
            entry.external_attr = _REGULAR_FILE
            archive.writestr(entry, content)
    return buffer.getvalue()
