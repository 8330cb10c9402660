"""Sensors that keep a worker's slot while they wait."""

import ast
from collections.abc import Iterator

from mwaactl.catalog.versions import AirflowVersion
from mwaactl.project.checks.finding import Finding
from mwaactl.project.checks.pipelines.source import PipelineSource, argument, has_more_arguments, text_of

RULE = "sensor-waits"
_PROVIDERS = "airflow.providers."


def sensor_waits(source: PipelineSource, _: AirflowVersion) -> Iterator[Finding]:
    """Reports sensors that neither defer nor give their slot back between two looks."""
    for call in source.calls:
        name = source.operator(call)
        if not (name.startswith(_PROVIDERS) and name.endswith("Sensor")) or has_more_arguments(call):
            continue
        if not _defers(call) and text_of(argument(call, "mode")) != "reschedule":
            short = name.rpartition(".")[2]
            message = f"`{short}` keeps a slot of a worker while it waits"
            hint = 'write `deferrable=True`, or `mode="reschedule"` where it cannot defer'
            yield from source.finding(RULE, "warning", call.lineno, message, hint)


def _defers(call: ast.Call) -> bool:
    value = argument(call, "deferrable")
    return value is not None and not (isinstance(value, ast.Constant) and value.value is False)
