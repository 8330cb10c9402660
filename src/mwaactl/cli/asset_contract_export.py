"""`mwaactl asset contract export`: the contract of a deployed asset as Open Data Contract Standard."""

from __future__ import annotations

from pathlib import Path

import click

from mwaactl.cli.invocation import Invocation, pass_invocation
from mwaactl.cli.options import environment_option, json_option


@click.command()
@click.argument("name")
@environment_option
@json_option
@click.option(
    "--version", "revision", default="1.0.0", show_default=True, help="The version of the contract."
)
@click.option("--locked", is_flag=True, help="Of contracts.lock.json, without asking the environment.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write it to this file."
)
@pass_invocation
def export(
    invocation: Invocation,
    name: str,
    environment: str | None,
    revision: str,
    output: Path | None,
    *,
    locked: bool,
) -> None:
    """Write the contract of an asset as YAML of the Open Data Contract Standard 3.1."""
    from mwaactl.cli.asset_contracts import locked_assets, the_contract, told_assets
    from typed_assets.spec.odcs import to_odcs

    found = locked_assets(invocation, environment) if locked else told_assets(invocation, environment)
    asset, contract = the_contract(found, name)
    text = to_odcs(contract, name=name, description=asset.description, version=revision)
    if output is not None:
        output.write_text(text, encoding="utf-8")
    if invocation.as_json:
        invocation.console.json({"asset": name, "odcs": text})
    elif output is None:
        invocation.console.document(text.rstrip("\n"))
