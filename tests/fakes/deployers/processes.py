"""Starts deployers as real processes, each with `mwaactl` in it, and waits for their end."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path
from queue import Queue
from typing import TYPE_CHECKING

import psutil

from tests.fakes.deployers.job import Ended, Job

if TYPE_CHECKING:
    from typing import IO

ROOT = Path(__file__).parents[3]
SECONDS = 120.0


@dataclass(slots=True)
class Deployer:
    """One process."""

    pid: int
    out: Path
    _ended: threading.Event = field(default_factory=threading.Event)
    _code: int = 0

    def wait(self, seconds: float = SECONDS) -> Ended:
        if not self._ended.wait(seconds):
            message = f"process {self.pid} still runs: {(self.out / 'stderr').read_text()}"
            raise TimeoutError(message)
        return Ended(self._code, (self.out / "stdout").read_text(), (self.out / "stderr").read_text())

    def kill(self) -> None:
        """Kill it, and return when it is gone."""
        self.signal(signal.SIGKILL)
        assert self._ended.wait(SECONDS)

    def signal(self, number: signal.Signals) -> None:
        os.kill(self.pid, number)

    def wait_until_stopped(self) -> None:
        while psutil.Process(self.pid).status() != psutil.STATUS_STOPPED:
            threading.Event().wait(0.002)

    def note_end(self, code: int) -> None:
        self._code = code
        self._ended.set()


@dataclass(slots=True)
class Deployers:
    """Makes deployers until `close`."""

    folder: Path
    _nursery: subprocess.Popen[str] = field(init=False)
    _begun: Queue[Deployer] = field(default_factory=Queue)
    _outs: Queue[Path] = field(default_factory=Queue)
    _known: dict[int, Deployer] = field(default_factory=dict)
    _number: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        command = [sys.executable, "-m", "tests.fakes.deployers.nursery"]
        self._nursery = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        threading.Thread(target=self._listen, daemon=True).start()

    def start(self, endpoint: str, root: Path, *arguments: str, **options: float | str) -> Deployer:
        """Start `mwaactl` in a project."""
        with self._lock:
            self._number += 1
            out = self.folder / f"deployer-{self._number}"
            out.mkdir()
            self._outs.put(out)
            job = Job(endpoint, str(root), arguments, str(out), **options)  # type: ignore[arg-type]
            stdin = _pipe(self._nursery.stdin)
            stdin.write(job.encode() + "\n")
            stdin.flush()
            return self._begun.get(timeout=SECONDS)

    def close(self) -> None:
        _pipe(self._nursery.stdin).close()
        self._nursery.wait(SECONDS)
        _pipe(self._nursery.stdout).close()

    def _listen(self) -> None:
        for line in _pipe(self._nursery.stdout):
            told = json.loads(line)
            if "begun" in told:
                deployer = self._known[told["begun"]] = Deployer(told["begun"], self._outs.get())
                self._begun.put(deployer)
            else:
                self._known.pop(told["ended"]).note_end(told["code"])


def _pipe(pipe: IO[str] | None) -> IO[str]:
    assert pipe is not None
    return pipe
