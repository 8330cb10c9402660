"""Watchers that `@asset` of Airflow takes and drops (3.0.6 to 3.4.0b2)."""

import ast
from collections.abc import Iterator

from mwaactl.catalog.versions import AirflowVersion
from mwaactl.project.checks.finding import Finding
from mwaactl.project.checks.pipelines.source import PipelineSource, argument

RULE = "asset-watchers"
WATCHERS_CLUES = frozenset({"watchers"})


def asset_watchers(source: PipelineSource, _: AirflowVersion) -> Iterator[Finding]:
    """Reports `@asset(watchers=…)`, whose DAG would never run for them."""
    for call in source.calls:
        if source.origin(call.func) == "airflow.sdk.asset" and isinstance(
            argument(call, "watchers"), ast.expr
        ):
            message = "Airflow drops the watchers of `@asset`, so nothing triggers the DAG"
            hint = "schedule a DAG by `Asset(…, watchers=[…])`, or use `asset` of typed_assets"
            yield from source.finding(RULE, "error", call.lineno, message, hint)
