"""The emulator is stopped and started, and killed as it starts: versions, stacks, history and tables stay.

A rollback afterwards brings back the release before the one that it was stopped with.
"""

import json
import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.emulator.end_to_end.landed_data import SOURCE_BUCKET, aws, query
from tests.emulator.end_to_end.next_release import NextRelease, running_artifacts
from tests.emulator.end_to_end.processes import processes_of
from tests.emulator.end_to_end.project_copy import ProjectCopy
from tests.fakes.waiting import eventually

pytestmark = pytest.mark.timeout(900)

COMPONENTS = 4


def test_all_is_as_it_was_after_down_up_and_a_kill_and_a_rollback_brings_back_dags_and_artifacts(
    deployed: ProjectCopy, next_release: NextRelease
) -> None:
    artifacts = next_release.deploy()
    assert running_artifacts(deployed)["PluginsS3ObjectVersion"] != artifacts["PluginsS3ObjectVersion"]
    keep_connection(deployed)
    succeed(deployed, "run", "trigger", "kept", "-e", "local", "--wait")
    execute(deployed, "CREATE TABLE kept AS SELECT 42 AS answer")
    before = everything(deployed)

    succeed(deployed, "emulator", "down")
    killed = start_and_kill(deployed)
    said = succeed(deployed, "emulator", "up")

    assert not killed & processes_of(deployed.root)
    assert "restored 4 buckets, " in said
    assert "1 environment\n" in said
    assert everything(deployed) == before
    assert deployed.mwaactl("plan", "-e", "local").stdout == "local: nothing to do\n"
    refuse_updates_without_a_change(deployed)

    next_release.undo_files()
    succeed(deployed, "rollback", "-e", "local")

    assert running_artifacts(deployed) == artifacts
    assert deployed.mwaactl("plan", "-e", "local").stdout == "local: nothing to do\n"
    execute(deployed, "DROP TABLE kept")


def start_and_kill(project: ProjectCopy) -> set[int]:
    """Kill the emulator when all components of its Airflow run; return the processes that there were."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        starting = pool.submit(project.mwaactl, "emulator", "up")
        assert eventually(lambda: runs_airflow(project), 120)
        started = processes_of(project.root)
        os.kill(project.status()["pid"], signal.SIGKILL)
        said = starting.result().stderr
    assert "restored 4 buckets, " in said
    return started


def runs_airflow(project: ProjectCopy) -> bool:
    try:
        environments = project.environments()
    except OSError:
        return False
    return any(len(each["airflow"]["components"]) == COMPONENTS for each in environments)


def keep_connection(project: ProjectCopy) -> None:
    """Keep a connection where Airflow looks it up: in Secrets Manager, under the environment's key."""
    secret = json.dumps({"conn_type": "generic", "host": "lake.example.com"})
    aws(project, "secretsmanager").create_secret(
        Name="airflow/connections/lake", SecretString=secret, KmsKeyId="alias/flights-local"
    )


def everything(project: ProjectCopy) -> dict[str, Any]:
    """Return what must outlive the emulator; programs would take longer to start than this to read it."""
    pages = aws(project, "s3").get_paginator("list_object_versions").paginate(Bucket=SOURCE_BUCKET)
    runs = aws(project, "mwaa").invoke_rest_api(Name="flights-local", Path="/dags/kept/dagRuns", Method="GET")
    cloudformation = aws(project, "cloudformation")
    stacks = cloudformation.describe_stacks()["Stacks"]
    names = [stack["StackName"] for stack in stacks]
    return {
        "versions": [[page.get("Versions"), page.get("DeleteMarkers")] for page in pages],
        "runs": runs["RestApiResponse"]["dag_runs"],
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
        time.sleep(0.05)
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
