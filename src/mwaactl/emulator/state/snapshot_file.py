"""The file that holds the state: a line that says what it is, and the graph behind it."""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from mwaactl.emulator.state.inventory import Inventory

if TYPE_CHECKING:
    from pathlib import Path

FORMAT = 4
"""To be raised when what the graph consists of changes; an older state is then set aside."""

_LONGEST_HEADER = 64 * 1024


class UnreadableSnapshotError(Exception):
    """The file is damaged, or was written by other versions; the text says which."""


@dataclass(frozen=True, slots=True)
class Header:
    """What is known of a snapshot without reading it.

    Attributes:
        written_at: When it was written.
        holds: What is in it.
        left_out: Services whose data could not be written, with the reason.
        format: The format of the graph.
        moto: The version of moto whose objects it consists of.
        size: The graph's length in bytes.
        digest: Its SHA-256.
    """

    written_at: datetime
    holds: Inventory
    left_out: tuple[str, ...]
    format: int
    moto: str
    size: int
    digest: str


def describe(graph: bytes, holds: Inventory, left_out: tuple[str, ...], now: datetime) -> Header:
    """Return the header of a graph that is written now."""
    digest = hashlib.sha256(graph).hexdigest()
    return Header(now, holds, left_out, FORMAT, version("moto"), len(graph), digest)


def write_snapshot(path: Path, header: Header, graph: bytes) -> None:
    """Replace the snapshot in one step; it is on the disk when this returns.

    Raises:
        OSError: If the disk is full or the directory can't be written; the old snapshot stands.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with draft.open("wb") as file:
            file.write(json.dumps(asdict(header), default=str, sort_keys=True).encode() + b"\n")
            file.write(graph)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:
        with suppress(OSError):
            draft.unlink()
        raise


def read_header(path: Path) -> Header | None:
    """Return what the file says of itself; None if there is no file.

    Raises:
        UnreadableSnapshotError: If it is no snapshot.
        OSError: If it can't be read.
    """
    try:
        with path.open("rb") as file:
            return _parse_header(file.readline(_LONGEST_HEADER))
    except FileNotFoundError:
        return None


def read_snapshot(path: Path) -> tuple[Header, bytes] | None:
    """Return header and graph; None if there is no file.

    Raises:
        UnreadableSnapshotError: If it is damaged or of another format.
        OSError: If it can't be read.
    """
    try:
        with path.open("rb") as file:
            header = _parse_header(file.readline(_LONGEST_HEADER))
            _refuse_other_versions(header)
            graph = file.read()
    except FileNotFoundError:
        return None
    if len(graph) != header.size or hashlib.sha256(graph).hexdigest() != header.digest:
        message = f"`{path}` is damaged: its content is not what was written"
        raise UnreadableSnapshotError(message)
    return header, graph


def _refuse_other_versions(header: Header) -> None:
    if header.format != FORMAT:
        message = f"it has the format {header.format}, and this version of mwaactl reads the format {FORMAT}"
        raise UnreadableSnapshotError(message)
    if header.moto != (present := version("moto")):
        message = f"it was written with moto {header.moto}, and this is moto {present}"
        raise UnreadableSnapshotError(message)


def _parse_header(line: bytes) -> Header:
    try:
        fields: dict[str, Any] = json.loads(line)
        return Header(
            written_at=datetime.fromisoformat(fields["written_at"]).astimezone(UTC),
            holds=Inventory(**fields["holds"]),
            left_out=tuple(fields["left_out"]),
            format=int(fields["format"]),
            moto=str(fields["moto"]),
            size=int(fields["size"]),
            digest=str(fields["digest"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        message = f"it is damaged: its first line cannot be read ({type(error).__name__})"
        raise UnreadableSnapshotError(message) from error
