"""The command line of `mwaactl`, which `mwaactl.cli.start` runs."""

from __future__ import annotations

import io
import os
import signal
import sys
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mwaactl.cli.compose import Composition
from mwaactl.cli.console import Console
from mwaactl.cli.failures import render_failure
from mwaactl.cli.garbage import rarely_collected
from mwaactl.cli.invocation import Invocation, pass_invocation
from mwaactl.cli.lazy_group import LazyGroup

if TYPE_CHECKING:
    from collections.abc import Sequence

COMMANDS = {
    "check": "mwaactl.cli.check:check",
    "plan": "mwaactl.cli.plan:plan",
    "cost": "mwaactl.cli.cost:cost",
    "deploy": "mwaactl.cli.deploy:deploy",
    "rollback": "mwaactl.cli.rollback:rollback",
    "harden": "mwaactl.cli.harden:harden",
    "release": "mwaactl.cli.release:release",
    "run": "mwaactl.cli.run:run",
    "asset": "mwaactl.cli.asset:asset",
    "pipeline": "mwaactl.cli.pipeline:pipeline",
    "requirements": "mwaactl.cli.requirements:requirements",
    "env": "mwaactl.cli.env:env",
    "emulator": "mwaactl.cli.emulator:emulator",
    "config": "mwaactl.cli.config:config",
}


@click.group(cls=LazyGroup, commands_at=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--config",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Configuration file. [default: the nearest mwaactl.toml at or above the working directory]",
)
@click.option("-v", "--verbose", is_flag=True, help="Show tracebacks of errors.")
@click.version_option(package_name="mwaactl", message="mwaactl %(version)s")
@pass_invocation
def cli(invocation: Invocation, config: Path | None, *, verbose: bool) -> None:
    """Check, plan, deploy and operate Apache Airflow on Amazon MWAA, and run it all on a laptop."""
    invocation.config = config
    invocation.verbose = verbose


def run(arguments: Sequence[str], invocation: Invocation) -> int:
    """Run one command line and return its exit code; every exception ends here."""
    # What is wrong with the command line itself is found before its options are read.
    invocation.as_json = "--json" in takewhile(lambda each: each != "--", arguments)
    try:
        result = cli.main(list(arguments), prog_name="mwaactl", standalone_mode=False, obj=invocation)
    except BaseException as failure:  # noqa: BLE001  the edge of the process
        return render_failure(failure, invocation)
    return result if isinstance(result, int) else 0


def main() -> None:
    """Run the command line of this process and exit."""
    # What ends a job of CI, and a terminal that goes away, must leave no lock behind.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if signal.getsignal(signal.SIGHUP) is signal.SIG_DFL:  # nohup has it ignored
        signal.signal(signal.SIGHUP, signal.default_int_handler)
    _put_nothing_in_place_of_closed_outputs()
    invocation = Invocation(composition=Composition(environ=os.environ), console=Console(environ=os.environ))
    _show_every_character()
    with rarely_collected():
        _let_interrupts_be_told()
        code = run(sys.argv[1:], invocation)
    _let_interrupts_end_it()
    _let_go_of_closed_outputs()
    sys.exit(code)


def _let_interrupts_be_told() -> None:
    """Have an interrupt raised, for from here on something may have begun that must be ended."""
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _let_interrupts_end_it() -> None:
    """Have a signal end the process at once: all is told, and what is still kept is not missed."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, signal.SIG_DFL)


def _put_nothing_in_place_of_closed_outputs() -> None:
    """Let a command run its course where its caller has closed an output, as `>&-` does."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_WRONLY), "w"))


def _show_every_character() -> None:
    """Write what the terminal's encoding lacks as escapes, as Python does on stderr."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def _let_go_of_closed_outputs() -> None:
    """Keep Python from complaining at its end about what nobody reads any more."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
