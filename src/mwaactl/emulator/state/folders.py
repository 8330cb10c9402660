"""Which files of an emulator are its state, and how they are forgotten or set aside together."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

# Databases belong to the snapshot that knows their environments and namespaces: they go where it goes.
_PARTS = ("state", "environments", "postgres", "sqlite", "warehouse/databases")
_ASIDE = "set-aside"


def snapshot_path(state_dir: Path) -> Path:
    """Return the file that holds the state."""
    return state_dir / "state" / "snapshot"


def bodies_directory(state_dir: Path) -> Path:
    """Return where the bodies of S3 objects lie."""
    return state_dir / "state" / "objects"


def forget(state_dir: Path) -> bool:
    """Remove the state, and what was set aside; return whether there was a state.

    Raises:
        OSError: If something can't be removed.
    """
    existed = snapshot_path(state_dir).exists()
    for name in (*_PARTS, _ASIDE):
        folder = state_dir / name
        if folder.exists():
            shutil.rmtree(folder)
    return existed


def move_aside(state_dir: Path) -> Path:
    """Move the state out of the way and return where it lies now.

    Raises:
        OSError: If it can't be moved.
    """
    home = _free_place(state_dir / _ASIDE / f"{datetime.now(UTC):%Y-%m-%dT%H%M%S}")
    home.mkdir(parents=True)
    for name in _PARTS:
        if (state_dir / name).exists():
            (home / name).parent.mkdir(parents=True, exist_ok=True)
            (state_dir / name).rename(home / name)
    return home


def _free_place(wanted: Path) -> Path:
    number, place = 1, wanted
    while place.exists():
        number += 1
        place = Path(f"{wanted}-{number}")
    return place
