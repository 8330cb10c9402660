"""Child processes that never outlive the emulator: not a stop, not a crash, not kill -9.

Every child leads a process group of its own. A guard process holds the read end of a pipe; when the emulator
dies, the pipe closes and the guard ends all groups. The groups are also on record in the state directory, so
that the next start can sweep up should both have been killed.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import IO, TYPE_CHECKING

import mwaactl
from mwaactl.emulator.atomic_file import write_atomically
from mwaactl.emulator.guard import MARKER, RUN_MARKER, end_groups
from mwaactl.emulator.process_ending import end_tree
from mwaactl.emulator.process_table import start_time

if TYPE_CHECKING:
    from mwaactl.emulator.settings import EmulatorSettings

RECORD_FILE = "children.json"


class Guardian:
    """Keeps the list of process groups that must die with this process."""

    def __init__(self, settings: EmulatorSettings) -> None:
        self._state_dir = settings.state_dir
        self._run = f"{os.getpid()}-{start_time(os.getpid())}"
        self._groups: dict[int, int] = {}
        self._lock = Lock()
        self._guard: subprocess.Popen[str] | None = None

    @property
    def mark(self) -> dict[str, str]:
        """The environment variables that mark every child: whose state it works on, and in which run."""
        return {MARKER: str(self._state_dir), RUN_MARKER: self._run}

    @property
    def guard_pid(self) -> int | None:
        """The guard process's id; None before the first child."""
        return self._guard.pid if self._guard else None

    def register(self, pgid: int) -> None:
        """Put a process group under guard; its leader must be running."""
        with self._lock:
            self._groups[pgid] = start_time(pgid) or 0
            self._record()
            self._tell(f"+{pgid} {self._groups[pgid]}")

    def forget(self, pgid: int) -> None:
        """Take a process group that has ended off the list."""
        with self._lock:
            if self._groups.pop(pgid, None) is not None:
                self._record()
                self._tell(f"-{pgid}")

    def close(self, grace: float = 5.0) -> None:
        """End all groups that are left and dismiss the guard."""
        with self._lock:
            end_groups(dict(self._groups), (RUN_MARKER, self._run), grace)
            self._groups.clear()
            self._record()
            self._dismiss()

    def _record(self) -> None:
        write_atomically(self._state_dir / RECORD_FILE, json.dumps(self._groups))

    def _tell(self, line: str) -> None:
        """Write to the guard; one that was killed is replaced and told the whole list."""
        guard = self._guard
        if guard is None or guard.poll() is not None:
            self._guard = guard = self._start_guard()
            lines = [f"+{pgid} {started}" for pgid, started in self._groups.items()]
        else:
            lines = [line]
        stream = _stdin(guard)
        stream.write("".join(f"{text}\n" for text in lines))
        stream.flush()

    def _start_guard(self) -> subprocess.Popen[str]:
        # The guard carries no mark: it must not end itself.
        environment = {"PYTHONPATH": str(Path(mwaactl.__file__).parent.parent), "PATH": os.defpath}
        return subprocess.Popen(
            [sys.executable, "-m", "mwaactl.emulator.guard", self._run],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env=environment,
            start_new_session=True,
            text=True,
        )

    def _dismiss(self) -> None:
        if self._guard is not None:
            with suppress(BrokenPipeError):
                _stdin(self._guard).write("quit\n")
                _stdin(self._guard).close()
            self._guard.wait(timeout=10)
            self._guard = None


class ChildProcess:
    """A child in a process group of its own, under guard until it has been stopped.

    Attributes:
        pid: The child's process id.
        pgid: Its process group's id, the same number.
    """

    def __init__(self, process: subprocess.Popen[bytes], guardian: Guardian) -> None:
        self._process = process
        self._guardian = guardian
        self._started = start_time(process.pid) or 0
        self.pid = process.pid
        self.pgid = process.pid

    @property
    def stdin(self) -> IO[bytes] | None:
        """The child's standard input, if `spawn` was asked for a pipe."""
        return self._process.stdin

    @property
    def stdout(self) -> IO[bytes] | None:
        """The child's standard output, if `spawn` was asked for a pipe."""
        return self._process.stdout

    def poll(self) -> int | None:
        """Return the exit code, or None while the child runs."""
        return self._process.poll()

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the child's end and return its exit code.

        Raises:
            subprocess.TimeoutExpired: If it still runs after `timeout` seconds.
        """
        return self._process.wait(timeout)

    def stop(self, grace: float = 5.0) -> None:
        """End the child, its group and everything below: SIGTERM, then SIGKILL after `grace` seconds."""
        end_tree(self.pgid, self._started, grace)
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(5)
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with suppress(BrokenPipeError):
                    stream.close()
        self._guardian.forget(self.pgid)


def spawn(  # noqa: PLR0913 - each is a property of the child
    argv: list[str],
    env: dict[str, str],
    cwd: Path,
    log: Path,
    guardian: Guardian,
    *,
    stdin: int = subprocess.DEVNULL,
    stdout: int | None = None,
    pass_fds: tuple[int, ...] = (),
) -> ChildProcess:
    """Start a child in a process group of its own and put it under guard.

    Args:
        argv: The command and its arguments.
        env: The child's whole environment; the emulator's mark is added.
        cwd: Its working directory.
        log: The file to which its standard error, and output unless `stdout` is given, are appended.
        guardian: Who ends it if the emulator dies.
        stdin: As for `subprocess.Popen`; nothing by default.
        stdout: `subprocess.PIPE` to read the output instead of logging it.
        pass_fds: Further file descriptors that the child inherits.

    Raises:
        OSError: If the command can't be started.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        process = subprocess.Popen(
            argv,
            env={**env, **guardian.mark},
            cwd=cwd,
            stdin=stdin,
            stdout=output if stdout is None else stdout,
            stderr=output,
            pass_fds=pass_fds,
            start_new_session=True,
        )
    child = ChildProcess(process, guardian)
    guardian.register(process.pid)
    return child


def sweep(settings: EmulatorSettings, grace: float = 3.0) -> set[int]:
    """End what an emulator that is gone has left behind, and return the ids of those processes.

    A record that is missing or cut short costs nothing: the processes' own mark finds them too.
    """
    path = settings.state_dir / RECORD_FILE
    try:
        groups = {int(pgid): int(started) for pgid, started in json.loads(path.read_text()).items()}
    except (OSError, ValueError, AttributeError, TypeError):
        groups = {}
    ended = end_groups(groups, (MARKER, str(settings.state_dir)), grace)
    path.unlink(missing_ok=True)
    return ended


def _stdin(guard: subprocess.Popen[str]) -> IO[str]:
    if guard.stdin is None:  # cannot be: it was started with a pipe
        message = "the guard has no standard input"
        raise RuntimeError(message)
    return guard.stdin
