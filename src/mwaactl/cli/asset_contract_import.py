"""`mwaactl asset contract import`: a contract of the Open Data Contract Standard as our own."""

from __future__ import annotations

from pathlib import Path

import click

from mwaactl.cli.invocation import Invocation, pass_invocation
from mwaactl.cli.options import json_option


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@json_option
@click.option("--schema", help="The object of the document, where it has several.")
@pass_invocation
def import_contract(invocation: Invocation, file: Path, schema: str | None) -> None:
    """Print a contract as it stands in a YAML pipeline; what ours cannot say is an error that names it."""
    from mwaactl.cli.asset_contracts import read_standard
    from mwaactl.report.pipeline_yaml import pipeline_yaml
    from typed_assets.spec.catalogue_contracts import describe_contract
    from typed_assets.yaml.durations import duration_text

    contract = read_standard(file, schema)
    value = {"contract": describe_contract(contract)}
    if contract.fresh:
        value["contract"]["fresh"]["within"] = duration_text(contract.fresh.within)
    if invocation.as_json:
        invocation.console.json(value)
    else:
        invocation.console.document(pipeline_yaml(value).rstrip("\n"))
