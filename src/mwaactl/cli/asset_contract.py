"""`mwaactl asset contract`: contracts of assets, from and to other places."""

import click

from mwaactl.cli.lazy_group import LazyGroup

COMMANDS = {
    "export": "mwaactl.cli.asset_contract_export:export",
    "import": "mwaactl.cli.asset_contract_import:import_contract",
    "lock": "mwaactl.cli.asset_contract_lock:lock",
}


@click.group(cls=LazyGroup, commands_at=COMMANDS)
def contract() -> None:
    """Write contracts as a standard, read them, and keep those that are deployed."""
