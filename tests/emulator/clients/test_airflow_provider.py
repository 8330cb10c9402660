"""Airflow's own provider for AWS: hooks, operators, sensors and triggers of S3, Lambda and Redshift Data."""

import json
from typing import Any

import pytest

from tests.fakes.airflow_provider import provider_answers
from tests.fakes.aws_command_line import aws_environment
from tests.fakes.emulator_process import EmulatorProcess
from tests.fakes.workgroups import wait_available

NAME = "of-the-provider"
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}
    ],
}


@pytest.fixture(scope="module")
def answers(emulator: EmulatorProcess, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    role = emulator.aws("iam").create_role(RoleName=NAME, AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]
    serverless = emulator.aws("redshift-serverless")
    serverless.create_namespace(namespaceName=NAME, dbName="warehouse")
    serverless.create_workgroup(workgroupName=NAME, namespaceName=NAME)
    wait_available(serverless, NAME)
    asked = {"s3": [], "lambda": [role["Arn"]], "redshift": [NAME]}
    return provider_answers(asked, aws_environment(emulator.settings), tmp_path_factory.mktemp("airflow"))


def test_s3_hook_operators_and_sensor_work(answers: Any) -> None:
    assert answers["s3"] == {"sensed": True, "listed": ["out/a.csv"], "read": "a,b\n"}


def test_lambda_hook_operators_and_sensor_work(answers: Any) -> None:
    assert answers["lambda"] == {"active": True, "called": {"doubled": 42}}


def test_redshift_data_hook_operator_and_trigger_work(answers: Any) -> None:
    assert answers["redshift"] == {"records": [[{"longValue": 42}]], "triggered": "success"}
