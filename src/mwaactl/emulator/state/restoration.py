"""Puts the state back at the start, or sets aside what cannot be read."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from mwaactl.emulator.state.folders import move_aside, snapshot_path
from mwaactl.emulator.state.graph import GraphError, read_graph
from mwaactl.emulator.state.moto_backends import install_backends, install_counters
from mwaactl.emulator.state.set_aside import SetAside
from mwaactl.emulator.state.snapshot_file import Header, UnreadableSnapshotError, read_snapshot

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from mwaactl.emulator.state.bodies import BodyStore
    from mwaactl.emulator.state.part import StatePart

_log = logging.getLogger(__name__)


def restore(state_dir: Path, bodies: BodyStore, parts: Sequence[StatePart]) -> Header | SetAside | None:
    """Put the state back; to be called before the first request.

    Args:
        state_dir: The emulator's directory.
        bodies: Where the bodies of objects are.
        parts: What holds something beside moto.

    Returns:
        What was put back, or what was set aside, or None where there was nothing.
    """
    try:
        read = read_snapshot(snapshot_path(state_dir))
        if read is None:
            return None
        header, written = read
        root: dict[str, Any] = read_graph(written, bodies)
        missing = [name for name in ("moto", "counters", *(part.name for part in parts)) if name not in root]
    except (UnreadableSnapshotError, GraphError, OSError) as error:
        return _set_aside(state_dir, str(error))
    if missing:
        return _set_aside(state_dir, f"it is damaged: it does not hold {', '.join(missing)}")
    install_backends(root["moto"])
    install_counters(root["counters"])
    for part in parts:
        part.install(root[part.name])
    _log.info("restored %s, written at %s", header.holds.text, header.written_at)
    return header


def _set_aside(state_dir: Path, reason: str) -> SetAside:
    place = move_aside(state_dir)
    _log.error("the state is set aside in %s: %s", place, reason)
    return SetAside(str(place), reason)
