"""`mwaactl config`: what the configuration file may hold."""

from __future__ import annotations

import click

from mwaactl.cli.invocation import Invocation, pass_invocation


@click.group()
def config() -> None:
    """Look at the configuration."""


@config.command()
@pass_invocation
def schema(invocation: Invocation) -> None:
    """Print the JSON Schema of mwaactl.toml, for editors."""
    from mwaactl.config.json_schema import schema_text

    invocation.console.document(schema_text().rstrip())
