"""`mwaactl asset backfill`: makes partitions of an asset."""

from __future__ import annotations

import shlex
from contextlib import suppress
from typing import TYPE_CHECKING

import click

from mwaactl.cli.exit_codes import CHANGES_FOUND, FAILED
from mwaactl.cli.invocation import Invocation, pass_invocation
from mwaactl.cli.options import environment_option, json_option
from mwaactl.errors import MwaactlError, OperationError

if TYPE_CHECKING:
    from mwaactl.planner.partition_backfill import PartitionBackfill

NAMED, AT_ONCE = 5, 4


@click.command()
@click.argument("name", metavar="NAME")
@click.option(
    "--partitions",
    required=True,
    metavar="A..B",
    help="Keys from A to B, both included; or A; or several, with `,`.",
)
@environment_option
@click.option(
    "--at-once",
    type=click.IntRange(1, 50),
    default=AT_ONCE,
    show_default=True,
    help="How many runs at a time.",
)
@click.option("--again", is_flag=True, help="Make partitions again that have succeeded.")
@click.option(
    "--dry-run", is_flag=True, help="Show what would be run; exit with code 3 if there is anything."
)
@json_option
@pass_invocation
def backfill(
    invocation: Invocation,
    name: str,
    partitions: str,
    environment: str | None,
    *,
    at_once: int,
    again: bool,
    dry_run: bool,
) -> None:
    """Make partitions of the asset NAME: a DAG run for each, some at a time, until all are over.

    Partitions whose newest run has succeeded are left alone, and those whose run goes on are waited for: the
    same command continues where an interrupted one ended. Exit code 1 if a run has failed.
    """
    from mwaactl.cli.environments import dag_runs_of
    from mwaactl.operations.asset_catalogue import read_catalogue
    from mwaactl.operations.backfill import Backfills, partitions_to_make, progress_line
    from mwaactl.report.backfills import backfill_data, backfill_text

    console, runs = invocation.console, dag_runs_of(invocation, environment)
    catalogue = read_catalogue(runs.api)
    dag_id = catalogue.maker(name)
    backfills = Backfills(runs, runs.sleep)
    keys = partitions_to_make(catalogue, name, partitions, runs.now())
    found = backfills.plan(dag_id, keys, again=again)
    told = ""
    try:
        for found in () if dry_run else backfills.carry_out(dag_id, found, at_once):  # noqa: B020  the newest counts
            if (line := progress_line(found)) != told:
                console.status(told := line)
    except (KeyboardInterrupt, MwaactlError):
        with suppress(MwaactlError):
            found = found if again else backfills.plan(dag_id, found.partitions, again=False)
        again = again and bool(found.waiting)
        rest = ",".join(found.waiting) if again else partitions
        _say_how_to_continue(invocation, found, _same(name, rest, environment, at_once, again=again))
        raise
    if invocation.as_json:
        console.json(backfill_data(name, dag_id, found))
    else:
        console.data(f"{progress_line(found)}\n{backfill_text(found)}" if dry_run else progress_line(found))
    _judge(invocation, name, found, dry_run=dry_run)


def _judge(invocation: Invocation, name: str, found: PartitionBackfill, *, dry_run: bool) -> None:
    if dry_run:
        raise click.exceptions.Exit(CHANGES_FOUND if found.waiting else 0)
    failed = found.in_state("failed")
    if failed:
        named = ", ".join(failed[:NAMED]) + (f" and {len(failed) - NAMED} more" if failed[NAMED:] else "")
        message = f"{len(failed)} of {len(found.partitions)} partitions of `{name}` failed: {named}"
        hint = f"look at run `{found.runs[failed[0]].run_id}`; the same command tries those that failed again"
        if invocation.as_json:  # what became of each partition has been written, and is one document
            invocation.console.error(message)
            raise click.exceptions.Exit(FAILED)
        raise OperationError(message, hint=hint, code="backfill.failed")


def _say_how_to_continue(invocation: Invocation, found: PartitionBackfill, command: str) -> None:
    going, left = len(found.going), len(found.waiting)
    state = f"runs that go on in Airflow: {going}, partitions that are left: {left}"
    invocation.console.status(f"{state}; continue with `{command}`" if left or going else state)


def _same(name: str, partitions: str, environment: str | None, at_once: int, *, again: bool) -> str:
    chosen = [*(["-e", environment] if environment else []), *(["--again"] if again else [])]
    chosen += [] if at_once == AT_ONCE else ["--at-once", str(at_once)]
    return shlex.join(["mwaactl", "asset", "backfill", name, "--partitions", partitions, *chosen])
