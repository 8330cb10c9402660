"""Functions that run in processes keep everything around them over a restart."""

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from moto.awslambda.models import LambdaBackend, lambda_backends
from moto.s3.models import S3Backend, s3_backends

from mwaactl.emulator.functions.models import backend_class
from mwaactl.emulator.storage import models as storage
from tests.fakes.moto_account import MotoAccount

ARN = "arn:aws:lambda:us-east-1:123456789012:function:f"
QUEUE = "arn:aws:sqs:us-east-1:123456789012:tasks"


@pytest.fixture
def account(tmp_path: Path) -> Iterator[MotoAccount]:
    account = MotoAccount(tmp_path)
    nobody: Any = None  # nothing is invoked
    lambda_backends.backend = backend_class(nobody, nobody)
    storage.install()
    yield account
    lambda_backends.backend, s3_backends.backend = LambdaBackend, S3Backend
    account.close()


def zipped(name: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(zipfile.ZipInfo(name), "def handler(event, context):\n    return event\n")
    return file.getvalue()


def role(account: MotoAccount) -> str:
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "lambda.amazonaws.com"},
        "Action": "sts:AssumeRole",
    }
    trust = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    everything = json.dumps(
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    )
    iam = account.client("iam")
    made = iam.create_role(RoleName="task", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    iam.put_role_policy(RoleName="task", PolicyName="all", PolicyDocument=everything)
    return str(made)


def make(account: MotoAccount) -> None:
    functions = account.client("lambda")
    account.client("sqs").create_queue(QueueName="tasks")
    layer = functions.publish_layer_version(LayerName="l", Content={"ZipFile": zipped("python/a.py")})
    functions.create_function(
        FunctionName="f",
        Runtime="python3.12",
        Handler="f.handler",
        Role=role(account),
        Code={"ZipFile": zipped("f.py")},
        Layers=[layer["LayerVersionArn"]],
        DeadLetterConfig={"TargetArn": QUEUE},
    )
    functions.put_function_event_invoke_config(
        FunctionName="f",
        MaximumRetryAttempts=1,
        DestinationConfig={"OnFailure": {"Destination": QUEUE}},
    )
    functions.create_event_source_mapping(FunctionName="f", EventSourceArn=QUEUE, BatchSize=5)
    functions.add_permission(
        FunctionName="f", StatementId="s3", Action="lambda:InvokeFunction", Principal="s3.amazonaws.com"
    )
    account.client("s3").create_bucket(Bucket="landing")
    rule = {"LambdaFunctionArn": ARN, "Events": ["s3:ObjectCreated:*"]}
    account.client("s3").put_bucket_notification_configuration(
        Bucket="landing", NotificationConfiguration={"LambdaFunctionConfigurations": [rule]}
    )


def ask(account: MotoAccount) -> list[dict[str, Any]]:
    functions = account.client("lambda")
    answers = [
        functions.get_function_configuration(FunctionName="f"),
        functions.get_function_event_invoke_config(FunctionName="f"),
        functions.get_layer_version(LayerName="l", VersionNumber=1),
        functions.list_event_source_mappings(FunctionName="f"),
        account.client("s3").get_bucket_notification_configuration(Bucket="landing"),
    ]
    return [{key: value for key, value in each.items() if key != "ResponseMetadata"} for each in answers]


def test_layers_event_sources_and_settings_of_invocations_are_kept(account: MotoAccount) -> None:
    make(account)
    before = ask(account)

    checkpoints = account.restart()

    assert checkpoints.status().left_out == ()
    assert ask(account) == before
    assert len(before[3]["EventSourceMappings"]) == len(before[4]["LambdaFunctionConfigurations"]) == 1
    function: Any = lambda_backends["123456789012"]["us-east-1"].get_function("f")
    assert [each.code for each in function.definition().layers] == [zipped("python/a.py")]
    assert function.is_deployed()
