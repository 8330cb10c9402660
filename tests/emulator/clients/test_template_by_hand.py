"""A template that nobody generated, deployed by the AWS CLI, with a small HTTP server in Airflow's place."""

from pathlib import Path

import pytest

from tests.emulator.clients.conftest import World

TEMPLATE = Path(__file__).with_name("public_network.yaml")


def test_environment_with_a_public_network_is_deployed_and_deleted(world: World) -> None:
    stack = ("--stack-name", "flights")
    # `deploy` with its own waiter, which looks every 30 seconds, is shown by a smaller stack beside this one.
    made = world.cli(
        *("cloudformation", "deploy", *stack, "--template-file", str(TEMPLATE), "--no-execute-changeset"),
        *("--capabilities", "CAPABILITY_IAM", "--parameter-overrides", "MaxWorkerNodes=3"),
    )
    change_set = world.cli.json("cloudformation", "list-change-sets", *stack)["Summaries"][0]["ChangeSetName"]
    world.cli.text("cloudformation", "execute-change-set", *stack, "--change-set-name", change_set)
    world.settled("flights")
    found = world.cli.json("mwaa", "get-environment", "--name", "flights")["Environment"]
    described = world.cli.json("cloudformation", "describe-stacks", *stack)["Stacks"][0]
    role = found["ExecutionRoleArn"].rpartition("/")[2]
    policies = world.cli.json("iam", "list-attached-role-policies", "--role-name", role)["AttachedPolicies"]
    world.cli.text("cloudformation", "delete-stack", *stack)
    gone = world.settled(described["StackId"])

    assert made.code == 0, made.stderr
    assert (described["StackStatus"], gone["StackStatus"]) == ("CREATE_COMPLETE", "DELETE_COMPLETE")
    assert (found["Status"], found["WebserverAccessMode"], found["MaxWorkers"]) == (
        "AVAILABLE",
        "PUBLIC_ONLY",
        3,
    )
    assert found["LoggingConfiguration"]["TaskLogs"]["LogLevel"] == "INFO"
    outputs = {each["OutputKey"]: each["OutputValue"] for each in described["Outputs"]}
    assert outputs["MwaaApacheAirflowUI"] == f"https://{found['WebserverUrl']}"
    assert set(outputs["PrivateSubnets"].split(",")) == set(found["NetworkConfiguration"]["SubnetIds"])
    assert [each["PolicyName"].rpartition("-")[0] for each in policies] == ["flights-MwaaExecutionPolicy"]
    assert world.aws("mwaa").list_environments()["Environments"] == []
    with pytest.raises(world.aws("iam").exceptions.NoSuchEntityException):
        world.aws("iam").get_policy(PolicyArn=policies[0]["PolicyArn"])
