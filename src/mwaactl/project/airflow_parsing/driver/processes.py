"""Runs each piece of work in a fork, several at once, so that none can spoil another or hang all."""

import contextlib
import faulthandler
import json
import os
import resource
import select
import signal
import time
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

_dumps = json.dumps  # which a DAG file may put something else in place of
Task = Callable[[Any], dict[str, Any]]
Work = Sequence[tuple[str, Task]]
Report = Callable[[dict[str, Any]], None]
_SPARE = 2.0  # seconds before the limit at which a process writes down where it hangs
_LONGEST = 100_000  # characters of a traceback


class Processes:
    """Forks, waits, and kills what takes too long.

    Args:
        job: The job: folder for results, number of workers, memory.
        guard: Watches what is done in each process.
        sampler: Makes what finds out where slow work spends its time.
        begin: Called first in each process.
    """

    def __init__(
        self,
        job: dict[str, Any],
        guard: Any,  # noqa: ANN401  a neighbour's class
        sampler: Callable[[], Any],
        begin: Callable[[], None],
    ) -> None:
        self._folder = Path(job["results"])
        self._workers = int(job["workers"])
        self._memory = int(job["memory"])
        self._guard = guard
        self._sampler = sampler
        self._begin = begin
        self._running: dict[int, tuple[str, float]] = {}
        self._awake, wake = os.pipe()
        os.set_blocking(self._awake, False)
        os.set_blocking(wake, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
        self.seconds: dict[str, float] = {}  # of what went well
        self.modules: set[str] = set()  # of Airflow, imported by a process and not known here

    def run(self, work: Work, limit: float, report: Report) -> None:
        """Do all of the work, as many pieces at once as there are workers; report each when it is done."""
        self._all(work, limit, report, self._workers, sampled=False)

    def sample(self, work: Work, limit: float, report: Report) -> None:
        """Do the work once more, one after the other, and find out what takes the time."""
        self._all(work, limit, report, 1, sampled=True)

    def _all(self, work: Work, limit: float, report: Report, workers: int, *, sampled: bool) -> None:
        waiting = list(reversed(work))
        while waiting or self._running:
            while waiting and len(self._running) < workers:
                name, task = waiting.pop()
                report({"kind": "begun", "file": name})
                self._running[self._fork(task, limit, sampled=sampled)] = (name, time.monotonic() + limit)
            self._wait()
            for name, found in self._ended():
                self.modules.update(found.pop("modules", ()))
                self.seconds[name] = 0.0 if found.get("errors") else found.get("seconds", 0.0)
                report({"kind": "sampled" if sampled else "parsed", "file": name, **found})

    def _wait(self) -> None:
        left = min(deadline for _, deadline in self._running.values()) - time.monotonic()
        ready, _, _ = select.select([0, self._awake], [], [], max(0.0, min(left, 1.0)))
        if 0 in ready and not os.read(0, 1024):
            self._end_everything()
        if self._awake in ready:
            with contextlib.suppress(BlockingIOError):
                os.read(self._awake, 1024)

    def _end_everything(self) -> None:
        """Whoever started this is gone: leave nothing behind."""
        if os.getpgrp() == os.getpid():
            os.killpg(os.getpgrp(), signal.SIGKILL)
        for pid in self._running:
            os.kill(pid, signal.SIGKILL)
        os._exit(1)

    def _ended(self) -> list[tuple[str, dict[str, Any]]]:
        ended = []
        for pid, (name, deadline) in list(self._running.items()):
            done, status = os.waitpid(pid, os.WNOHANG)
            late = not done and time.monotonic() > deadline
            if late:
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
            if done or late:
                del self._running[pid]
                ended.append((name, self._result(pid, None if late else status)))
        return ended

    def _result(self, pid: int, status: int | None) -> dict[str, Any]:
        """Return what a process wrote, or else how it ended and where it was."""
        files = [self._folder / f"{pid}{suffix}" for suffix in (".json", ".trace")]
        result, trace = (path.read_text(encoding="utf-8") if path.exists() else "" for path in files)
        for path in files:
            path.unlink(missing_ok=True)
        if result:
            with contextlib.suppress(ValueError):
                return dict(json.loads(result))
        code = None if status is None else os.waitstatus_to_exitcode(status)
        return {"ended": "late" if code is None else code, "trace": trace}

    def _fork(self, task: Task, limit: float, *, sampled: bool) -> int:
        pid = os.fork()
        if pid == 0:
            try:
                self._child(task, limit, sampled=sampled)
            finally:
                os._exit(1)
        return pid

    def _child(self, task: Task, limit: float, *, sampled: bool) -> None:
        pid = os.getpid()
        self._prepare(pid, limit)
        sampler = self._sampler() if sampled else None
        if sampler:
            sampler.start()
        self._guard.switch_on()
        try:
            found = task(self._guard)
        except BaseException as error:  # noqa: BLE001  sys.exit() and worse
            if os.getpid() != pid:
                os._exit(0)  # a fork that the user's code made
            trace = traceback.format_exc()[:_LONGEST]
            found = {"raised": repr(error)[:_LONGEST], "trace": trace, "accesses": self._guard.accesses}
        if os.getpid() != pid:
            os._exit(0)
        if sampler:
            found["costs"] = sampler.stop()
        written = self._folder / f"{pid}.new"
        written.write_bytes(_dumps(found, default=str).encode())
        written.rename(self._folder / f"{pid}.json")
        os._exit(0)

    def _prepare(self, pid: int, limit: float) -> None:
        """Set the limits of a process, and have it write down where it is when it crashes or hangs."""
        self._begin()
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        nothing = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nothing, stream)
        _limit_memory(self._memory)
        trace = (self._folder / f"{pid}.trace").open("w", encoding="utf-8")
        faulthandler.enable(trace, all_threads=False)
        faulthandler.dump_traceback_later(max(limit - _SPARE, limit / 2), file=trace)
        _keep_crashes_fatal()


def _limit_memory(size: int) -> None:
    """Let this process take so much more than it has, where the system has such a limit."""
    with contextlib.suppress(ValueError, OSError):
        used = 0
        with contextlib.suppress(OSError):
            pages = Path("/proc/self/statm").read_text(encoding="ascii").split()
            used = int(pages[5]) * resource.getpagesize()
        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        resource.setrlimit(resource.RLIMIT_DATA, (used + size, hard))


def _keep_crashes_fatal() -> None:
    """Let nobody catch SIGSEGV: Airflow does, and the process then hangs instead of ending."""
    original = signal.signal

    def kept(number: int, handler: Any) -> Any:  # noqa: ANN401  as signal.signal
        return signal.SIG_DFL if number == signal.SIGSEGV else original(number, handler)

    signal.signal = kept  # type: ignore[assignment]
