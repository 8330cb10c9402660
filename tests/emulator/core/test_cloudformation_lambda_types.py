"""The types around a function, made, changed and deleted by a stack, as Lambda tells of them."""

import io
import json
import time
import zipfile
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.fakes.stack_driver import StackDriver, declare

ASSUMED_BY_LAMBDA = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}
    ],
}
SEND = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Action": [
                "sqs:SendMessage",
                "sqs:ReceiveMessage",
                "sqs:DeleteMessage",
                "sqs:GetQueueAttributes",
            ],
            "Resource": "*",
        }
    ],
}
HANDLER = "import shared\ndef handle(event, context):\n    print(event)\n    return shared.VALUE\n"


def attribute(logical_id: str, name: str) -> dict[str, Any]:
    return {"Fn::GetAtt": [logical_id, name]}


def zipped(name: str, source: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(name, source)
    return buffer.getvalue()


def logged(logs: Any, function: str, *words: str) -> bool:
    """Whether all of the words are in the function's log within a while."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        events = logs.filter_log_events(logGroupName=f"/aws/lambda/{function}")["events"]
        text = "".join(event["message"] for event in events)
        if all(word in text for word in words):
            return True
        time.sleep(0.2)
    return False


@pytest.fixture
def resources(aws: Any, unique: str) -> dict[str, Any]:
    """A function with a layer, a version, an alias, a permission and a destination."""
    aws("s3").create_bucket(Bucket=unique)
    for key, body in (
        ("code.zip", zipped("handler.py", HANDLER)),
        ("layer.zip", zipped("python/shared.py", "VALUE = 'of the layer'")),
    ):
        aws("s3").put_object(Bucket=unique, Key=key, Body=body)
    return {
        "Queue": declare("AWS::SQS::Queue", QueueName=unique),
        "Role": declare(
            "AWS::IAM::Role",
            AssumeRolePolicyDocument=ASSUMED_BY_LAMBDA,
            Policies=[{"PolicyName": "queues", "PolicyDocument": SEND}],
        ),
        "Layer": declare(
            "AWS::Lambda::LayerVersion",
            LayerName=unique,
            Content={"S3Bucket": unique, "S3Key": "layer.zip"},
            CompatibleRuntimes=["python3.12"],
        ),
        "Function": declare(
            "AWS::Lambda::Function",
            FunctionName=unique,
            Runtime="python3.12",
            Handler="handler.handle",
            Role=attribute("Role", "Arn"),
            Code={"S3Bucket": unique, "S3Key": "code.zip"},
            Layers=[{"Ref": "Layer"}],
            DeadLetterConfig={"TargetArn": attribute("Queue", "Arn")},
        ),
        "Version": declare("AWS::Lambda::Version", FunctionName={"Ref": "Function"}),
        "Alias": declare(
            "AWS::Lambda::Alias",
            FunctionName={"Ref": "Function"},
            FunctionVersion=attribute("Version", "Version"),
            Name="live",
        ),
        "Invocations": declare(
            "AWS::Lambda::EventInvokeConfig",
            FunctionName={"Ref": "Function"},
            Qualifier="$LATEST",
            MaximumRetryAttempts=1,
            DestinationConfig={"OnFailure": {"Destination": attribute("Queue", "Arn")}},
        ),
        "Permission": declare(
            "AWS::Lambda::Permission",
            FunctionName={"Ref": "Function"},
            Action="lambda:InvokeFunction",
            Principal="s3.amazonaws.com",
            SourceAccount="123456789012",
        ),
        "Source": declare("AWS::SQS::Queue", QueueName=f"{unique}-source"),
        "Mapping": declare(
            "AWS::Lambda::EventSourceMapping",
            FunctionName={"Ref": "Function"},
            EventSourceArn=attribute("Source", "Arn"),
            BatchSize=5,
            FunctionResponseTypes=["ReportBatchItemFailures"],
        ),
        "Bucket": {
            **declare(
                "AWS::S3::Bucket",
                BucketName=f"{unique}-landing",
                NotificationConfiguration={
                    "LambdaConfigurations": [
                        {
                            "Event": "s3:ObjectCreated:*",
                            "Function": attribute("Function", "Arn"),
                            "Filter": {"S3Key": {"Rules": [{"Name": "suffix", "Value": ".csv"}]}},
                        }
                    ]
                },
            ),
            "DependsOn": "Permission",
        },
    }


def test_function_with_everything_around_it(
    stacks: StackDriver, aws: Any, unique: str, resources: dict[str, Any]
) -> None:
    functions = aws("lambda")
    created = stacks.create(resources)
    assert created["StackStatus"] == "CREATE_COMPLETE", stacks.failures()
    answer = functions.invoke(FunctionName=unique, Qualifier="live")
    arn = f"arn:aws:lambda:us-east-1:123456789012:function:{unique}"
    config = functions.get_function_event_invoke_config(FunctionName=unique)
    (statement,) = json.loads(functions.get_policy(FunctionName=unique)["Policy"])["Statement"]
    (mapping,) = functions.list_event_source_mappings(FunctionName=unique)["EventSourceMappings"]
    landing = aws("s3").get_bucket_notification_configuration(Bucket=f"{unique}-landing")
    dead_letters = functions.get_function_configuration(FunctionName=unique)["DeadLetterConfig"]

    aws("s3").put_object(Bucket=f"{unique}-landing", Key="landed.csv", Body=b"1")
    source = aws("sqs").get_queue_url(QueueName=f"{unique}-source")["QueueUrl"]
    aws("sqs").send_message(QueueUrl=source, MessageBody="queued")
    handled = logged(aws("logs"), unique, "landed.csv", "queued")
    aws("s3").delete_object(Bucket=f"{unique}-landing", Key="landed.csv")

    resources["Invocations"]["Properties"]["MaximumRetryAttempts"] = 0
    resources["Alias"]["Properties"]["Description"] = "the one that runs"
    resources["Mapping"]["Properties"] |= {"Enabled": False}
    del resources["Bucket"]["Properties"]["NotificationConfiguration"]
    updated = stacks.update(resources)
    assert updated["StackStatus"] == "UPDATE_COMPLETE", stacks.failures()
    changed = functions.get_function_event_invoke_config(FunctionName=unique)
    disabled = functions.get_event_source_mapping(UUID=mapping["UUID"])
    silent = aws("s3").get_bucket_notification_configuration(Bucket=f"{unique}-landing")
    alias = functions.get_alias(FunctionName=unique, Name="live")
    assert stacks.delete()["StackStatus"] == "DELETE_COMPLETE", stacks.failures()

    assert handled
    assert json.loads(answer["Payload"].read()) == "of the layer"
    assert answer["ExecutedVersion"] == "1"
    queue = f"arn:aws:sqs:us-east-1:123456789012:{unique}"
    assert dead_letters == {"TargetArn": queue}
    assert config["DestinationConfig"] == {"OnFailure": {"Destination": queue}}
    assert (config["FunctionArn"], config["MaximumRetryAttempts"]) == (f"{arn}:$LATEST", 1)
    assert (changed["MaximumRetryAttempts"], alias["Description"]) == (0, "the one that runs")
    assert (mapping["BatchSize"], mapping["State"], disabled["State"]) == (5, "Enabled", "Disabled")
    (rule,) = landing["LambdaFunctionConfigurations"]
    assert rule["Filter"]["Key"]["FilterRules"] == [{"Name": "suffix", "Value": ".csv"}]
    assert (rule["LambdaFunctionArn"], rule["Events"]) == (arn, ["s3:ObjectCreated:*"])
    assert "LambdaFunctionConfigurations" not in silent
    assert statement["Principal"] == {"Service": "s3.amazonaws.com"}
    assert statement["Condition"] == {"StringEquals": {"AWS:SourceAccount": "123456789012"}}
    assert functions.list_layer_versions(LayerName=unique)["LayerVersions"] == []
    with pytest.raises(ClientError, match="ResourceNotFound"):
        functions.get_function(FunctionName=unique)


def test_function_of_the_template_s_own_text_with_reserved_places(
    stacks: StackDriver, aws: Any, unique: str
) -> None:
    functions = aws("lambda")
    function = declare(
        "AWS::Lambda::Function",
        FunctionName=unique,
        Runtime="python3.12",
        Handler="index.handle",
        Role=attribute("Role", "Arn"),
        Code={"ZipFile": "def handle(event, context):\n    return 'one'\n"},
        ReservedConcurrentExecutions=1,
    )
    role = declare("AWS::IAM::Role", AssumeRolePolicyDocument=ASSUMED_BY_LAMBDA)
    resources = {"Role": role, "Function": function}
    assert stacks.create(resources)["StackStatus"] == "CREATE_COMPLETE", stacks.failures()
    first = json.loads(functions.invoke(FunctionName=unique)["Payload"].read())
    reserved = functions.get_function_concurrency(FunctionName=unique)["ReservedConcurrentExecutions"]

    function["Properties"]["Code"] = {"ZipFile": "def handle(event, context):\n    return 'two'\n"}
    del function["Properties"]["ReservedConcurrentExecutions"]
    assert stacks.update(resources)["StackStatus"] == "UPDATE_COMPLETE", stacks.failures()
    second = json.loads(functions.invoke(FunctionName=unique)["Payload"].read())
    released = functions.get_function_concurrency(FunctionName=unique)
    assert stacks.delete()["StackStatus"] == "DELETE_COMPLETE", stacks.failures()

    assert (first, reserved, second) == ("one", 1, "two")
    assert "ReservedConcurrentExecutions" not in released
