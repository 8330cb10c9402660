"""`mwaactl rollback`: an earlier release, brought back byte by byte."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from mwaactl.cli.exit_codes import CHANGES_FOUND
from mwaactl.cli.invocation import Invocation, pass_invocation
from mwaactl.cli.options import (
    Execution,
    environment_option,
    json_option,
    replacement_option,
    timeout_option,
)

if TYPE_CHECKING:
    from mwaactl.desired import WorkerReplacement


@click.command()
@click.argument("release", required=False)
@environment_option
@json_option
@timeout_option
@replacement_option
@click.option("--dry-run", is_flag=True, help="Show the plan only; exit with code 3 if there is one.")
@pass_invocation
def rollback(
    invocation: Invocation,
    release: str | None,
    environment: str | None,
    timeout: float | None,
    replacement: WorkerReplacement | None,
    *,
    dry_run: bool,
) -> None:
    """Bring RELEASE back, or what the current release replaced: DAG files, plugins, requirements, script.

    RELEASE is an id of `mwaactl release list`, or the beginning or end of one. A rollback is a release of its
    own: rolling back twice undoes it.
    """
    from mwaactl.cli.execution import carry_out
    from mwaactl.cli.restoring import prepare_rollback
    from mwaactl.report.plans import notes_text, outcome_data, outcome_text, plan_data, plan_text

    deployment = prepare_rollback(invocation, environment, release, replacement)
    if dry_run:
        if invocation.as_json:
            invocation.console.json(plan_data(deployment.plan, deployment.window))
        else:
            invocation.console.data(plan_text(deployment.plan, deployment.window))
        raise click.exceptions.Exit(0 if deployment.plan.is_empty else CHANGES_FOUND)
    if notes := notes_text(deployment.plan):
        invocation.console.status(notes)
    outcome = carry_out(deployment, invocation.console, Execution(minutes=timeout))
    if invocation.as_json:
        invocation.console.json(outcome_data(deployment.plan, outcome.release))
    else:
        invocation.console.data(outcome_text(deployment.plan, outcome.release))
