"""What `plan`, `deploy` and `rollback` share: what is wanted, what is there, and the plan."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from mwaactl.cli.project_checks import checked_archive, checked_bundle, try_new_requirements
from mwaactl.desired import Layout, desired_state
from mwaactl.executor.apply import Executor
from mwaactl.executor.background import begin
from mwaactl.executor.commit import git_commit
from mwaactl.executor.content import content_of
from mwaactl.executor.observe import observe, verify_account
from mwaactl.executor.parsing import DEADLINE
from mwaactl.executor.present_sources import present_facts
from mwaactl.executor.release_history import release_to_restore
from mwaactl.executor.release_id import release_id
from mwaactl.executor.restoration import Restoration, state_of
from mwaactl.executor.restored_sources import window_of_rollback
from mwaactl.executor.settled import observe_settled
from mwaactl.executor.survey import survey
from mwaactl.observed import Release, ReleaseState
from mwaactl.planner.actions import Effect
from mwaactl.planner.plan import plan
from mwaactl.planner.window import window_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from mwaactl.cli.invocation import Invocation
    from mwaactl.cli.wish import Wish
    from mwaactl.cli.working_tree import WorkingTree
    from mwaactl.config.environment import EnvironmentConfig
    from mwaactl.desired import DesiredState, WorkerReplacement
    from mwaactl.executor.events import Listener
    from mwaactl.executor.gateways import Gateways
    from mwaactl.executor.lock.session import LockSession
    from mwaactl.executor.survey import Survey
    from mwaactl.observed import ObservedState
    from mwaactl.planner.actions import Plan
    from mwaactl.planner.window import Window
    from typed_assets.spec.assets import Asset


@dataclass(frozen=True, slots=True)
class Deployment:
    """One comparison of what is wanted with an environment, and the plan that follows from it.

    Attributes:
        root: The project's root.
        environment: Its configuration.
        gateways: Every way out.
        caller: ARN of who deploys.
        desired: What is wanted.
        observed: What is there.
        plan: What leads from one to the other.
        read: Gives the content for a key.
        restores: The release that is brought back; None where the working tree is deployed.
        window: The moments between the writes at which files do not fit together; None where nothing runs
            meanwhile, or where it was not looked for.
        flags: The options that its plan was made with.
    """

    root: Path
    environment: EnvironmentConfig
    gateways: Gateways
    caller: str
    desired: DesiredState
    observed: ObservedState
    plan: Plan
    read: Callable[[str], bytes]
    restores: Release | None = None
    window: Window | None = None
    flags: tuple[str, ...] = ()

    def executor(self, lock: LockSession, listener: Listener, minutes: float | None = None) -> Executor:
        """Return what carries out the plan.

        Args:
            lock: Held from the first write on.
            listener: Told what happens.
            minutes: How long to wait for Airflow to parse; None for the usual time.
        """
        names = self.environment.names
        return Executor(
            desired=self.desired,
            observed=self.observed,
            gateways=self.gateways,
            lock=lock,
            read=self.read,
            log_groups=tuple(names.log_group(kind) for kind in ("Scheduler", "Worker", "WebServer")),
            release=self._release(),
            listener=listener,
            deadline=DEADLINE if minutes is None else timedelta(minutes=minutes),
        )

    def _release(self) -> Release:
        moment = self.gateways.now()
        known = [each.id for each in self.observed.releases]
        commit = self.restores.git_commit if self.restores else git_commit(self.root)
        return Release(
            id=release_id(self.desired.digest, moment, known),
            digest=self.desired.digest,
            state=ReleaseState.APPLYING,
            files=(),
            airflow_version=self.desired.airflow_version,
            git_commit=commit,
            who=self.caller,
            when=moment.isoformat(),
            restores=self.restores.id if self.restores else None,
            replaces=self.observed.current.id if self.observed.current else None,
        )


def prepare(invocation: Invocation, tree: WorkingTree, wish: Wish, *, deploys: bool = False) -> Deployment:
    """Check the project, look at the environment and plan; nothing is written.

    Args:
        invocation: The call.
        tree: The working tree, which is being read.
        wish: How it is to be deployed.
        deploys: Whether the plan is to be carried out: new requirements are tried out, and a stack that is
            changing is waited for.

    Raises:
        ProjectError: If a check finds an error.
        AccessDenied: If the credentials belong to another account.
    """
    config, environment = tree.config, tree.environment
    gateways = invocation.composition.gateways(config.root, environment)
    looking = begin(partial(_look, environment, gateways))
    running = _running_assets(invocation, environment, gateways) if wish.parse else None
    brief = not (deploys or wish.parse)  # a plan is looked at again and again
    bundle = checked_bundle(invocation, tree, parse=wish.parse, running=running, brief=brief)
    archive = checked_archive(invocation, environment, bundle) if wish.zero_window else None
    desired = desired_state(environment, bundle, archive)
    caller, surveyed = looking.result()
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


def _running_assets(
    invocation: Invocation, environment: EnvironmentConfig, gateways: Gateways
) -> Mapping[str, Asset] | None:
    """Ask what contracts are compared with, which only those import who parse DAG files first."""
    from mwaactl.cli.deployed_assets import running_assets

    return running_assets(gateways, environment.names.environment_name, invocation.console.status)


def _look(environment: EnvironmentConfig, gateways: Gateways) -> tuple[str, Survey]:
    caller = verify_account(environment.names, gateways)
    return caller, survey(environment.names, gateways)
