"""What is checked before a deployment, in parts: the tree at once, the requirements where they are new."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mwaactl.catalog.versions import airflow_version
from mwaactl.cli.steps import shown_steps
from mwaactl.errors import ProjectError
from mwaactl.planner.actions import PutObject
from mwaactl.project.bundle import REQUIREMENTS_KEY
from mwaactl.project.checks.dags_archive import dags_archive
from mwaactl.project.dags_zip import zipped
from mwaactl.project.gate import check_project
from mwaactl.report.findings import errors_in, findings_text, refusal, warnings_text
from mwaactl.report.skipped import skipped_text

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from mwaactl.cli.invocation import Invocation
    from mwaactl.cli.sides import Sides
    from mwaactl.config.environment import EnvironmentConfig
    from mwaactl.config.load import Config
    from mwaactl.planner.actions import Plan
    from mwaactl.project.bundle import Bundle
    from mwaactl.project.checks.finding import Finding
    from mwaactl.project.dags_zip import DagsArchive
    from mwaactl.project.gate import Part
    from typed_assets.spec.assets import Asset

STATIC: tuple[Part, ...] = ("static",)
STATIC_AND_DAGS: tuple[Part, ...] = ("static", "dags")
REQUIREMENTS: tuple[Part, ...] = ("requirements",)


def checked_bundle(
    invocation: Invocation,
    sides: Sides,
    *,
    parse: bool = False,
    running: Mapping[str, Asset] | None = None,
    brief: bool = False,
) -> Bundle:
    """Return what the working tree would ship, once it was read and checked.

    Args:
        invocation: The call; what was left out and what does not keep the bundle from being shipped is shown.
        sides: The working tree, which is being read, and the environment.
        parse: Whether the environment's Airflow parses the DAG files on this machine first.
        running: The assets that the environment's Airflow holds, which contracts are compared with then.
        brief: Whether warnings are counted, and not shown.

    Raises:
        ProjectError: If a check finds an error.
    """
    bundle = sides.bundle()
    if left_out := skipped_text(bundle.skipped):
        invocation.console.status(left_out)
    parts = STATIC_AND_DAGS if parse else STATIC
    findings = _check(invocation, sides.config, sides.environment, bundle, parts, running)
    _refuse_errors(invocation, findings, brief=brief)
    return bundle


def checked_archive(
    invocation: Invocation, environment: EnvironmentConfig, bundle: Bundle
) -> DagsArchive | None:
    """Pack the DAGs as one archive, once it is known that they work in one; None where there are none.

    Raises:
        ProjectError: If something in them cannot work within an archive.
    """
    if not bundle.dags:
        return None
    _refuse_errors(invocation, tuple(dags_archive(bundle, airflow_version(environment.airflow_version))))
    return zipped(environment.project, bundle.dags)


def try_new_requirements(
    invocation: Invocation, config: Config, environment: EnvironmentConfig, bundle: Bundle, plan: Plan
) -> None:
    """Install requirements.txt as MWAA does where the plan uploads it: MWAA would only log a failure.

    Raises:
        ProjectError: If it cannot be installed.
    """
    if any(isinstance(each, PutObject) and each.key == REQUIREMENTS_KEY for each in plan.actions):
        _refuse_errors(invocation, _check(invocation, config, environment, bundle, REQUIREMENTS))


def _check(
    invocation: Invocation,
    config: Config,
    environment: EnvironmentConfig,
    bundle: Bundle,
    parts: Collection[Part],
    running: Mapping[str, Asset] | None = None,
) -> tuple[Finding, ...]:
    with shown_steps(invocation.console) as steps:
        gate = invocation.composition.gate(config.root, environment.airflow_version, steps)
        return check_project(bundle, environment, replace(gate, running=running), parts).findings


def _refuse_errors(invocation: Invocation, findings: Sequence[Finding], *, brief: bool = False) -> None:
    first = next((each for each in findings if each.severity == "error"), None)
    shown = [each for each in findings if each.severity == "error"] if brief else findings
    if others := [each for each in shown if each is not first]:
        invocation.console.status(findings_text(others))
    if hidden := len(findings) - len(shown):
        invocation.console.status(warnings_text(hidden))
    if errors_in(findings):
        hint = f"{first.hint}; nothing was written" if first and first.hint else "nothing was written"
        raise ProjectError(refusal(findings), hint=f"{hint}; mend it and run the command again")
