"""State machines run: their tasks call real functions, and what nobody models fails by name."""

import io
import json
import time
import zipfile
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.fakes.stack_driver import StackDriver, declare

HANDLER = """
def handle(event, context):
    if event.get("fail"):
        raise KeyError("carrier")
    return {"doubled": event["n"] * 2}
"""
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": ["lambda.amazonaws.com", "states.amazonaws.com"]},
            "Action": "sts:AssumeRole",
        }
    ],
}


@pytest.fixture
def role(aws: Any, unique: str) -> str:
    made = aws("iam").create_role(RoleName=unique, AssumeRolePolicyDocument=json.dumps(TRUST))
    return str(made["Role"]["Arn"])


@pytest.fixture
def function(aws: Any, unique: str, role: str) -> str:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("handler.py", HANDLER)
    made = aws("lambda").create_function(
        FunctionName=unique,
        Runtime="python3.12",
        Role=role,
        Handler="handler.handle",
        Code={"ZipFile": file.getvalue()},
    )
    return str(made["FunctionArn"])


def run(aws: Any, name: str, role: str, states: dict[str, Any], given: Any) -> dict[str, Any]:
    """What became of an execution."""
    machines = aws("stepfunctions")
    definition = json.dumps({"StartAt": next(iter(states)), "States": states})
    arn = machines.create_state_machine(name=name, definition=definition, roleArn=role)["stateMachineArn"]
    started = machines.start_execution(stateMachineArn=arn, input=json.dumps(given))["executionArn"]
    deadline = time.monotonic() + 30
    while (found := machines.describe_execution(executionArn=started))["status"] == "RUNNING":
        assert time.monotonic() < deadline
        time.sleep(0.1)
    return dict(found)


def test_tasks_invoke_the_function_by_both_kinds_of_resource(
    aws: Any, unique: str, role: str, function: str
) -> None:
    states = {
        "Optimised": {
            "Type": "Task",
            "Resource": "arn:aws:states:::lambda:invoke",
            "Parameters": {"FunctionName": function, "Payload.$": "$"},
            "ResultSelector": {"n.$": "$.Payload.doubled"},
            "Next": "Direct",
        },
        "Direct": {"Type": "Task", "Resource": function, "End": True},
    }
    ended = run(aws, unique, role, states, {"n": 3})

    assert (ended["status"], json.loads(ended["output"])) == ("SUCCEEDED", {"doubled": 12})
    history = aws("stepfunctions").get_execution_history(executionArn=ended["executionArn"])["events"]
    assert history[0]["type"] == "ExecutionStarted"
    assert {"TaskSucceeded", "LambdaFunctionSucceeded"} < {event["type"] for event in history}


def test_error_of_a_function_is_caught_by_its_name(aws: Any, unique: str, role: str, function: str) -> None:
    states = {
        "Try": {
            "Type": "Task",
            "Resource": function,
            "Catch": [{"ErrorEquals": ["KeyError"], "Next": "Caught"}],
            "End": True,
        },
        "Caught": {"Type": "Pass", "End": True},
    }
    ended = run(aws, unique, role, states, {"fail": True})

    assert ended["status"] == "SUCCEEDED"
    caught = json.loads(ended["output"])
    assert caught["Error"] == "KeyError"
    assert json.loads(caught["Cause"])["errorMessage"] == "'carrier'"


def test_operation_that_nobody_models_fails_the_execution_by_name(aws: Any, unique: str, role: str) -> None:
    task = {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:gamelift:listFleets", "End": True}
    ended = run(aws, unique, role, {"Ask": task}, {})

    assert ended["status"] == "FAILED"
    assert "The emulator does not model ListFleets of gamelift" in ended["cause"]


def test_state_machine_of_a_stack_runs(stacks: StackDriver, aws: Any, unique: str, role: str) -> None:
    machines = aws("stepfunctions")
    states = {"A": {"Type": "Pass", "Result": {"n": 1}, "End": True}}
    machine = declare(
        "AWS::StepFunctions::StateMachine",
        StateMachineName=unique,
        RoleArn=role,
        DefinitionString=json.dumps({"StartAt": "A", "States": states}),
    )
    assert stacks.create({"Machine": machine})["StackStatus"] == "CREATE_COMPLETE", stacks.failures()
    arn = stacks.physical_id("Machine")
    started = machines.start_execution(stateMachineArn=arn)["executionArn"]
    deadline = time.monotonic() + 10
    while (found := machines.describe_execution(executionArn=started))["status"] == "RUNNING":
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert stacks.delete()["StackStatus"] == "DELETE_COMPLETE", stacks.failures()

    assert json.loads(found["output"]) == {"n": 1}
    with pytest.raises(ClientError, match="StateMachineDoesNotExist"):
        machines.describe_state_machine(stateMachineArn=arn)


def test_definition_with_an_unknown_integration_is_refused(aws: Any, unique: str, role: str) -> None:
    with pytest.raises(ClientError, match="nosuchservice") as caught:
        run(aws, unique, role, {"A": {"Type": "Task", "Resource": "arn:aws:states:::nosuchservice:go"}}, {})
    assert caught.value.response["Error"]["Code"] == "InvalidDefinition"
