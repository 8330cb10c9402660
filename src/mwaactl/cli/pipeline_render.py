"""`mwaactl pipeline render`: the Python that a pipeline's file is equal to."""

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
def render(invocation: Invocation, file: Path, environment: str | None) -> None:
    """Print the DAG file that FILE is equal to; saved beside the one that loads it, it can take its place.

    Steps that are operators become plain Airflow. Assets need typed_assets there too.
    """
    from mwaactl.cli.pipeline_reading import read_pipelines
    from mwaactl.project.formatted_python import formatted
    from mwaactl.project.requirements.process import run_process
    from mwaactl.report.pipeline_python import pipeline_python

    config, chosen = invocation.composition.environment(invocation.config, environment)
    found = read_pipelines(config.root, file, chosen.airflow_version)
    source = pipeline_python(found, chosen.airflow_version)
    text = formatted(source, run_process, invocation.composition.environ)
    if invocation.as_json:
        invocation.console.json({"python": text})
    else:
        invocation.console.verbatim(text.rstrip("\n"))
