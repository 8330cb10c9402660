"""A second tree over the same files: what a layer of packages is built on without copying them."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def copy_by_links(source: Path, target: Path) -> None:
    """Copy a tree with hard links for its files, copies where the file system refuses them.

    Safe for Python environments: uv and Python replace files, they never write into them.

    Raises:
        OSError: If `target` exists or the disk is full.
    """
    shutil.copytree(source, target, symlinks=True, copy_function=_link)


def _link(source: str, target: str) -> str:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
    return target
