"""`mwaactl pipeline`: pipelines in YAML; each command stands in a file of its own."""

import click

from mwaactl.cli.lazy_group import LazyGroup

COMMANDS = {
    "new": "mwaactl.cli.pipeline_new:new",
    "schema": "mwaactl.cli.pipeline_schema:schema",
    "explain": "mwaactl.cli.pipeline_explain:explain",
    "render": "mwaactl.cli.pipeline_render:render",
}


@click.group(cls=LazyGroup, commands_at=COMMANDS)
def pipeline() -> None:
    """Begin pipelines in YAML, look at them, and leave YAML again."""
