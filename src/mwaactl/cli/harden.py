"""`mwaactl harden`: execution role and endpoint, narrowed to the one Celery queue of their environment."""

from __future__ import annotations

import click

from mwaactl.cli.exit_codes import CHANGES_FOUND
from mwaactl.cli.invocation import Invocation, pass_invocation
from mwaactl.cli.options import environment_option, json_option


@click.command()
@environment_option
@json_option
@click.option("--dry-run", is_flag=True, help="Show the plan only; exit with code 3 if there is one.")
@pass_invocation
def harden(invocation: Invocation, environment: str | None, *, dry_run: bool) -> None:
    """Let the execution role use its environment's Celery queue and no other account's.

    MWAA names the queue only once the environment exists. In a VPC of this project's without NAT the endpoint
    of SQS is narrowed as well. Deployments keep what is set here.
    """
    from mwaactl.cli.environments import find_environment
    from mwaactl.executor import hardening
    from mwaactl.planner.hardening import plan_endpoint_hardening, plan_hardening
    from mwaactl.report.hardening import hardening_data, hardening_text

    config, gateways, present = find_environment(invocation, environment)
    names, console = config.names, invocation.console
    planned = (
        plan_hardening(names.environment_stack, gateways.stacks.find(names.environment_stack), present),
        plan_endpoint_hardening(names.network_stack, gateways.stacks.find(names.network_stack), present),
    )
    actions = [each for each in planned if each is not None]
    if not invocation.as_json:
        console.data(hardening_text(config.environment, actions))
    if actions and not dry_run:
        hardening.harden(present.name, actions, gateways, console.status)
    if invocation.as_json:
        console.json(hardening_data(config.environment, present.celery_queue, actions))
    elif actions and not dry_run:
        console.data(f"{config.environment}: the execution role may use {present.celery_queue} alone")
    raise click.exceptions.Exit(CHANGES_FOUND if actions and dry_run else 0)
