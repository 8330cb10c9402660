"""startup.sh, run as MWAA runs it: sourced by bash before anything is installed, for what it exports.

Only exported variables survive. `exit` inside the script ends it without failing; with `set -e` a failing
command ends the shell before the variables can be read, and the container never becomes healthy.
https://docs.aws.amazon.com/mwaa/latest/userguide/using-startup-script.html
"""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from mwaactl.emulator.mwaa.host import HostFailure
from mwaactl.emulator.runtime.failure_codes import INCORRECT_CONFIGURATION

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# MWAA allows five minutes and keeps five seconds for itself.
TIME_LIMIT = 295.0

_WRAPPER = """
exit() { command env -0 > "$_MWAACTL_EXPORTS"; builtin exit 0; }
source "$_MWAACTL_SCRIPT"
command env -0 > "$_MWAACTL_EXPORTS"
"""
_OWN = {"_", "SHLVL", "PWD", "OLDPWD", "_MWAACTL_EXPORTS", "_MWAACTL_SCRIPT"}


def run_startup_script(
    script: bytes,
    env: Mapping[str, str],
    cwd: Path,
    publish: Callable[[str], None],
    time_limit: float = TIME_LIMIT,
) -> dict[str, str]:
    """Return the variables that the script exported or changed.

    Args:
        script: The content of startup.sh.
        env: The container's environment, `MWAA_AIRFLOW_COMPONENT` included.
        cwd: The folder it runs in.
        publish: Takes the script's output, standard error included.
        time_limit: Seconds after which the script is killed.

    Raises:
        HostFailure: If it does not come to an end in time, or the shell ended before its variables could be
        read.
    """
    with tempfile.TemporaryDirectory(prefix="startup-") as scratch:
        path, exports, output = (Path(scratch, name) for name in ("startup.sh", "exports", "output"))
        path.write_bytes(script)
        own = {"_MWAACTL_EXPORTS": str(exports), "_MWAACTL_SCRIPT": str(path)}
        code = _run_bash({**env, **own}, cwd, output, time_limit)
        publish(output.read_text(encoding="utf-8", errors="replace"))
        if code is None:
            message = f"the startup script did not finish within {time_limit:.0f} seconds"
            raise HostFailure(INCORRECT_CONFIGURATION, message)
        if not exports.exists():
            message = (
                f"the startup script ended its shell with code {code} before its variables could be read"
            )
            raise HostFailure(INCORRECT_CONFIGURATION, message)
        return _changes(exports.read_bytes(), env)


def _run_bash(env: Mapping[str, str], cwd: Path, output: Path, time_limit: float) -> int | None:
    """Return bash's exit code, or None if it had to be killed with everything it started."""
    with output.open("wb") as log:
        process = subprocess.Popen(
            ["bash", "--noprofile", "--norc", "-c", _WRAPPER],
            env=dict(env),
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            return process.wait(time_limit)
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            return None


def _changes(dump: bytes, before: Mapping[str, str]) -> dict[str, str]:
    pairs = (entry.partition(b"=") for entry in dump.split(b"\0") if entry)
    after = {os.fsdecode(name): os.fsdecode(value) for name, _, value in pairs}
    # bash stores exported functions under names that no other program needs.
    kept = {
        name: value for name, value in after.items() if name not in _OWN and not name.startswith("BASH_FUNC_")
    }
    return {name: value for name, value in kept.items() if before.get(name) != value}
