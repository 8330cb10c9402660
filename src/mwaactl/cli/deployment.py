"""What `plan`, `deploy` and `rollback` share: what is wanted, what is there, and the plan."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from mwaactl.executor.apply import Executor
from mwaactl.executor.commit import git_commit
from mwaactl.executor.parsing import DEADLINE
from mwaactl.executor.release_id import release_id
from mwaactl.observed import Release, ReleaseState

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from mwaactl.config.environment import EnvironmentConfig
    from mwaactl.desired import DesiredState
    from mwaactl.executor.events import Listener
    from mwaactl.executor.gateways import Gateways
    from mwaactl.executor.lock.session import LockSession
    from mwaactl.observed import ObservedState
    from mwaactl.planner.actions import Plan
    from mwaactl.planner.window import Window


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
