"""What `check`, `plan` and `deploy` share: the bundle, its checks, and the two states to compare."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mwaactl.desired import desired_state
from mwaactl.errors import ProjectError
from mwaactl.executor.apply import Executor
from mwaactl.executor.commit import git_commit
from mwaactl.executor.content import content_of
from mwaactl.executor.observe import observe, verify_account
from mwaactl.observed import Release, ReleaseState
from mwaactl.planner.plan import plan
from mwaactl.project.bundle import read_bundle, read_dag_file
from mwaactl.project.checks.run import check_bundle
from mwaactl.report.findings import errors_in, findings_text, refusal

if TYPE_CHECKING:
    from mwaactl.cli.invocation import Invocation
    from mwaactl.config.environment import EnvironmentConfig
    from mwaactl.config.load import Config
    from mwaactl.desired import DesiredState
    from mwaactl.executor.events import Listener
    from mwaactl.executor.gateways import Gateways
    from mwaactl.observed import ObservedState
    from mwaactl.planner.actions import Plan
    from mwaactl.project.bundle import Bundle
    from mwaactl.project.checks.finding import Finding


@dataclass(frozen=True, slots=True)
class Deployment:
    """One comparison of a working tree with an environment, and the plan that follows from it."""

    config: Config
    environment: EnvironmentConfig
    bundle: Bundle
    gateways: Gateways
    caller: str
    desired: DesiredState
    observed: ObservedState
    plan: Plan

    def executor(self, listener: Listener) -> Executor:
        """Return what carries out the plan."""
        names = self.environment.names
        return Executor(
            desired=self.desired,
            observed=self.observed,
            gateways=self.gateways,
            read=content_of(self.bundle),
            log_groups=tuple(names.log_group(kind) for kind in ("Scheduler", "Worker", "WebServer")),
            release=self._release(),
            listener=listener,
        )

    def _release(self) -> Release:
        moment = self.gateways.now()
        return Release(
            id=f"{moment:%Y%m%dT%H%M%SZ}-{self.desired.digest[:8]}",
            digest=self.desired.digest,
            state=ReleaseState.APPLYING,
            files=(),
            airflow_version=self.desired.airflow_version,
            git_commit=git_commit(self.config.root),
            who=self.caller,
            when=moment.isoformat(),
        )


def check_project(
    invocation: Invocation, config: Config, environment: EnvironmentConfig
) -> tuple[Bundle, tuple[Finding, ...]]:
    """Read the bundle and check it, with its requirements resolved against the package registry."""
    bundle = read_bundle(config.root)
    compiler = invocation.composition.compiler(config.root)
    return bundle, check_bundle(bundle, environment.airflow_version, compiler=compiler)


def prepare(invocation: Invocation, name: str | None) -> Deployment:
    """Check the project, look at the environment and plan; nothing is written.

    Raises:
        ProjectError: If a check finds an error.
        AccessDenied: If the credentials belong to another account.
    """
    config, environment = invocation.composition.environment(invocation.config, name)
    bundle, findings = check_project(invocation, config, environment)
    first = next((each for each in findings if each.severity == "error"), None)
    if others := [each for each in findings if each is not first]:
        invocation.console.status(findings_text(others))
    if errors_in(findings):
        raise ProjectError(refusal(findings), hint="nothing was written; mend it and run the command again")
    desired = desired_state(environment, bundle, read_dag_file)
    gateways = invocation.composition.gateways(config.root, environment)
    caller = verify_account(environment.names, gateways)
    observed = observe(desired, gateways)
    made = plan(desired, observed)
    return Deployment(config, environment, bundle, gateways, caller, desired, observed, made)
