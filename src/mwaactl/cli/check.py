"""`mwaactl check`: what keeps the project from being shipped, before anything is sent."""

from __future__ import annotations

import click

from mwaactl.cli.invocation import Invocation, pass_invocation
from mwaactl.cli.options import environment_option, json_option


@click.command()
@environment_option
@json_option
@pass_invocation
def check(invocation: Invocation, environment: str | None) -> None:
    """Check dags/, plugins/, requirements and startup script; exit code 1 on errors."""
    from mwaactl.cli.deployment import check_project
    from mwaactl.report.findings import errors_in, findings_data, findings_text

    config, chosen = invocation.composition.environment(invocation.config, environment)
    _, findings = check_project(invocation, config, chosen)
    if invocation.as_json:
        invocation.console.json(findings_data(findings))
    else:
        invocation.console.data(findings_text(findings))
    if errors_in(findings):
        raise click.exceptions.Exit(1)
