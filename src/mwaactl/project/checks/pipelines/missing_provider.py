"""Message queue triggers without the provider that they need, which MWAA's images lack."""

import ast
from collections.abc import Iterator

from mwaactl.catalog.versions import AirflowVersion
from mwaactl.project.checks.finding import Finding
from mwaactl.project.checks.pipelines.source import PipelineSource

RULE = "missing-provider"
PROVIDER_CLUES = frozenset({"messaging"})
_MODULE = "airflow.providers.common.messaging"
_PACKAGE = "apache-airflow-providers-common-messaging"


def missing_provider(source: PipelineSource, version: AirflowVersion, requirements: str) -> Iterator[Finding]:
    """Reports imports of `common.messaging` where neither the image nor requirements.txt has it."""
    if _PACKAGE in version.providers or _PACKAGE in requirements.lower().replace("_", "-"):
        return
    for node in source.nodes:
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(_MODULE):
            message = f"`{node.module}` is of a provider that Airflow {version.version} on MWAA does not have"
            hint = f"add {_PACKAGE} to requirements.in and run `mwaactl requirements lock`"
            yield from source.finding(RULE, "error", node.lineno, message, hint)
