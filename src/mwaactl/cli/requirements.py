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
