"""Starts and stops the emulator process, and tells how it is; what the `mwaactl emulator` commands call."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import mwaactl
from mwaactl.emulator.authorization.traced_access import fetch_trace
from mwaactl.emulator.authorization.usage_page import fetch_usages
from mwaactl.emulator.guard import MARKER
from mwaactl.emulator.guardian import sweep
from mwaactl.emulator.listeners import can_bind, holder_of
from mwaactl.emulator.mwaa.environment_status import RESTARTING
from mwaactl.emulator.shell_environment import Export, Unset, apply_to, render_exports, shell_environment
from mwaactl.emulator.state.folders import forget
from mwaactl.emulator.state.kept_state import kept_state
from mwaactl.emulator.state.save_request import ask_to_save
from mwaactl.emulator.state_file import EmulatorRecord, read_record, remove_record
from mwaactl.emulator.status_page import fetch_page
from mwaactl.errors import EmulatorError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mwaactl.emulator.authorization.entity_usage import EntityUsage
    from mwaactl.emulator.authorization.traced_access import TracedAccess
    from mwaactl.emulator.mwaa.environment_status import EnvironmentStatus
    from mwaactl.emulator.settings import EmulatorSettings
    from mwaactl.emulator.state.state_status import StateStatus

__all__ = [
    "EmulatorStatus",
    "Export",
    "Unset",
    "apply_to",
    "down",
    "log_files",
    "render_exports",
    "reset",
    "shell_environment",
    "status",
    "trace",
    "up",
    "usages",
]

LOG_FILE = "emulator.log"
LOCK_FILE = "lock"
_LARGE_BYTES = 128 * 1024
START_SECONDS = 90.0
STOP_SECONDS = 30.0
PORT_SECONDS = 3.0
ENVIRONMENT_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class EmulatorStatus:
    """How the emulator is.

    Attributes:
        running: Whether its process runs.
        ready: Whether it answers, with the CDK's bootstrap in place.
        endpoint_url: Where it listens, or would.
        pid: Its process id, or None.
        log: Its own log file.
        environments: The MWAA environments in it.
        state: How what it holds is kept; None while it runs and does not answer.
    """

    running: bool
    ready: bool
    endpoint_url: str
    pid: int | None
    log: Path
    environments: tuple[EnvironmentStatus, ...] = ()
    state: StateStatus | None = None


def up(
    settings: EmulatorSettings, on_progress: Callable[[str], None], *, fresh: bool = False
) -> EmulatorStatus:
    """Start the emulator unless it is up, and wait until it answers; what it held before is put back.

    Args:
        settings: How to start it.
        on_progress: Gets a line per step.
        fresh: Whether to forget what it held, and to end it first if it is up.

    Raises:
        EmulatorError: If the port is taken, the emulator is up with other settings, or the process does not
            come up; nothing is left running then.
    """
    with _exclusive(settings):
        if fresh:
            _stop(settings, on_progress)
            _forget(settings)
        record = read_record(settings.state_dir)
        if record and record.running:
            return _already_up(record, settings, on_progress)
        if ended := sweep(settings):
            on_progress(f"ended {len(ended)} processes that an earlier emulator left behind")
        _refuse_taken_port(settings)
        on_progress(f"starting the emulator on {settings.endpoint_url}")
        process = _launch(settings)
        _wait_until_ready(settings, process)
        _tell_of_state(status(settings).state, on_progress)
        return _await_environments(settings, on_progress)


def down(settings: EmulatorSettings, on_progress: Callable[[str], None], *, save: bool = True) -> bool:
    """Keep the state, then stop the emulator and everything that it started.

    Args:
        settings: Whose emulator; only the state directory matters.
        on_progress: Gets a line per step.
        save: Whether to go on only if the state has been written.

    Returns:
        Whether there was anything to stop.

    Raises:
        EmulatorError: If the state can't be written; the emulator runs on then.
    """
    with _exclusive(settings):
        record = read_record(settings.state_dir)
        if save and record and record.running and (reason := ask_to_save(record.settings.endpoint_url)):
            message = f"the emulator runs on: its state can't be written to `{settings.state_dir}`: {reason}"
            hint = "free some space and try again, or stop without saving: `mwaactl emulator down --no-save`"
            raise EmulatorError(message, hint=hint, code="emulator.not-saved")
        return _stop(settings, on_progress)


def reset(settings: EmulatorSettings, on_progress: Callable[[str], None]) -> bool:
    """Stop the emulator if it is up, and forget all that it holds and held.

    Args:
        settings: Whose emulator; only the state directory matters.
        on_progress: Gets a line per step.

    Returns:
        Whether there was anything to stop or to forget.

    Raises:
        EmulatorError: If a file can't be removed.
    """
    with _exclusive(settings):
        stopped = _stop(settings, on_progress)
        return _forget(settings) or stopped


def status(settings: EmulatorSettings) -> EmulatorStatus:
    """Return how the emulator is, without waiting."""
    record = read_record(settings.state_dir)
    running = record is not None and record.running
    url = record.settings.endpoint_url if record and running else settings.endpoint_url
    pid = record.pid if record and running else None
    page = fetch_page(url, pid) if pid is not None else None
    return EmulatorStatus(
        running=running,
        ready=page is not None and page.ready,
        endpoint_url=url,
        pid=pid,
        log=settings.state_dir / LOG_FILE,
        environments=page.environments if page else (),
        state=page.state if page else None if running else kept_state(settings.state_dir),
    )


def usages(settings: EmulatorSettings) -> tuple[EntityUsage, ...]:
    """Return what roles and users did with their permissions.

    Raises:
        EmulatorError: The emulator does not run or does not answer.
    """
    return _answered(fetch_usages(status(settings).endpoint_url))


def trace(settings: EmulatorSettings) -> tuple[TracedAccess, ...]:
    """Return every access that roles and users asked for.

    Raises:
        EmulatorError: The emulator does not run or does not answer.
    """
    return _answered(fetch_trace(status(settings).endpoint_url))


def _answered[T](answer: T | None) -> T:
    if answer is None:
        message = "the emulator does not answer"
        raise EmulatorError(message, hint="start it with `mwaactl emulator up`", code="emulator.no-answer")
    return answer


def log_files(settings: EmulatorSettings) -> tuple[Path, ...]:
    """Return the emulator's log, then the logs of what it started, that exist."""
    own = settings.state_dir / LOG_FILE
    others = sorted(path for path in settings.state_dir.rglob("*.log") if path != own)
    return tuple(path for path in (own, *others) if path.is_file())


