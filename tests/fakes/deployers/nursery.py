"""Forks deployers out of a process that has imported everything, so that one begins in milliseconds.

Run as `python -m tests.fakes.deployers.nursery`. Each line on stdin is a job; each line on stdout is a
process that has begun, `{"begun": PID}`, or ended, `{"ended": PID, "code": N}`. It ends with its stdin.
"""

from __future__ import annotations

import json
import os
import select
import signal
import sys
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import NoReturn

from mwaactl.catalog.versions import default_airflow_version
from mwaactl.cli.console import Console
from mwaactl.cli.invocation import Invocation
from mwaactl.cli.main import run
from mwaactl.project.requirements.package_set import package_set
from tests.fakes.deployers.composition import JumpingClock, SkippingClock, WireComposition, clients, sign
from tests.fakes.deployers.job import Job

COMMANDS = ("deploy", "deployment", "execution", "plan_file", "plan", "rollback")
# What commands import when they run.
WARM = (
    "difflib",
    "zoneinfo",
    *(
        f"mwaactl.cli.{each}"
        for each in ("deploy", "deployment", "execution", "plan_file", "plan", "rollback")
    ),
    "mwaactl.config.load",
    "mwaactl.config.resolve",
    "mwaactl.report.plans",
)


def main() -> None:
    """Serve jobs until stdin ends."""
    for each in WARM:
        import_module(each)
    package_set(default_airflow_version())
    ended, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    while True:
        ready, _, _ = select.select([sys.stdin, ended], [], [])
        if ended in ready:
            os.read(ended, 4096)
            _reap()
        if sys.stdin in ready:
            line = sys.stdin.readline()
            if not line:
                return
            _begin(Job.decode(line), (ended, wake))


def _begin(job: Job, pipe: tuple[int, int]) -> None:
    made = clients(job.endpoint, job.read_timeout).values()
    if job.rehearsal:
        _tell({"begun": os.getpid()})
        code = _carry_out(job)
        for each in made:
            each.close()  # nobody may share a connection
        _tell({"ended": os.getpid(), "code": code})
        return
    pid = os.fork()
    if pid == 0:
        for each in pipe:
            os.close(each)
        _work(job)
    _tell({"begun": pid})


def _reap() -> None:
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            return
        _tell({"ended": pid, "code": os.waitstatus_to_exitcode(status)})


def _work(job: Job) -> NoReturn:
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    sign(job.name, *clients(job.endpoint, job.read_timeout).values())
    os.dup2(os.open(Path(job.out) / "stderr", os.O_WRONLY | os.O_CREAT | os.O_APPEND), 2)
    os._exit(_carry_out(job))


def _carry_out(job: Job) -> int:
    out = Path(job.out)
    with (out / "stdout").open("w") as stdout, (out / "stderr").open("w") as stderr:
        return run(job.arguments, _invocation(job, Console(environ=ENVIRON, stdout=stdout, stderr=stderr)))


ENVIRON = {"NO_COLOR": "1", "COLUMNS": "80"}


def _invocation(job: Job, console: Console) -> Invocation:
    clock = SkippingClock(timedelta(seconds=job.clock_error))
    composition = WireComposition(
        environ=ENVIRON,
        directory=Path(job.root),
        now=clock.now,
        sleep=clock.sleep,
        elapsed=JumpingClock(job.elapsed_file),
        endpoint=job.endpoint,
        read_timeout=job.read_timeout,
    )
    return Invocation(composition=composition, console=console)


def _tell(what: dict[str, int]) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
