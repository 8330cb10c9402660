"""Prepares the way back to an earlier release: what it holds is compared with the environment."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mwaactl.cli.deployment import Deployment
from mwaactl.desired import Layout
from mwaactl.executor.observe import observe, verify_account
from mwaactl.executor.release_history import release_to_restore
from mwaactl.executor.restoration import Restoration, state_of
from mwaactl.executor.restored_sources import window_of_rollback
from mwaactl.planner.actions import Effect
from mwaactl.planner.plan import plan

if TYPE_CHECKING:
    from pathlib import Path

    from mwaactl.cli.invocation import Invocation
    from mwaactl.config.environment import EnvironmentConfig
    from mwaactl.desired import WorkerReplacement
    from mwaactl.executor.gateways import Gateways
    from mwaactl.observed import Release


def prepare_rollback(
    invocation: Invocation,
    name: str | None,
    release: str | None,
    replacement: WorkerReplacement | None = None,
) -> Deployment:
    """Find the release to restore, look at the environment and plan; nothing is written.

    Raises:
        OperationError: If there is no such release, or what it needs is gone.
        AccessDenied: If the credentials belong to another account.
    """
    config, environment = invocation.composition.environment(invocation.config, name)
    gateways = invocation.composition.gateways(config.root, environment)
    caller = verify_account(environment.names, gateways)
    restored = release_to_restore(gateways.bucket, release)
    made = restoring(config.root, environment, gateways, caller, restored, replacement)
    if made.plan.effect not in (Effect.DAGS, Effect.UPDATE) or made.desired.layout is not Layout.FILES:
        return made
    window = window_of_rollback(made.desired, made.plan.actions, made.read, gateways.bucket)
    return replace(made, window=window)


def restoring(
    root: Path,
    environment: EnvironmentConfig,
    gateways: Gateways,
    caller: str,
    release: Release,
    replacement: WorkerReplacement | None = None,
) -> Deployment:
    """Plan how an environment comes back to a release.

    Raises:
        OperationError: If what the release needs is gone.
    """
    desired, content = state_of(release, environment), Restoration(release, gateways.bucket)
    observed = observe(desired, gateways)
    # Whoever names a release has consented to what it does not have.
    made = replace(plan(desired, observed, replacement), refusals=())
    content.refuse_if_gone(made)
    return Deployment(
        root, environment, gateways, caller, desired, observed, made, content.read, restores=release
    )
