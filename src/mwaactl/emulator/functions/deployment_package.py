"""A function's deployment package on disk, unpacked once per content."""

import base64
import io
import shutil
import zipfile
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mwaactl.emulator.functions.definition import FunctionDefinition


def task_root(definition: "FunctionDefinition", directory: Path) -> Path:
    """Return the directory that holds a function's code, unpacking it if it is new.

    Args:
        definition: the function.
        directory: where packages are kept.

    Raises:
        zipfile.BadZipFile: the package is not a zip file.
    """
    home = directory / base64.b64decode(definition.code_sha256).hex()
    if not home.exists():
        directory.mkdir(parents=True, exist_ok=True)
        workspace = Path(mkdtemp(prefix=".unpacking-", dir=directory))
        try:
            with zipfile.ZipFile(io.BytesIO(definition.code)) as package:
                package.extractall(workspace)
            workspace.chmod(0o755)
            if not home.exists():
                workspace.rename(home)
        finally:
            shutil.rmtree(workspace, ignore_errors=True)
    return home
