"""`mwaactl asset materialize`: makes a selection of assets in order."""

from __future__ import annotations

import click

from mwaactl.cli.exit_codes import CHANGES_FOUND
from mwaactl.cli.invocation import Invocation, pass_invocation
from mwaactl.cli.options import environment_option, json_option


@click.command()
@click.argument("selections", metavar="SELECTION...", nargs=-1, required=True)
@click.option("--partition", metavar="KEY", help="The partition to make, of assets that have partitions.")
@environment_option
@click.option(
    "--timeout",
    type=click.IntRange(min=1),
    default=3600,
    show_default=True,
    help="Seconds that a run may take.",
)
@click.option("--dry-run", is_flag=True, help="Show the DAGs in order only; exit with code 3.")
@json_option
@pass_invocation
def materialize(
    invocation: Invocation,
    selections: tuple[str, ...],
    partition: str | None,
    environment: str | None,
    *,
    timeout: int,
    dry_run: bool,
) -> None:
    """Run the DAGs that make the assets of each SELECTION, each when those upstream have succeeded.

    A selection is `name`, `+name` (with all upstream of it), `name+` (with all downstream) or `+name+`. The
    first run that fails ends it, with exit code 1.
    """
    from datetime import timedelta

    from mwaactl.cli.environments import dag_runs_of
    from mwaactl.operations.asset_catalogue import read_catalogue
    from mwaactl.operations.materialize import Materialization, Materializations
    from mwaactl.report.backfills import materializations_data, steps_data, steps_text

    console, runs = invocation.console, dag_runs_of(invocation, environment)
    work = Materializations(runs, read_catalogue(runs.api), runs.sleep)
    steps = work.plan(selections, partition)
    if dry_run:
        if invocation.as_json:
            console.json(steps_data(steps))
        else:
            console.data(steps_text(steps))
        raise click.exceptions.Exit(CHANGES_FOUND)
    made = list[Materialization]()
    try:
        for each in work.carry_out(steps, partition, timedelta(seconds=timeout)):
            made.append(each)
            if not invocation.as_json:
                console.data(f"{each.step.dag_id} {each.run.state}: {', '.join(each.step.assets)}")
    except KeyboardInterrupt:
        left = ", ".join(step.dag_id for step in steps[len(made) :])
        console.status(f"a run that has been started goes on in Airflow; not seen to its end: {left}")
        raise
    if invocation.as_json:
        console.json(materializations_data(made))
