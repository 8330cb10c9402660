"""Calls that reach for AWS, the network or Airflow's database each time a file is parsed."""

import ast
from collections.abc import Iterator

from mwaactl.catalog.versions import AirflowVersion
from mwaactl.project.checks.finding import Finding
from mwaactl.project.checks.pipelines.source import PipelineSource

RULE = "import-effect"
_CALLS = {
    "airflow.models.Variable.get": "reads an Airflow variable",
    "airflow.models.variable.Variable.get": "reads an Airflow variable",
    "airflow.sdk.Variable.get": "reads an Airflow variable",
    "airflow.sdk.Connection.get": "reads an Airflow connection",
    "airflow.sdk.BaseHook.get_connection": "reads an Airflow connection",
    "airflow.hooks.base.BaseHook.get_connection": "reads an Airflow connection",
    "boto3.client": "makes a client of AWS",
    "boto3.resource": "makes a client of AWS",
    "boto3.Session": "makes a session of AWS",
    "boto3.session.Session": "makes a session of AWS",
    "requests.get": "calls the network",
    "requests.post": "calls the network",
    "requests.request": "calls the network",
    "urllib.request.urlopen": "calls the network",
    "subprocess.run": "starts a process",
    "subprocess.check_output": "starts a process",
    "subprocess.Popen": "starts a process",
}


def import_effects(source: PipelineSource, _: AirflowVersion) -> Iterator[Finding]:
    """Reports such calls outside of functions: the DAG processor makes them about every 30 seconds."""
    calls = [node for node in source.import_time() if isinstance(node, ast.Call)]
    for call in sorted(calls, key=lambda each: each.lineno):
        if effect := _CALLS.get(source.origin(call.func)):
            message = f"{effect} each time the file is parsed, and once more for every task"
            hint = "do it in a task; a template such as `{{ var.value.NAME }}` is read when the task runs"
            yield from source.finding(RULE, "warning", call.lineno, message, hint)
