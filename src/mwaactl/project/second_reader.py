"""A second process that reads Python files; run as `python -m mwaactl.project.second_reader`.

It is told the files on its standard input and writes what it has read to its standard output, both pickled:
they are this program's own pipes.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from contextlib import suppress
from itertools import batched
from queue import Empty, SimpleQueue
from threading import Event, Lock, Thread
from typing import IO, TYPE_CHECKING

from mwaactl.errors import ProjectError
from mwaactl.project.sources import BATCH, read_source

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from types import TracebackType
    from typing import Self

    from mwaactl.project.sources import Place, Source

# -P: what lies in the working directory is no module of ours.
_COMMAND = (sys.executable, "-P", "-m", "mwaactl.project.second_reader")


class SecondReader:
    """Reads files, from the first on, in a process that ends with this object's context.

    Attributes:
        asked: What it was asked for.
        called: Set as soon as it was asked for something, whether it reads that or not.
    """

    def __init__(self) -> None:
        self.called = Event()
        self.asked: tuple[tuple[Place, ...], frozenset[str]] | None = None
        self._batches: SimpleQueue[tuple[Source | None, ...]] = SimpleQueue()
        self._gone = False
        self._process: subprocess.Popen[bytes] | None = None
        # Whoever reads in a thread may begin as the context ends: no process may outlive it.
        self._lock, self._ended = Lock(), False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._lock:
            self._ended = True
        if self._process is None:
            return
        self._process.kill()
        self._thread.join()
        with self._process:
            self._process.wait()

    def begin(self, places: Sequence[Place], roots: frozenset[str], *, fewest: int) -> None:
        """Begin to read, if there are many files and a processor for it.

        Args:
            places: Where they are.
            roots: Top-level modules of the DAG folder.
            fewest: How many files are many.
        """
        if len(places) >= fewest and _processors() > 1:
            self._start(places, roots)
        self.called.set()

    def _start(self, places: Sequence[Place], roots: frozenset[str]) -> None:
        with self._lock:
            if self._ended:
                return
            self.asked = (tuple(places), roots)
            self._process = subprocess.Popen(
                _COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
            self._thread = Thread(target=self._listen, args=(self._process,), daemon=True)
            self._thread.start()

    def batch(self, *, wait: bool) -> Sequence[Source | None] | None:
        """Return what was read next; None where nothing is there, or nothing more will come."""
        if self._gone or self._process is None:
            return None
        try:
            batch = self._batches.get(block=wait)
        except Empty:
            return None
        self._gone = not batch
        return batch or None

    def _listen(self, process: subprocess.Popen[bytes]) -> None:
        try:
            with _open(process.stdin) as pipe:
                pickle.dump(self.asked, pipe)
            while True:
                self._batches.put(pickle.load(_open(process.stdout)))  # noqa: S301  our own process
        except (OSError, EOFError, pickle.UnpicklingError):
            self._batches.put(())


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _open(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:  # cannot be: the process was started with pipes
        message = "the second reader has no pipe"
        raise RuntimeError(message)
    return pipe


def _read(place: Place, roots: Collection[str]) -> Source | None:
    try:
        return read_source(place, roots)
    except ProjectError:
        return None


def main() -> None:
    """Read what is asked for."""
    places, roots = pickle.load(sys.stdin.buffer)  # noqa: S301  from the process that started this one
    for some in batched(places, BATCH):
        pickle.dump(tuple(_read(each, roots) for each in some), sys.stdout.buffer)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    with suppress(OSError, EOFError, KeyboardInterrupt):
        main()
