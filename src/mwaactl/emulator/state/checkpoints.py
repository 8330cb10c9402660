"""Writes the state: soon after each change in the background, and at once when asked."""

from __future__ import annotations

import logging
import sys
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING, Any

from mwaactl.emulator.state.debounce import Debounce
from mwaactl.emulator.state.folders import snapshot_path
from mwaactl.emulator.state.graph import GraphError, write_graph
from mwaactl.emulator.state.holdings import holdings
from mwaactl.emulator.state.moto_backends import object_versions, read_backends, read_counters
from mwaactl.emulator.state.restoration import restore
from mwaactl.emulator.state.set_aside import SetAside
from mwaactl.emulator.state.snapshot_file import Header, describe, write_snapshot
from mwaactl.emulator.state.state_status import StateStatus

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from mwaactl.emulator.state.bodies import BodyStore
    from mwaactl.emulator.state.part import StatePart
    from mwaactl.emulator.state.request_gate import RequestGate

_log = logging.getLogger(__name__)

TICK_SECONDS = 0.25
PATIENCE_SECONDS = 0.25
RETRY_SECONDS = 5.0
# A deployment that takes longer than this is kept half-done: what else changed must not be lost with it.
LONGEST_WORK_SECONDS = 600.0
# Until the clients whose last answer has just been sent have taken it in, and wait at the gate.
_SETTLING_SECONDS = 0.005
# A thread that wants to run waits this long before it interrupts the one that reads the state.
_UNDISTURBED_SECONDS = 1.0


class SaveError(Exception):
    """The state could not be written; the text says why, and the old one stands."""


class Checkpoints:
    """Keeps the file in step with what is in memory.

    Args:
        state_dir: The emulator's directory.
        bodies: Where the bodies of objects are kept.
        gate: What requests to moto pass.
        parts: What holds something beside moto.
    """

    def __init__(
        self, state_dir: Path, bodies: BodyStore, gate: RequestGate, parts: Sequence[StatePart]
    ) -> None:
        self._state_dir = state_dir
        self._path = snapshot_path(state_dir)
        self._bodies = bodies
        self._gate = gate
        self._parts = parts
        self._debounce = Debounce()
        self._lock = Lock()
        self._end = Event()
        self._thread: Thread | None = None
        self._working_since: float | None = None
        self._restored: Header | SetAside | None = None
        self._last: Header | None = None
        self._error: str | None = None

    def restore(self) -> None:
        """Put back what the emulator held before; to be called before the first request."""
        self._restored = restore(self._state_dir, self._bodies, self._parts)
        self._last = self._restored if isinstance(self._restored, Header) else None

    def status(self) -> StateStatus:
        """Return how the state is, without waiting."""
        restored, last = self._restored, self._last
        return StateStatus(
            path=str(self._path),
            written_at=last.written_at if last else None,
            restored=restored.holds if isinstance(restored, Header) else None,
            set_aside=restored if isinstance(restored, SetAside) else None,
            left_out=last.left_out if last else (),
            error=self._error,
        )

    def start(self) -> None:
        """Begin to write after each change."""
        self._debounce.wrote(self._mark(), 0.0, 0.0)  # what was restored is written already
        self._thread = Thread(target=self._run, name="checkpoints", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop writing after changes; the last one is written by `save`."""
        self._end.set()
        if self._thread is not None:
            self._thread.join(30)

    def save(self) -> Header:
        """Write the state as it is now.

        Raises:
            SaveError: If it can't be written; the old one stands.
        """
        with self._lock:
            mark, started = self._mark(), time.monotonic()
            try:
                header = self._write()
            except (OSError, GraphError) as error:
                self._error = str(error)
                self._debounce.failed(time.monotonic(), RETRY_SECONDS)
                raise SaveError(self._error) from error
            self._debounce.wrote(mark, started, time.monotonic())
            self._last, self._error = header, None
            return header

    def _run(self) -> None:
        while not self._end.wait(TICK_SECONDS):
            if self._may_write() and self._debounce.due(self._mark(), time.monotonic()):
                try:
                    self.save()
                except SaveError as error:
                    _log.error("the state could not be written, the old one stands: %s", error)
                except Exception:  # noqa: BLE001 - the next change gets another try
                    self._error = "an internal failure, see the emulator's log"
                    self._debounce.failed(time.monotonic(), RETRY_SECONDS)
                    _log.exception("the state could not be written, the old one stands")

    def _may_write(self) -> bool:
        """Tell whether no deployment is under way: what it has made so far is nothing to come back to."""
        now = time.monotonic()
        if all(part.settled() for part in self._parts):
            self._working_since = None
            return True
        self._working_since = self._working_since or now
        return now - self._working_since > LONGEST_WORK_SECONDS

    def _mark(self) -> object:
        return self._gate.changes, tuple(part.mark() for part in self._parts)

    def _write(self) -> Header:
        self._keep_bodies(only_settled=True)
        with self._gate.closed(PATIENCE_SECONDS) as empty:
            if not empty:
                _log.debug("requests are under way while the state is read")
            time.sleep(_SETTLING_SECONDS)
            self._keep_bodies(only_settled=not empty)
            root = self._root()
            with _undisturbed():
                graph, digests, left_out = _written(root, self._bodies)
        header = describe(graph, holdings(root), left_out, datetime.now(UTC))
        write_snapshot(self._path, header, graph)
        self._bodies.sweep(digests)
        return header

    def _keep_bodies(self, *, only_settled: bool) -> None:
        """Keep new bodies.

        Args:
            only_settled: Only those whose ETag is known: moto reads a body without its lock to compute it.
        """
        for version in object_versions():
            if not only_settled or version._etag is not None:  # noqa: SLF001 - the property would compute it
                self._bodies.keep(version)

    def _root(self) -> dict[str, Any]:
        return {
            "moto": read_backends(),
            "counters": read_counters(),
            **{part.name: part.read() for part in self._parts},
        }


def _written(root: dict[str, Any], bodies: BodyStore) -> tuple[bytes, set[str], tuple[str, ...]]:
    """Return the graph, its bodies, and what had to be left out: one odd service must not cost all others."""
    try:
        return *write_graph(root, bodies), ()
    except GraphError:
        unwritable = dict(_unwritable(root, bodies))
        if not unwritable:
            raise
        for address, reason in unwritable.items():
            _log.warning("%s is not kept: %s", address[1], reason)
        left_out = [backend for address in unwritable for backend in root["moto"].pop(address).values()]
        graph, digests = write_graph(root, bodies, left_out)
        return graph, digests, tuple(f"{name}: {why}" for (_, name), why in unwritable.items())


def _unwritable(root: dict[str, Any], bodies: BodyStore) -> Iterator[tuple[tuple[str, str], str]]:
    for address, members in root["moto"].items():
        try:
            write_graph(members, bodies)
        except GraphError as error:
            yield address, str(error)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Keep other threads from running in between: what they change would be half in the graph."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(_UNDISTURBED_SECONDS)
    try:
        yield
    finally:
        sys.setswitchinterval(before)
