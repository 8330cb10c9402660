"""`mwaactl requirements`: lock what the DAGs need, see that MWAA can install it, ship its wheels."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from mwaactl.cli.invocation import Invocation, pass_invocation
from mwaactl.cli.options import environment_option, json_option

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from mwaactl.project.requirements.clean_environment import CleanEnvironments


@click.group()
def requirements() -> None:
    """Lock requirements, try them out as MWAA installs them, and ship their wheels."""


@requirements.command()
@environment_option
@json_option
@click.option("--upgrade", is_flag=True, help="Take the newest versions instead of those locked now.")
@pass_invocation
def lock(invocation: Invocation, environment: str | None, *, upgrade: bool) -> None:
    """Compile requirements.in into requirements.txt: pinned, hashed, beside what MWAA has installed."""
    from mwaactl.project.requirements.locking import lock_requirements
    from mwaactl.report.requirements import lock_data, lock_text

    with _environments(invocation, environment) as (root, environments):
        made = lock_requirements(root, environments, upgrade=upgrade)
    if invocation.as_json:
        invocation.console.json(lock_data(made, environments.packages))
    else:
        invocation.console.data(lock_text(made, environments.packages))


@requirements.command()
@environment_option
@json_option
@pass_invocation
def check(invocation: Invocation, environment: str | None) -> None:
    """Install requirements.txt as MWAA does, beside what it has installed; exit code 1 where that fails."""
    from mwaactl.project.bundle import read_bundle
    from mwaactl.project.requirements.check import check_requirements
    from mwaactl.report.requirements import trial_data, trial_text

    with _environments(invocation, environment) as (root, environments):
        trial = check_requirements(read_bundle(root), environments)
    if invocation.as_json:
        invocation.console.json(trial_data(trial, environments.packages))
    else:
        invocation.console.data(trial_text(trial, environments.packages))
    if trial.failed:
        raise click.exceptions.Exit(1)


@requirements.command()
@environment_option
@json_option
@pass_invocation
def package(invocation: Invocation, environment: str | None) -> None:
    """Put the locked wheels into plugins/wheels, and have requirements.txt take them from there only."""
    from mwaactl.project.requirements.package import package_requirements
    from mwaactl.report.requirements import packaged_data, packaged_text

    with _environments(invocation, environment) as (root, environments):
        made = package_requirements(root, environments)
    if invocation.as_json:
        invocation.console.json(packaged_data(made, environments.packages))
    else:
        invocation.console.data(packaged_text(made, environments.packages))


@contextmanager
def _environments(invocation: Invocation, name: str | None) -> Iterator[tuple[Path, CleanEnvironments]]:
    """The project's root and what tries requirements out there, with a line that tells what it does."""
    from mwaactl.cli.steps import shown_steps

    config, chosen = invocation.composition.environment(invocation.config, name)
    made = invocation.composition.clean_environments(config.root, chosen.airflow_version)
    with shown_steps(invocation.console) as steps:
        yield config.root, replace(made, tell=steps.stage)