def _stop(settings: EmulatorSettings, on_progress: Callable[[str], None]) -> bool:
    record = read_record(settings.state_dir)
    running = record is not None and record.running
    if record and running:
        on_progress(f"stopping the emulator (process {record.pid})")
        _terminate(record)
    ended = sweep(settings)
    remove_record(settings.state_dir)
    return running or bool(ended)


def _forget(settings: EmulatorSettings) -> bool:
    try:
        return forget(settings.state_dir)
    except OSError as error:
        message = f"the state can't be removed: {error}"
        hint = f"remove `{settings.state_dir}` by hand"
        raise EmulatorError(message, hint=hint, code="emulator.not-forgotten") from error


def _await_environments(settings: EmulatorSettings, on_progress: Callable[[str], None]) -> EmulatorStatus:
    """Return once the environments of before serve again, or have failed to; a deployment needs them."""
    deadline, told = time.monotonic() + ENVIRONMENT_SECONDS, False
    while True:
        found = status(settings)
        starting = [each.name for each in found.environments if each.status == RESTARTING]
        if not starting or time.monotonic() > deadline:
            return found
        if not told:
            on_progress(f"starting the Airflow of {', '.join(starting)}")
            told = True
        time.sleep(0.5)


def _tell_of_state(state: StateStatus | None, on_progress: Callable[[str], None]) -> None:
    if state and state.restored:
        on_progress(f"restored {state.restored.text}")
    if state and (aside := state.set_aside):
        on_progress(f"the state of before can't be restored: {aside.reason}")
        on_progress(f"it lies in `{aside.path}` now; `mwaactl deploy` builds everything again")


