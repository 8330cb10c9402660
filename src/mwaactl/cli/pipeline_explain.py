"""`mwaactl pipeline explain`: what a pipeline's file becomes."""

from __future__ import annotations

from pathlib import Path

import click

from mwaactl.cli.invocation import Invocation, pass_invocation
from mwaactl.cli.options import environment_option, json_option


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@environment_option
@json_option
@pass_invocation
def explain(invocation: Invocation, file: Path, environment: str | None) -> None:
    """Show the DAGs of FILE: when they run, and their steps in order, with loops and defaults put in."""
    from mwaactl.cli.pipeline_reading import read_pipelines
    from mwaactl.report.pipelines import pipelines_data, pipelines_text

    config, chosen = invocation.composition.environment(invocation.config, environment)
    found = read_pipelines(config.root, file, chosen.airflow_version)
    if invocation.as_json:
        invocation.console.json(pipelines_data(found))
    else:
        invocation.console.data(pipelines_text(found))
