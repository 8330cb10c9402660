"""`mwaactl release`: what was deployed, by whom, and what differs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from mwaactl.cli.invocation import Invocation, pass_invocation
from mwaactl.cli.options import environment_option, json_option

if TYPE_CHECKING:
    from mwaactl.config.environment import EnvironmentConfig
    from mwaactl.executor.gateways import Gateways


@click.group()
def release() -> None:
    """Look at the releases of an environment, compare them, and remove a lock left behind."""


@release.command("list")
@environment_option
@json_option
@click.option("-n", "--number", type=click.IntRange(min=1), default=20, show_default=True, help="How many.")
@pass_invocation
def list_releases(invocation: Invocation, environment: str | None, number: int) -> None:
    """List releases, the newest first; `*` is the current one."""
    from mwaactl.errors import OperationError
    from mwaactl.executor.release_history import current_release, latest_releases
    from mwaactl.report.releases import releases_data, releases_text

    _, gateways = _open(invocation, environment)
    found = latest_releases(gateways.bucket, number)
    try:
        current = current_release(gateways.bucket)
    except OperationError:
        # Where nothing tells which one counts, the others are what one looks for.
        if not invocation.as_json:
            invocation.console.data(releases_text(found, None))
        raise
    if invocation.as_json:
        invocation.console.json(releases_data(found, current))
    else:
        invocation.console.data(releases_text(found, current))


@release.command()
@click.argument("name", metavar="[RELEASE]", default="current")
@environment_option
@json_option
@pass_invocation
def show(invocation: Invocation, name: str, environment: str | None) -> None:
    """Show a release, by default the current one: who, when, commit, and each file with its version."""
    from mwaactl.executor.release_history import find_release
    from mwaactl.report.releases import release_data, release_text

    _, gateways = _open(invocation, environment)
    found = find_release(gateways.bucket, name)
    if invocation.as_json:
        invocation.console.json(release_data(found))
    else:
        invocation.console.data(release_text(found))


@release.command()
@click.argument("before", metavar="A")
@click.argument("after", metavar="[B]", default="current")
@environment_option
@json_option
@click.option("--content", is_flag=True, help="Show what changed within text files.")
@pass_invocation
def diff(invocation: Invocation, before: str, after: str, environment: str | None, *, content: bool) -> None:
    """Show what B has, by default the current release, that A has not, and the other way round."""
    from mwaactl.executor.release_content import differences
    from mwaactl.executor.release_history import find_release
    from mwaactl.report.release_diff import diff_data, diff_text

    _, gateways = _open(invocation, environment)
    old, new = find_release(gateways.bucket, before), find_release(gateways.bucket, after)
    changes, contents = differences(gateways.bucket, old, new, content=content)
    if invocation.as_json:
        invocation.console.json(diff_data(old, new, changes, contents))
    else:
        invocation.console.data(diff_text(old, new, changes, contents))


@release.command()
@environment_option
@json_option
@click.option("--yes", is_flag=True, help="Remove the lock although its lease has not run out.")
@pass_invocation
def unlock(invocation: Invocation, environment: str | None, *, yes: bool) -> None:
    """Remove the lock that a deployment left behind; names its holder first."""
    from mwaactl.executor.lock.acquire import look, remove
    from mwaactl.report.releases import lock_data, lock_text

    chosen, gateways = _open(invocation, environment)
    held = look(gateways)
    removes = held is not None and (held.expired or yes)
    if held is not None and removes:
        remove(gateways.bucket, held)
    if invocation.as_json:
        invocation.console.json(lock_data(held, removed=removes))
    else:
        invocation.console.data(lock_text(held, chosen.environment, removed=removes))
    if held is not None and not removes:
        raise click.exceptions.Exit(1)


def _open(invocation: Invocation, name: str | None) -> tuple[EnvironmentConfig, Gateways]:
    """Return an environment and the gateways to it.

    Raises:
        OperationError: If nothing was ever deployed to it.
    """
    from mwaactl.errors import OperationError
    from mwaactl.executor.observe import verify_account

    config, environment = invocation.composition.environment(invocation.config, name)
    gateways = invocation.composition.gateways(config.root, environment)
    verify_account(environment.names, gateways)
    if not gateways.bucket.exists():
        message = f"nothing was ever deployed to `{environment.environment}`"
        hint = f"deploy with `mwaactl deploy -e {environment.environment}`"
        raise OperationError(message, hint=hint, code="release.no-bucket")
    return environment, gateways
