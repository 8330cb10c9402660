"""`mwaactl plan`: what a deployment would do, and why."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from mwaactl.cli.exit_codes import CHANGES_FOUND
from mwaactl.cli.invocation import Invocation, pass_invocation
from mwaactl.cli.options import environment_option, json_option, wish_options

if TYPE_CHECKING:
    from mwaactl.cli.deployment import Deployment
    from mwaactl.cli.wish import Wish
    from mwaactl.cost.difference import CostDifference


@click.command()
@environment_option
@json_option
@click.option("--check", "check_only", is_flag=True, help="Exit with code 3 when there is something to do.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Keep the plan in this file, for `mwaactl deploy --plan`.",
)
@wish_options
@pass_invocation
def plan(
    invocation: Invocation,
    environment: str | None,
    out: Path | None,
    wish: Wish,
    *,
    check_only: bool,
) -> None:
    """Show what `mwaactl deploy` would do, with the reason of each action; write nothing to AWS."""
    from mwaactl.cli.sides import both_sides

    with both_sides(invocation, environment) as sides:
        from mwaactl.cli.plan_file import carrying_out, write_plan
        from mwaactl.cli.preparation import prepare
        from mwaactl.report.plans import plan_data, plan_text

        deployment = prepare(invocation, sides, wish)
    made, cost = deployment.plan, _cost(deployment)
    if out is not None:
        write_plan(out, deployment)
        command = carrying_out(out, deployment, environment)
        invocation.console.status(f"the plan is kept: carry it out with `{command}`")
    if invocation.as_json:
        invocation.console.json(plan_data(made, deployment.window, cost))
    else:
        invocation.console.data(plan_text(made, deployment.window, cost))
    if check_only and not made.is_empty:
        raise click.exceptions.Exit(CHANGES_FOUND)


def _cost(deployment: Deployment) -> CostDifference | None:
    """Compare monthly bills where the environment begins, or runs in another size than it is configured."""
    from mwaactl.planner.actions import Effect

    wanted, running = deployment.environment, deployment.observed.environment
    begins = deployment.plan.effect is Effect.CREATION
    if not begins and (running is None or running.size == wanted.size):
        return None
    from mwaactl.cost.difference import cost_of_creation, cost_of_resizing

    return cost_of_creation(wanted) if begins or running is None else cost_of_resizing(wanted, running.size)
