"""`mwaactl pipeline new`: the files of a new pipeline."""

from __future__ import annotations

import click

from mwaactl.cli.invocation import Invocation, pass_invocation
from mwaactl.cli.options import environment_option, json_option


@click.command()
@click.argument("name")
@environment_option
@json_option
@pass_invocation
def new(invocation: Invocation, name: str, environment: str | None) -> None:
    """Write dags/pipelines/NAME.yaml, and what loads it where that is not there yet.

    The schema for editors is written too, with the operators of the environment's Airflow version.
    """
    import json
    from datetime import UTC, datetime

    from mwaactl.project.new_pipeline import SCHEMA_FILE, new_pipeline
    from mwaactl.report.pipeline_schema import pipeline_schema

    config, chosen = invocation.composition.environment(invocation.config, environment)
    there = [path.relative_to(config.root).as_posix() for path in config.root.glob("dags/**/*")]
    today = datetime.now(UTC).date().isoformat()
    files = dict(new_pipeline(name, today, there))
    schema = json.dumps(pipeline_schema(chosen.airflow_version), indent=1)
    for path, text in {**files, SCHEMA_FILE: f"{schema}\n"}.items():
        target = config.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    if invocation.as_json:
        invocation.console.json({"written": list(files)})
    else:
        invocation.console.data("\n".join(f"wrote {path}" for path in files))
