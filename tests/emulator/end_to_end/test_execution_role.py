"""The shipped execution role allows what the pipeline asks for, and nothing runs without its statements.

Which action each call needs is judged in `tests/infra/test_permissions_are_sufficient_and_needed.py`, from a
record; a real run shows here that it still makes these calls, and what it is like without a statement.
"""

import json
import time
from typing import Any

import pytest

from tests.emulator.end_to_end.execution_role import policies_of_the_role, without
from tests.emulator.end_to_end.landed_data import aws
from tests.emulator.end_to_end.project_copy import ProjectCopy
from tests.emulator.end_to_end.second_run import SecondRun
from tests.infra.recorded_accesses import recorded_accesses

pytestmark = pytest.mark.timeout(900)

PATIENCE = 60
OF_OTHER_PIPELINES = {
    "dynamodb:BatchWriteItem",
    "dynamodb:Query",
    "kms:GenerateDataKey",
    "sns:Publish",
    "sqs:DeleteMessage",
    "sqs:ReceiveMessage",
}
"""What the pipelines take that other tests run, and not all of them in every run of the suite."""


def dag_sync_error(project: ProjectCopy) -> str | None:
    [environment] = project.environments()
    error: str | None = environment["airflow"].get("dag_sync_error")
    return error


def test_a_run_asks_for_what_was_recorded_and_is_denied_nothing(used_by_the_run: dict[str, Any]) -> None:
    assert used_by_the_run["denied"] == []
    recorded = {access.action for access in recorded_accesses("execution")}
    assert set(used_by_the_run["used"]) <= recorded
    assert recorded - set(used_by_the_run["used"]) <= OF_OTHER_PIPELINES


def test_a_run_fails_without_a_statement_and_succeeds_with_it(second_run: SecondRun) -> None:
    assert second_run.failed.returncode == 1
    assert {each["action"] for each in second_run.denied} == {"lambda:InvokeFunction"}
    said = (
        "is not authorized to perform: lambda:InvokeFunction on resource: "
        "arn:aws:lambda:us-east-1:123456789012:function:flights-local-normalise "
        "because no identity-based policy allows the lambda:InvokeFunction action"
    )
    assert any("AccessDeniedException" in each and said in each for each in second_run.said)
    assert second_run.healed.returncode == 0, second_run.healed.stdout + second_run.healed.stderr


def test_no_dag_is_taken_up_without_the_source_bucket(deployed: ProjectCopy) -> None:
    deadline = time.monotonic() + PATIENCE
    with without(deployed, "ReadSource"):
        while not (error := dag_sync_error(deployed)) and time.monotonic() < deadline:
            time.sleep(0.5)
    while dag_sync_error(deployed) and time.monotonic() < deadline:
        time.sleep(0.5)

    assert error is not None
    assert "AccessDenied" in error
    assert "not authorized to perform: s3:ListBucket" in error
    assert dag_sync_error(deployed) is None


def queues_of_the_role(project: ProjectCopy) -> list[str]:
    [found] = [
        statement["Resource"]
        for document in policies_of_the_role(project).values()
        for statement in document["Statement"]
        if statement["Sid"] == "CeleryQueue"
    ]
    return [found] if isinstance(found, str) else list(found)


def submit_again(project: ProjectCopy, stack: str, description: str) -> None:
    """Submit a changed template with the previous parameters, as `cdk deploy` does."""
    cloudformation = aws(project, "cloudformation")
    template = cloudformation.get_template(StackName=stack)["TemplateBody"]
    body = {**(json.loads(template) if isinstance(template, str) else template), "Description": description}
    known = cloudformation.describe_stacks(StackName=stack)["Stacks"][0]["Parameters"]
    cloudformation.update_stack(
        StackName=stack,
        TemplateBody=json.dumps(body),
        Parameters=[{"ParameterKey": each["ParameterKey"], "UsePreviousValue": True} for each in known],
        Capabilities=["CAPABILITY_NAMED_IAM"],
    )
    cloudformation.get_waiter("stack_update_complete").wait(StackName=stack, WaiterConfig={"Delay": 1})


def test_harden_leaves_the_role_its_own_queue_and_nothing_undoes_it(pipeline_run: ProjectCopy) -> None:
    environment = aws(pipeline_run, "mwaa").get_environment(Name="flights-local")["Environment"]
    queue, before = environment["CeleryExecutorQueue"], queues_of_the_role(pipeline_run)
    hardened = pipeline_run.mwaactl("harden", "-e", "local")
    after, again = queues_of_the_role(pipeline_run), pipeline_run.mwaactl("harden", "-e", "local")
    submit_again(pipeline_run, "flights-local-environment", "as it was")

    assert before == ["arn:aws:sqs:us-east-1:*:airflow-celery-*"]
    assert (hardened.returncode, again.returncode) == (0, 0), hardened.stderr + again.stderr
    assert hardened.stdout.splitlines()[-1] == f"local: the execution role may use {queue} alone"
    assert (after, again.stdout) == ([queue], "local: nothing to do\n")
    assert queues_of_the_role(pipeline_run) == [queue]
