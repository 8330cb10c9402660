"""A function's deployment package and layers on disk, unpacked once per content."""

import base64
import hashlib
import io
import shutil
import zipfile
from collections.abc import Iterable
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mwaactl.emulator.functions.definition import FunctionDefinition

_OWNER = 0o600


def task_root(definition: "FunctionDefinition", directory: Path) -> Path:
    """Return the directory that holds a function's code, unpacking it if it is new.

    Args:
        definition: the function.
        directory: where packages are kept.

    Raises:
        zipfile.BadZipFile: the package is not a zip file.
    """
    home = directory / base64.b64decode(definition.code_sha256).hex()
    return _unpacked([definition.code], home)


def layers_root(definition: "FunctionDefinition", directory: Path) -> Path | None:
    """Return the directory that holds a function's layers, one over the other; None if it has none.

    Args:
        definition: the function.
        directory: where unpacked layers are kept.

    Raises:
        zipfile.BadZipFile: a layer is not a zip file.
    """
    if not definition.layers:
        return None
    digests = "\n".join(layer.sha256 for layer in definition.layers)
    home = directory / hashlib.sha256(digests.encode()).hexdigest()
    return _unpacked([layer.code for layer in definition.layers], home)


def _unpacked(packages: Iterable[bytes], home: Path) -> Path:
    """Unpack beside and rename, so that a half-unpacked folder is never used."""
    if not home.exists():
        home.parent.mkdir(parents=True, exist_ok=True)
        workspace = Path(mkdtemp(prefix=".unpacking-", dir=home.parent))
        try:
            for package in packages:
                _unpack(package, workspace)
            workspace.chmod(0o755)
            if not home.exists():
                workspace.rename(home)
        finally:
            shutil.rmtree(workspace, ignore_errors=True)
    return home


def _unpack(package: bytes, directory: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        for member in archive.infolist():
            place = Path(archive.extract(member, directory))
            if (mode := member.external_attr >> 16 & 0o777) and not member.is_dir():
                place.chmod(mode | _OWNER)
