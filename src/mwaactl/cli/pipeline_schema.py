"""`mwaactl pipeline schema`: what editors need to complete a pipeline's file."""

from __future__ import annotations

import click

from mwaactl.cli.invocation import Invocation, pass_invocation
from mwaactl.cli.options import environment_option


@click.command()
@environment_option
@click.option("--defaults", is_flag=True, help="The schema of `_defaults.yaml` instead.")
@pass_invocation
def schema(invocation: Invocation, environment: str | None, *, defaults: bool) -> None:
    """Print the JSON Schema of pipelines' files, with the operators of the environment's Airflow version."""
    import json

    from mwaactl.report.pipeline_schema import pipeline_schema

    _, chosen = invocation.composition.environment(invocation.config, environment)
    found = pipeline_schema(chosen.airflow_version, defaults=defaults)
    invocation.console.document(json.dumps(found, indent=1))
