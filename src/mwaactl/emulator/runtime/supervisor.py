"""Running components: started together, restarted with growing pauses when they die, stopped together."""

from __future__ import annotations

import logging
import os
import signal
import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from threading import Event, Thread
from typing import TYPE_CHECKING

import psutil

from mwaactl.emulator.guardian import spawn
from mwaactl.emulator.mwaa.host import ComponentState
from mwaactl.emulator.runtime.trigger_runner import TRIGGERER, end_triggerer, runs

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from mwaactl.emulator.guardian import ChildProcess, Guardian

_log = logging.getLogger(__name__)
_LONGEST_PAUSE = 30.0
_STABLE = 60.0
_POLITE = 1.5
_GRACE = 8.0
_IDLE = 20.0


@dataclass(frozen=True, slots=True)
class ProcessPlan:
    """How one component is started.

    Attributes:
        name: The component's name.
        argv: Its command line.
        env: Its whole environment.
        cwd: Its working directory.
        log: The file its output is appended to.
    """

    name: str
    argv: tuple[str, ...]
    env: Mapping[str, str]
    cwd: Path
    log: Path


@dataclass(slots=True)
class _Running:
    plan: ProcessPlan
    child: ChildProcess
    started: float
    deaths: int = 0
    restart_at: float | None = None
    restarts: int = 0
    exit_code: int | None = None

    def state(self) -> ComponentState:
        child = self.child
        code = child.poll()
        pid = child.pid if code is None else None
        return ComponentState(self.plan.name, pid, self.restarts, self.exit_code if code is None else code)


class Supervisor:
    """Keeps the processes of one environment alive.

    Args:
        plans: How they are started.
        guardian: Who ends them if the emulator dies.
        grace: Seconds between asking one to end and killing it.
        idle: Seconds after which one that is drained, and does nothing, is waited for no longer.
    """

    def __init__(
        self,
        plans: Sequence[ProcessPlan],
        guardian: Guardian,
        grace: float = _GRACE,
        idle: float = _IDLE,
    ) -> None:
        self._guardian = guardian
        self._grace = grace
        self._idle = idle
        self._stop = Event()
        self._ended = Event()
        self._running: list[_Running] = []
        self._thread = Thread(target=self._watch, name="supervisor", daemon=True)
        try:
            for plan in plans:
                self._running.append(_Running(plan, self._spawn(plan), time.monotonic()))
        except OSError:
            self.stop()
            raise
        self._thread.start()

    def deaths(self) -> Mapping[str, int]:
        """Return how often each component has died."""
        return {running.plan.name: running.deaths for running in self._running}

    def states(self) -> tuple[ComponentState, ...]:
        """Return each component's process, restarts and last exit code."""
        return tuple(running.state() for running in tuple(self._running))

    def tail(self, name: str, lines: int = 15) -> str:
        """Return the last lines of a component's log."""
        logs = (running.plan.log for running in self._running if running.plan.name == name)
        return "".join(f"{line}\n" for log in logs for line in _last_lines(log, lines)).rstrip()

    def drain(self, name: str, limit: float, needed: Collection[str] = ()) -> None:
        """Ask one component to end in its own time, end the others, and return when it has.

        An Airflow scheduler waits for its running tasks after one SIGTERM, and sometimes for an idle worker,
        without end: one below whose workers no task runs is waited for no longer than a moment.

        Args:
            name: The component.
            limit: For how many seconds it may go on.
            needed: What it needs until then.
        """
        self._leave_alone()
        drained = [running for running in self._running if running.plan.name == name]
        rest = [running for running in self._running if running.plan.name not in {name, *needed}]
        for running in drained:
            if running.child.poll() is None:
                _ask_to_end(running)
        self._end(rest)
        worked = time.monotonic()
        deadline = worked + limit
        while any(running.child.poll() is None for running in drained) and time.monotonic() < deadline:
            if any(_works(running.child.pid) for running in drained):
                worked = time.monotonic()
            if self._ended.wait(0.2) or time.monotonic() - worked > self._idle:
                return

    def stop(self, last: Collection[str] = ()) -> None:
        """End every process and whatever they started.

        Args:
            last: Components that the others' own processes wait for as they end: these are asked to end when
                no such process is left.
        """
        self._ended.set()
        self._leave_alone()
        others = [running for running in self._running if running.plan.name not in last]
        with ThreadPoolExecutor(max_workers=1) as pool:
            ending = pool.submit(self._end, others)
            while not ending.done() and any(_has_children(running.child.pid) for running in others):
                time.sleep(0.1)
            self._end([running for running in self._running if running.plan.name in last])
            ending.result()
        self._running.clear()

    def _leave_alone(self) -> None:
        """Restart nothing any more."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()

    def _end(self, ending: Sequence[_Running]) -> None:
        self._announce(ending)
        with ThreadPoolExecutor(max_workers=len(ending) or 1) as pool:
            list(pool.map(lambda running: running.child.stop(self._grace), ending))

    @staticmethod
    def _announce(ending: Sequence[_Running]) -> None:
        """Ask every process to end before it is made to.

        A second SIGTERM is what Airflow's triggerer needs to stop waiting for its triggers; it still signs
        off in the metadata database, so that a successor takes its triggers over at once.
        """
        for running in sorted(ending, key=lambda running: running.plan.name == TRIGGERER):
            if running.child.poll() is None:
                _ask_to_end(running)
        deadline = time.monotonic() + _POLITE
        while any(running.child.poll() is None for running in ending) and time.monotonic() < deadline:
            time.sleep(0.05)

    def _watch(self) -> None:
        while not self._stop.wait(0.5):
            for running in self._running:
                self._look_after(running)

    def _look_after(self, running: _Running) -> None:
        code, now = running.child.poll(), time.monotonic()
        if code is None:
            return
        running.exit_code = code
        if running.restart_at is None:
            running.deaths = 1 if now - running.started > _STABLE else running.deaths + 1
            pause = min(2.0 ** (running.deaths - 1), _LONGEST_PAUSE)
            running.restart_at = now + pause
            _log.warning("%s ended with code %s; restarting it in %.0f s", running.plan.name, code, pause)
        elif now >= running.restart_at:
            running.child.stop(0)  # what it left behind
            running.child, running.started, running.restart_at = self._spawn(running.plan), now, None
            running.restarts += 1

    def _spawn(self, plan: ProcessPlan) -> ChildProcess:
        return spawn(list(plan.argv), dict(plan.env), plan.cwd, plan.log, self._guardian)


def _works(pid: int) -> bool:
    """Tell whether a worker of a scheduler has a process below it, which is a task."""
    try:
        return any(_has_children(worker.pid) for worker in psutil.Process(pid).children())
    except psutil.NoSuchProcess:
        return False


def _has_children(pid: int) -> bool:
    """Tell whether a process has started others that still run."""
    try:
        return any(runs(child) for child in psutil.Process(pid).children())
    except psutil.NoSuchProcess:
        return False


def _ask_to_end(running: _Running) -> None:
    if running.plan.name == TRIGGERER:
        end_triggerer(running.child.pid)
        return
    with suppress(ProcessLookupError):
        os.kill(running.child.pid, signal.SIGTERM)


def _last_lines(log: Path, count: int) -> list[str]:
    try:
        with log.open(encoding="utf-8", errors="replace") as file:
            return [line.rstrip("\n") for line in deque(file, maxlen=count)]
    except OSError:
        return []
