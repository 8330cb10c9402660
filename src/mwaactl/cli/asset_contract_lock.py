"""`mwaactl asset contract lock`: the contracts that are deployed, for `mwaactl check`."""

from __future__ import annotations

import click

from mwaactl.cli.invocation import Invocation, pass_invocation
from mwaactl.cli.options import environment_option, json_option


@click.command()
@environment_option
@json_option
@click.option("--without", multiple=True, metavar="NAME", help="Leave an asset out: its contract may break.")
@pass_invocation
def lock(invocation: Invocation, environment: str | None, without: tuple[str, ...]) -> None:
    """Write the contracts that an environment's Airflow holds to contracts.lock.json.

    Keep the file with the project: `mwaactl check` compares the contracts of the working tree with it.
    """
    from mwaactl.cli.asset_contracts import the_contract, told_assets
    from mwaactl.errors import OperationError
    from mwaactl.project.contract_lock import LOCK, lock_text

    config, _ = invocation.composition.environment(invocation.config, environment)
    held = told_assets(invocation, environment)
    for name in without:
        if name not in held.unread:
            the_contract(held, name)
    if left := sorted(held.unread.keys() - set(without)):
        message = f"a lock without `{left[0]}` would let its contract break: it cannot be read"
        hint = f"use the version of mwaactl that has deployed it, or let it break: `--without {left[0]}`"
        raise OperationError(message, hint=hint, code="asset.unread")
    found = list(held.assets.values())
    names = sorted(asset.name for asset in found if asset.contract and asset.name not in without)
    (config.root / LOCK).write_text(lock_text(found, without), encoding="utf-8")
    if invocation.as_json:
        invocation.console.json({"file": LOCK, "assets": names})
    else:
        invocation.console.data(f"{LOCK}: {len(names)} contract{'' if len(names) == 1 else 's'}")
