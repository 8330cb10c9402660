"""The emulator is stopped and started: versions, stacks, history, tables and releases are what they were.

A rollback afterwards brings back the release before the one that it was stopped with.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.emulator.end_to_end.landed_data import SOURCE_BUCKET, aws, query
from tests.emulator.end_to_end.project_copy import ProjectCopy

pytestmark = pytest.mark.timeout(900)

ARTIFACTS = ("PluginsS3ObjectVersion", "RequirementsS3ObjectVersion", "StartupScriptS3ObjectVersion")
KEPT_DAG = """from airflow.sdk import DAG, BaseHook, task

with DAG("kept", schedule=None):

    @task(retries=0)
    def only():
        assert BaseHook.get_connection("lake").host == "lake.example.com"

    only()
"""


def test_all_is_as_it_was_after_down_and_up_and_a_rollback_brings_back_dags_and_artifacts(
    deployed: ProjectCopy,
) -> None:
    artifacts = running_artifacts(deployed)
    with changed(deployed):
        succeed(deployed, "deploy", "-e", "local")
        assert running_artifacts(deployed)["PluginsS3ObjectVersion"] != artifacts["PluginsS3ObjectVersion"]
        keep_connection(deployed)
        succeed(deployed, "run", "trigger", "kept", "-e", "local", "--wait")
        execute(deployed, "CREATE TABLE kept AS SELECT 42 AS answer")
        before = everything(deployed)

        succeed(deployed, "emulator", "down")
        said = succeed(deployed, "emulator", "up")

        assert "restored 4 buckets, " in said
        assert "1 environment\n" in said
        assert everything(deployed) == before
        assert deployed.mwaactl("plan", "-e", "local").stdout == "local: nothing to do\n"
        refuse_updates_without_a_change(deployed)

    succeed(deployed, "rollback", "-e", "local")

    assert running_artifacts(deployed) == artifacts
    assert deployed.mwaactl("plan", "-e", "local").stdout == "local: nothing to do\n"
    execute(deployed, "DROP TABLE kept")


@contextmanager
def changed(project: ProjectCopy) -> Iterator[None]:
    """Give the project one more DAG and another plugin, and take both back in the end."""
    dag, plugin = project.root / "dags" / "kept.py", project.root / "plugins" / "flights_plugin" / "plugin.py"
    text = plugin.read_text(encoding="utf-8")
    plugin.write_text(f"{text}\n# another version\n", encoding="utf-8")
    dag.write_text(KEPT_DAG, encoding="utf-8")
    try:
        yield
    finally:
        plugin.write_text(text, encoding="utf-8")
        dag.unlink()


def running_artifacts(project: ProjectCopy) -> dict[str, str]:
    environment: Any = aws(project, "mwaa").get_environment(Name="flights-local")["Environment"]
    return {name: environment[name] for name in ARTIFACTS}


def keep_connection(project: ProjectCopy) -> None:
    """Keep a connection where Airflow looks it up: in Secrets Manager, under the environment's key."""
    secret = json.dumps({"conn_type": "generic", "host": "lake.example.com"})
    aws(project, "secretsmanager").create_secret(
        Name="airflow/connections/lake", SecretString=secret, KmsKeyId="alias/flights-local"
    )


def everything(project: ProjectCopy) -> dict[str, Any]:
    exports = project.exports()
    listed = project.run(
        "aws", "s3api", "list-object-versions", "--bucket", SOURCE_BUCKET, environment=exports
    )
    runs = project.run("mwaactl", "run", "list", "kept", "-e", "local", "--json")
    assert listed.returncode == runs.returncode == 0, listed.stderr + runs.stderr + runs.stdout
    cloudformation = aws(project, "cloudformation")
    stacks = cloudformation.describe_stacks()["Stacks"]
    names = [stack["StackName"] for stack in stacks]
    return {
        "versions": listed.stdout,
        "runs": json.loads(runs.stdout),
        "table": query(project, "SELECT answer FROM kept"),
        "stacks": stacks,
        "events": [cloudformation.describe_stack_events(StackName=name)["StackEvents"] for name in names],
        "environment": aws(project, "mwaa").get_environment(Name="flights-local")["Environment"],
        "namespaces": aws(project, "redshift-serverless").list_namespaces()["namespaces"],
    }


def execute(project: ProjectCopy, sql: str) -> None:
    """Run a statement that gives no rows."""
    client = aws(project, "redshift-data")
    asked = {"WorkgroupName": "flights-local", "Database": "warehouse", "Sql": sql}
    statement = client.execute_statement(**asked)["Id"]
    while (state := client.describe_statement(Id=statement))["Status"] not in {"FINISHED", "FAILED"}:
        pass
    assert state["Status"] == "FINISHED", state


def refuse_updates_without_a_change(project: ProjectCopy) -> None:
    """Submit every stack's own template and parameters again, as `cdk deploy` does."""
    cloudformation = aws(project, "cloudformation")
    for stack in cloudformation.describe_stacks()["Stacks"]:
        same = [
            {"ParameterKey": each["ParameterKey"], "UsePreviousValue": True}
            for each in stack.get("Parameters", ())
        ]
        template = cloudformation.get_template(StackName=stack["StackName"])["TemplateBody"]
        with pytest.raises(ClientError, match="No updates are to be performed"):
            cloudformation.update_stack(
                StackName=stack["StackName"],
                TemplateBody=template if isinstance(template, str) else json.dumps(template),
                Parameters=same,
            )


def succeed(project: ProjectCopy, *arguments: str) -> str:
    """Run a command that must succeed, and return what it said on the way."""
    done = project.mwaactl(*arguments)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stderr
