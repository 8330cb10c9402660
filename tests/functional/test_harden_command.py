"""`mwaactl harden` gives the execution role its environment's one Celery queue."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from mwaactl.observed import ObservedStack

if TYPE_CHECKING:
    from tests.fakes.command_line import CommandLine

STACK = "flights-local-environment"
QUEUE = "arn:aws:sqs:us-east-1:999900001111:airflow-celery-0f3c"
HARDENED = f"local: the execution role may use {QUEUE} alone\n"
PLAN = f"local: 1 action\n  update stack {STACK}  the execution role may use every account's Celery queues\n"


@pytest.fixture
def deployed(mwaactl: CommandLine) -> CommandLine:
    """An environment whose queue MWAA names, in a stack that knows the parameter."""
    assert mwaactl("deploy").code == 0
    stack = mwaactl.aws.stacks.stacks[STACK]
    mwaactl.aws.stacks.stacks[STACK] = replace(stack, parameters={**stack.parameters, "CeleryQueueArn": ""})
    assert mwaactl.aws.environments.environment is not None
    known = replace(mwaactl.aws.environments.environment, celery_queue=QUEUE)
    mwaactl.aws.environments.environment = known
    return mwaactl


# mwaactl harden
def test_role_is_given_the_queue_that_mwaa_names(deployed: CommandLine) -> None:
    result = deployed("harden")

    assert (result.code, result.stdout) == (0, PLAN + HARDENED)
    assert result.stderr == "environment flights-local is AVAILABLE\n"
    assert deployed.aws.stacks.updates == [(STACK, {"CeleryQueueArn": QUEUE})]


# mwaactl harden
def test_endpoint_of_a_network_without_nat_is_given_the_queue_as_well(deployed: CommandLine) -> None:
    network = "flights-local-network"
    stack = deployed.aws.stacks.stacks[network]
    deployed.aws.stacks.stacks[network] = replace(stack, parameters={"CeleryQueueArn": ""})

    result = deployed("harden")

    assert result.code == 0
    assert result.stdout == (
        "local: 2 actions\n"
        f"  update stack {STACK}  the execution role may use every account's Celery queues\n"
        f"  update stack {network}  the endpoint of SQS leads to every account's Celery queues\n{HARDENED}"
    )
    assert deployed.aws.stacks.updates == [
        (STACK, {"CeleryQueueArn": QUEUE}),
        (network, {"CeleryQueueArn": QUEUE}),
    ]
    assert deployed("harden").stdout == "local: nothing to do\n"


# mwaactl harden
def test_second_run_has_nothing_to_do(deployed: CommandLine) -> None:
    deployed("harden")
    result = deployed("harden")

    assert (result.code, result.stdout, result.stderr) == (0, "local: nothing to do\n", "")
    assert len(deployed.aws.stacks.updates) == 1


# mwaactl harden --dry-run
def test_dry_run_shows_the_plan_and_changes_nothing(deployed: CommandLine) -> None:
    result = deployed("harden", "--dry-run")

    assert (result.code, result.stdout) == (3, PLAN)
    assert deployed.aws.stacks.updates == []


# mwaactl harden --json
def test_json_names_queue_and_parameter(deployed: CommandLine) -> None:
    result = deployed("harden", "--json")

    assert result.code == 0
    assert json.loads(result.stdout) == {
        "environment": "local",
        "changes": True,
        "queue": QUEUE,
        "actions": [
            {
                "action": "update",
                "subject": f"stack {STACK}",
                "reason": "the execution role may use every account's Celery queues",
                "stack": STACK,
                "parameters": {"CeleryQueueArn": QUEUE},
            }
        ],
    }


# mwaactl harden --json
def test_json_of_nothing_to_do(deployed: CommandLine) -> None:
    deployed("harden")
    result = deployed("harden", "--json")

    assert json.loads(result.stdout) == {
        "environment": "local",
        "changes": False,
        "queue": QUEUE,
        "actions": [],
    }


# mwaactl harden
def test_environment_that_was_made_anew_gets_its_new_queue(deployed: CommandLine) -> None:
    deployed("harden")
    assert deployed.aws.environments.environment is not None
    other = f"{QUEUE}-2"
    deployed.aws.environments.environment = replace(deployed.aws.environments.environment, celery_queue=other)
    result = deployed("harden")

    assert result.code == 0
    assert f"the execution role may use the queue {QUEUE}, which is another one" in result.stdout
    assert deployed.aws.stacks.stacks[STACK].parameters["CeleryQueueArn"] == other


# mwaactl deploy
def test_deployment_keeps_the_queue(deployed: CommandLine) -> None:
    deployed("harden")
    deployed.write("requirements/requirements.txt", "cowsay==6.0\n")
    result = deployed("deploy")

    assert result.code == 0
    assert deployed.aws.stacks.stacks[STACK].parameters["CeleryQueueArn"] == QUEUE


# mwaactl harden
@pytest.mark.parametrize(
    ("status", "parameters", "message", "hint"),
    [
        ("UPDATE_IN_PROGRESS", {"CeleryQueueArn": ""}, "is UPDATE_IN_PROGRESS", "wait until it is done"),
        (
            "UPDATE_ROLLBACK_FAILED",
            {"CeleryQueueArn": ""},
            "takes no update",
            f"-rollback --stack-name {STACK}`",
        ),
        ("UPDATE_COMPLETE", {}, "does not know the parameter", f"npx cdk deploy {STACK}"),
        ("ROLLBACK_COMPLETE", {}, "does not exist", "mwaactl deploy"),
    ],
)
def test_stack_that_cannot_be_updated_is_refused(
    deployed: CommandLine, status: str, parameters: dict[str, str], message: str, hint: str
) -> None:
    deployed.aws.stacks.stacks[STACK] = ObservedStack(STACK, status, parameters)
    result = deployed("harden")

    assert (result.code, result.stdout) == (1, "")
    assert message in result.stderr
    assert hint in result.stderr
    assert deployed.aws.stacks.updates == []


# mwaactl harden
def test_environment_without_a_queue_is_refused(deployed: CommandLine) -> None:
    assert deployed.aws.environments.environment is not None
    deployed.aws.environments.environment = replace(
        deployed.aws.environments.environment, status="CREATING", celery_queue=None
    )
    result = deployed("harden")

    assert (result.code, result.stdout) == (1, "")
    assert "is CREATING and names no Celery queue" in result.stderr
    assert "run the command again when it is AVAILABLE" in result.stderr


# mwaactl harden
def test_failed_update_says_why(deployed: CommandLine) -> None:
    def fail() -> None:
        stack = deployed.aws.stacks.stacks[STACK]
        deployed.aws.stacks.stacks[STACK] = replace(stack, status="UPDATE_ROLLBACK_COMPLETE")

    deployed.aws.stacks.on_update = fail
    deployed.aws.stacks.reasons = ("ExecutionPolicy: Maximum policy size exceeded",)
    result = deployed("harden")

    assert result.code == 1
    assert (
        "was not changed and runs as before: ExecutionPolicy: Maximum policy size exceeded" in result.stderr
    )


# mwaactl harden, mwaactl deploy
def test_nobody_deploys_meanwhile_and_the_lock_is_given_back(deployed: CommandLine) -> None:
    deployed.write("dags/another.py", "x = 1\n")
    meanwhile: list[str] = []
    deployed.aws.stacks.on_update = lambda: meanwhile.append(deployed("deploy").stderr)

    assert deployed("harden").code == 0

    [said] = meanwhile
    assert "another deployment is under way: `mwaactl harden` by arn:aws:" in said
    assert "releases/lock.json" not in deployed.aws.bucket.contents
    deployed.aws.stacks.on_update = lambda: None
    assert deployed("deploy").code == 0


# mwaactl harden
def test_nothing_is_changed_while_someone_deploys(deployed: CommandLine) -> None:
    held = {
        "token": "t" * 32,
        "release": "20261123T081500Z-1f3a9c2e",
        "who": "arn:aws:iam::123456789012:user/otto",
        "since": "2026-11-23 08:15:00 UTC",
        "lease_seconds": 60,
    }
    deployed.aws.bucket.put("releases/lock.json", json.dumps(held).encode())
    result = deployed("harden")

    assert result.code == 1
    assert deployed.aws.stacks.updates == []
