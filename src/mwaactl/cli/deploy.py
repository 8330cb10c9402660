"""`mwaactl deploy`: the working tree into the environment, verified and recorded."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from mwaactl.cli.invocation import Invocation, pass_invocation
from mwaactl.cli.options import environment_option, execution_options, json_option, wish_options

if TYPE_CHECKING:
    from mwaactl.cli.options import Execution
    from mwaactl.cli.wish import Wish


@click.command()
@environment_option
@json_option
@click.option(
    "--plan",
    "plan_file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Carry out this plan of `mwaactl plan --out` only; refuse if anything has moved since.",
)
@wish_options
@execution_options
@pass_invocation
def deploy(
    invocation: Invocation,
    environment: str | None,
    plan_file: Path | None,
    wish: Wish,
    execution: Execution,
) -> None:
    """Deploy the working tree: check, create what is missing, upload, update, verify, record."""
    from mwaactl.cli.plan_file import read_plan, refuse_other_plan
    from mwaactl.cli.sides import both_sides

    # A file that is no plan is told before the project is looked at, which takes its time.
    kept = None if plan_file is None else read_plan(plan_file, wish.flags)
    with both_sides(invocation, environment) as sides:
        from mwaactl.cli.execution import carry_out, refuse_without_consent
        from mwaactl.cli.preparation import prepare
        from mwaactl.report.plans import notes_text, outcome_data, outcome_text

        deployment = prepare(invocation, sides, wish, deploys=True)
    if plan_file is not None:
        refuse_other_plan(plan_file, kept, deployment)
    refuse_without_consent(deployment.plan, execution.consent)
    if notes := notes_text(deployment.plan):
        invocation.console.status(notes)
    outcome = carry_out(deployment, invocation.console, execution)
    if invocation.as_json:
        invocation.console.json(outcome_data(deployment.plan, outcome.release))
    else:
        invocation.console.data(outcome_text(deployment.plan, outcome.release))
