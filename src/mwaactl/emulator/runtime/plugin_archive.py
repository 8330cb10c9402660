"""plugins.zip, unpacked into the plugins folder and nowhere else."""

from __future__ import annotations

import io
import shutil
import stat
import zipfile
from pathlib import Path, PurePosixPath

from mwaactl.emulator.mwaa.host import HostFailure
from mwaactl.emulator.runtime.failure_codes import INCORRECT_CONFIGURATION


def unpack_plugins(archive: bytes | None, target: Path) -> None:
    """Fill `target` with the archive's files; without an archive it is an empty folder.

    Args:
        archive: The content of plugins.zip, whose top level becomes the plugins folder.
        target: A folder that is replaced.

    Raises:
        HostFailure: If it is no ZIP archive, or an entry is a link or leads out of the folder.
    """
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    if archive is None:
        return
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as opened:
            for entry in opened.infolist():
                _extract(opened, entry, target)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise HostFailure(INCORRECT_CONFIGURATION, f"plugins.zip can't be unpacked: {error}") from error


def _extract(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path) -> None:
    path = PurePosixPath(entry.filename.replace("\\", "/"))
    mode = entry.external_attr >> 16
    if path.is_absolute() or ".." in path.parts or ":" in entry.filename or stat.S_ISLNK(mode):
        message = f"plugins.zip holds the entry `{entry.filename}`, which leads out of the plugins folder"
        raise HostFailure(INCORRECT_CONFIGURATION, message)
    destination = target.joinpath(*path.parts)
    if entry.is_dir():
        destination.mkdir(parents=True, exist_ok=True)
        return
    destination.parent.mkdir(parents=True, exist_ok=True)
    destination.write_bytes(archive.read(entry))
    if mode & stat.S_IXUSR:
        destination.chmod(0o755)
