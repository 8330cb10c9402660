"""How the state on disk is while no emulator runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mwaactl.emulator.state.folders import snapshot_path
from mwaactl.emulator.state.snapshot_file import UnreadableSnapshotError, read_header
from mwaactl.emulator.state.state_status import StateStatus

if TYPE_CHECKING:
    from pathlib import Path


def kept_state(state_dir: Path) -> StateStatus | None:
    """Return what the file says of itself; None without a file. Restoring may still find it damaged."""
    path = snapshot_path(state_dir)
    try:
        header = read_header(path)
    except (UnreadableSnapshotError, OSError) as error:
        return StateStatus(str(path), error=str(error))
    if header is None:
        return None
    return StateStatus(str(path), written_at=header.written_at, left_out=header.left_out)