@contextmanager
def _exclusive(settings: EmulatorSettings) -> Iterator[None]:
    """Let one `up` or `down` work at a time; the lock dies with its process."""
    settings.state_dir.mkdir(parents=True, exist_ok=True)
    with (settings.state_dir / LOCK_FILE).open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _already_up(
    record: EmulatorRecord, settings: EmulatorSettings, on_progress: Callable[[str], None]
) -> EmulatorStatus:
    if not record.settings.serves_as(settings):
        message = (
            f"the emulator is up with other settings (process {record.pid}, {record.settings.endpoint_url})"
        )
        hint = "run `mwaactl emulator down` first"
        raise EmulatorError(message, hint=hint, code="emulator.other-settings")
    on_progress(f"the emulator is up (process {record.pid})")
    deadline = time.monotonic() + START_SECONDS
    while record.running and time.monotonic() < deadline:
        if _answers(settings.endpoint_url, record.pid):
            return status(settings)
        time.sleep(0.2)
    message = f"the emulator (process {record.pid}) does not answer on {settings.endpoint_url}"
    hint = "run `mwaactl emulator down`, then `mwaactl emulator up`"
    raise EmulatorError(message, hint=hint, code="emulator.no-answer")


def _refuse_taken_port(settings: EmulatorSettings) -> None:
    # The kernel may need a moment to give up the port of an emulator that was killed just now.
    deadline = time.monotonic() + PORT_SECONDS
    while not can_bind(settings.host, settings.port):
        if holder_of(settings.port) or time.monotonic() > deadline:
            break
        time.sleep(0.1)
    else:
        return
    holder = holder_of(settings.port)
    who = f"process {holder.pid} (`{holder.command}`)" if holder else "another process"
    message = f"port {settings.port} on {settings.host} is taken by {who}"
    hint = "stop that process, or choose another port with `mwaactl emulator up --port PORT`"
    context = {"port": str(settings.port)} | ({"pid": str(holder.pid)} if holder else {})
    raise EmulatorError(message, hint=hint, code="emulator.port-taken", context=context)


def _launch(settings: EmulatorSettings) -> subprocess.Popen[bytes]:
    """Start the emulator process in a session of its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "MOTO_"))}
    environment = {
        **kept,
        "PYTHONPATH": str(Path(mwaactl.__file__).parent.parent),
        MARKER: str(settings.state_dir),
        "MOTO_PORT": str(settings.port),
        # Roles may attach the policies that AWS itself provides.
        "MOTO_IAM_LOAD_MANAGED_POLICIES": "true",
        "PYTHONUNBUFFERED": "1",
        # glibc would keep the memory of deleted objects in its arenas: what is larger goes back at once.
        "MALLOC_MMAP_THRESHOLD_": str(_LARGE_BYTES),
    }
    with (settings.state_dir / LOG_FILE).open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "mwaactl.emulator.server", settings.to_json()],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=settings.project_root,
            env=environment,
            start_new_session=True,
        )


def _wait_until_ready(settings: EmulatorSettings, process: subprocess.Popen[bytes]) -> None:
    log = settings.state_dir / LOG_FILE
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        if _answers(settings.endpoint_url, process.pid):
            # The emulator outlives this process, and is init's to reap: Popen must not complain about it.
            process.returncode = 0
            return
        time.sleep(0.1)
    ended = process.poll()
    process.kill()
    process.wait()
    sweep(settings)
    remove_record(settings.state_dir)
    how = f"ended with exit code {ended}" if ended is not None else f"did not answer in {START_SECONDS:.0f} s"
    message = f"the emulator {how}: {_last_line(log)}"
    raise EmulatorError(message, hint=f"read `{log}`", code="emulator.start-failed")


def _answers(endpoint_url: str, pid: int) -> bool:
    """Tell whether the emulator with this process id is ready."""
    page = fetch_page(endpoint_url, pid)
    return page is not None and page.ready


def _terminate(record: EmulatorRecord) -> None:
    with suppress(ProcessLookupError):
        os.kill(record.pid, signal.SIGTERM)
    deadline = time.monotonic() + STOP_SECONDS
    while record.running and time.monotonic() < deadline:
        time.sleep(0.05)
    if record.running:
        with suppress(ProcessLookupError):
            os.kill(record.pid, signal.SIGKILL)


def _last_line(log: Path) -> str:
    with suppress(OSError):
        lines = [line for line in log.read_text(errors="replace").splitlines() if line.strip()]
        return lines[-1].strip() if lines else "no output"
    return "no output"
