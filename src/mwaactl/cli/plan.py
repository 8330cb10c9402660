"""`mwaactl plan`: what a deployment would do, and why."""

from __future__ import annotations

import click

from mwaactl.cli.exit_codes import CHANGES_FOUND
from mwaactl.cli.invocation import Invocation, pass_invocation
from mwaactl.cli.options import environment_option, json_option


@click.command()
@environment_option
@json_option
@click.option("--check", "check_only", is_flag=True, help="Exit with code 3 when there is something to do.")
@pass_invocation
def plan(invocation: Invocation, environment: str | None, *, check_only: bool) -> None:
    """Show what `mwaactl deploy` would do, with the reason of each action; write nothing."""
    from mwaactl.cli.deployment import prepare
    from mwaactl.report.plans import plan_data, plan_text

    made = prepare(invocation, environment).plan
    if invocation.as_json:
        invocation.console.json(plan_data(made))
    else:
        invocation.console.data(plan_text(made))
    if check_only and not made.is_empty:
        raise click.exceptions.Exit(CHANGES_FOUND)
