"""`mwaactl deploy`: the working tree into the environment, verified and recorded."""

from __future__ import annotations

import click

from mwaactl.cli.invocation import Invocation, pass_invocation
from mwaactl.cli.options import environment_option, json_option


@click.command()
@environment_option
@json_option
@click.option("--no-wait", is_flag=True, help="Only write; the next deployment verifies and records.")
@pass_invocation
def deploy(invocation: Invocation, environment: str | None, *, no_wait: bool) -> None:
    """Deploy the working tree: check, create what is missing, upload, update, verify, record."""
    from mwaactl.cli.deployment import prepare
    from mwaactl.cli.progress import shown_progress
    from mwaactl.report.plans import outcome_data, outcome_text

    deployment = prepare(invocation, environment)
    with shown_progress(invocation.console) as listener:
        outcome = deployment.executor(listener).apply(deployment.plan, wait=not no_wait)
    if invocation.as_json:
        invocation.console.json(outcome_data(deployment.plan, outcome.release))
    else:
        invocation.console.data(outcome_text(deployment.plan, outcome.release))
