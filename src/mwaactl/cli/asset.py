"""`mwaactl asset`: assets of an environment; each command stands in a file of its own."""

import click

from mwaactl.cli.lazy_group import LazyGroup

COMMANDS = {
    "backfill": "mwaactl.cli.asset_backfill:backfill",
    "contract": "mwaactl.cli.asset_contract:contract",
    "materialize": "mwaactl.cli.asset_materialize:materialize",
    "catalogue": "mwaactl.cli.asset_catalogue:catalogue",
    "list": "mwaactl.cli.asset_list:list_assets",
}


@click.group(cls=LazyGroup, commands_at=COMMANDS)
def asset() -> None:
    """Look at assets, make them, and fill in what is missing."""
