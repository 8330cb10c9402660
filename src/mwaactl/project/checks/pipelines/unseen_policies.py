"""Cluster policies that MWAA runs and Airflow never sees.

The image's own airflow_local_settings.py sets `__all__ = []` and runs the customer's under another name
(github.com/aws/amazon-mwaa-docker-images, images/airflow/3.3.1/airflow_local_settings.py).
"""

import ast
from collections.abc import Iterator

from mwaactl.catalog.versions import AirflowVersion
from mwaactl.project.checks.finding import Finding
from mwaactl.project.checks.pipelines.source import PipelineSource

RULE = "unseen-policy"
_FILE = "airflow_local_settings.py"
_POLICIES = frozenset(
    {
        "dag_policy",
        "get_airflow_context_vars",
        "get_dagbag_import_timeout",
        "pod_mutation_hook",
        "task_instance_mutation_hook",
        "task_policy",
    }
)


def unseen_policies(source: PipelineSource, version: AirflowVersion) -> Iterator[Finding]:
    """Reports policies in airflow_local_settings.py, where the environment has Airflow 3."""
    if source.path.rpartition("/")[2] != _FILE or version.major < 3:  # noqa: PLR2004 - Airflow's
        return
    for node in source.tree.body:
        if isinstance(node, ast.FunctionDef) and node.name in _POLICIES:
            message = f"Airflow on MWAA never calls `{node.name}` of {_FILE}"
            hint = (
                "put it into a package with an entry point of the group `airflow.policy`, in requirements.txt"
            )
            yield from source.finding(RULE, "warning", node.lineno, message, hint)
