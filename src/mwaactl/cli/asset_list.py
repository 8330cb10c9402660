"""`mwaactl asset list`: the assets that Airflow knows."""

from __future__ import annotations

import click

from mwaactl.cli.invocation import Invocation, pass_invocation
from mwaactl.cli.options import environment_option, json_option


@click.command("list")
@environment_option
@json_option
@pass_invocation
def list_assets(invocation: Invocation, environment: str | None) -> None:
    """List the assets of the deployed DAGs, by name."""
    from mwaactl.cli.environments import airflow_of
    from mwaactl.report.assets import asset_data, assets_text

    found = airflow_of(invocation, environment).assets()
    if invocation.as_json:
        invocation.console.json({"assets": [asset_data(each) for each in found]})
    else:
        invocation.console.data(assets_text(found))
