"""`mwaactl requirements`: lock what the DAGs need, and see that MWAA can install it."""

from __future__ import annotations

import click

from mwaactl.cli.invocation import Invocation, pass_invocation
from mwaactl.cli.options import environment_option, json_option


@click.group()
def requirements() -> None:
    """Lock requirements and try them out as MWAA installs them."""


@requirements.command()
@environment_option
@json_option
@click.option("--upgrade", is_flag=True, help="Take the newest versions instead of those locked now.")
@pass_invocation
def lock(invocation: Invocation, environment: str | None, *, upgrade: bool) -> None:
    """Compile requirements.in into requirements.txt: pinned, hashed, beside what MWAA has installed."""
    from mwaactl.project.requirements.files import read_locked, read_source, write_locked
    from mwaactl.project.requirements.lock import compile_lock
    from mwaactl.project.requirements.package_set import package_set
    from mwaactl.report.requirements import lock_data, lock_text

    config, chosen = invocation.composition.environment(invocation.config, environment)
    source, before = read_source(config.root), read_locked(config.root)
    packages, uv = package_set(chosen.airflow_version), invocation.composition.uv(config.root)
    made = compile_lock(source, before, packages, uv, upgrade=upgrade)
    changed = write_locked(config.root, made.text)
    if invocation.as_json:
        invocation.console.json(lock_data(made, packages, changed=changed))
    else:
        invocation.console.data(lock_text(made, packages, changed=changed))


@requirements.command()
@environment_option
@json_option
@pass_invocation
def check(invocation: Invocation, environment: str | None) -> None:
    """Install requirements.txt as MWAA does, beside what it has installed; exit code 1 where that fails."""
    from mwaactl.project.bundle import read_bundle
    from mwaactl.project.requirements.check import check_requirements
    from mwaactl.report.requirements import trial_data, trial_text

    config, chosen = invocation.composition.environment(invocation.config, environment)
    environments = invocation.composition.clean_environments(config.root, chosen.airflow_version)
    trial = check_requirements(read_bundle(config.root), environments)
    if invocation.as_json:
        invocation.console.json(trial_data(trial, environments.packages))
    else:
        invocation.console.data(trial_text(trial, environments.packages))
    if trial.failed:
        raise click.exceptions.Exit(1)
