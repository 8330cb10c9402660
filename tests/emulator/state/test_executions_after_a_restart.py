"""Executions of state machines are still told of after a restart; those that ran count as aborted."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from moto.stepfunctions.models import StepFunctionBackend, stepfunctions_backends

from mwaactl.emulator.state_machines.models import StateMachineBackend
from tests.fakes.moto_account import MotoAccount


@pytest.fixture
def account(tmp_path: Path) -> Iterator[MotoAccount]:
    account = MotoAccount(tmp_path)
    stepfunctions_backends.backend = StateMachineBackend
    yield account
    stepfunctions_backends.backend = StepFunctionBackend
    account.close()


def start(account: MotoAccount, name: str, state: dict[str, Any]) -> str:
    machines = account.client("stepfunctions")
    definition = json.dumps({"StartAt": "A", "States": {"A": {**state, "End": True}}})
    role = "arn:aws:iam::123456789012:role/r"
    made = machines.create_state_machine(name=name, definition=definition, roleArn=role)
    return str(machines.start_execution(stateMachineArn=made["stateMachineArn"], name="x")["executionArn"])


def test_executions_are_kept_with_their_history(account: MotoAccount) -> None:
    machines = account.client("stepfunctions")
    ended = start(account, "ended", {"Type": "Pass", "Result": {"n": 1}})
    running = start(account, "running", {"Type": "Wait", "Seconds": 600})
    while machines.describe_execution(executionArn=ended)["status"] == "RUNNING":
        time.sleep(0.02)
    before = machines.get_execution_history(executionArn=ended)["events"]

    assert account.restart().status().left_out == ()
    account.restart()

    found = machines.describe_execution(executionArn=ended)
    assert (found["status"], json.loads(found["output"])) == ("SUCCEEDED", {"n": 1})
    assert machines.get_execution_history(executionArn=ended)["events"] == before
    assert before[-1]["type"] == "ExecutionSucceeded"
    assert machines.describe_execution(executionArn=running)["status"] == "ABORTED"
    again = machines.start_execution(stateMachineArn=found["stateMachineArn"], name="y")["executionArn"]
    assert again.endswith(":y")
