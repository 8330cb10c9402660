"""Prepares the deployment of a working tree: it is checked and compared with the environment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mwaactl.cli.deployment import Deployment
from mwaactl.cli.project_checks import checked_archive, checked_bundle, try_new_requirements
from mwaactl.desired import desired_state
from mwaactl.executor.content import content_of
from mwaactl.executor.observe import observe
from mwaactl.executor.present_sources import present_facts
from mwaactl.executor.settled import observe_settled
from mwaactl.planner.actions import Effect
from mwaactl.planner.plan import plan
from mwaactl.planner.window import window_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mwaactl.cli.invocation import Invocation
    from mwaactl.cli.sides import Sides
    from mwaactl.cli.wish import Wish
    from mwaactl.config.environment import EnvironmentConfig
    from mwaactl.executor.gateways import Gateways
    from typed_assets.spec.assets import Asset


def prepare(invocation: Invocation, sides: Sides, wish: Wish, *, deploys: bool = False) -> Deployment:
    """Check the project, look at the environment and plan; nothing is written.

    Args:
        invocation: The call.
        sides: The working tree and the environment, at which it is being looked.
        wish: How it is to be deployed.
        deploys: Whether the plan is to be carried out: new requirements are tried out, and a stack that is
            changing is waited for.

    Raises:
        ProjectError: If a check finds an error.
        AccessDenied: If the credentials belong to another account.
    """
    config, environment, gateways = sides.config, sides.environment, sides.gateways
    running = _running_assets(invocation, environment, gateways) if wish.parse else None
    brief = not (deploys or wish.parse)  # a plan is looked at again and again
    bundle = checked_bundle(invocation, sides, parse=wish.parse, running=running, brief=brief)
    archive = checked_archive(invocation, environment, bundle) if wish.zero_window else None
    desired = desired_state(environment, bundle, archive)
    caller, surveyed = sides.surveyed()
    if deploys:
        observed = observe_settled(desired, gateways, invocation.console.status, surveyed)
    else:
        observed = observe(desired, gateways, surveyed)
    made, read = plan(desired, observed, wish.replacement), content_of(bundle, archive)
    if deploys:
        try_new_requirements(invocation, config, environment, bundle, made)
    window = None
    if made.effect in (Effect.DAGS, Effect.UPDATE) and archive is None:
        window = window_of(desired, made.actions, present_facts(made.actions, gateways.bucket))
    return Deployment(
        config.root,
        environment,
        gateways,
        caller,
        desired,
        observed,
        made,
        read,
        window=window,
        flags=wish.flags,
    )


def _running_assets(
    invocation: Invocation, environment: EnvironmentConfig, gateways: Gateways
) -> Mapping[str, Asset] | None:
    """Ask what contracts are compared with, which only those import who parse DAG files first."""
    from mwaactl.cli.deployed_assets import running_assets

    return running_assets(gateways, environment.names.environment_name, invocation.console.status)
