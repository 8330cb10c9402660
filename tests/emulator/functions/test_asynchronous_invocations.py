"""Asynchronous invocations: retries, dead letters, destinations and who may have them."""

import json
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from tests.emulator.functions.conftest import Deploy

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient

FAILING = (
    "def handle(event, context):\n    print('try', context.aws_request_id)\n    raise ValueError('no')\n"
)
ECHO = "def handle(event, context):\n    return {'got': event}\n"

type Clients = Callable[[str], Any]


class Inbox:
    """A queue, and what came to it."""

    def __init__(self, sqs: Any, name: str) -> None:
        self._sqs = sqs
        self._url = sqs.create_queue(QueueName=name)["QueueUrl"]
        self.arn = f"arn:aws:sqs:us-east-1:123456789012:{name}"

    def take(self) -> dict[str, Any]:
        for _ in range(10):
            found = self._sqs.receive_message(
                QueueUrl=self._url, WaitTimeSeconds=2, MessageAttributeNames=["All"]
            )
            if found.get("Messages"):
                message: dict[str, Any] = found["Messages"][0]
                self._sqs.delete_message(QueueUrl=self._url, ReceiptHandle=message["ReceiptHandle"])
                return message
        raise AssertionError(self.arn)

    def is_empty(self) -> bool:
        attributes = ["ApproximateNumberOfMessages"]
        found = self._sqs.get_queue_attributes(QueueUrl=self._url, AttributeNames=attributes)
        return str(found["Attributes"]["ApproximateNumberOfMessages"]) == "0"


@pytest.fixture
def inbox(client: Clients, request: pytest.FixtureRequest) -> Inbox:
    return Inbox(client("sqs"), request.node.name[:70].rstrip("_[]"))


def test_failing_event_is_tried_three_times_and_then_is_a_dead_letter(
    lambda_client: "LambdaClient", deploy: Deploy, inbox: Inbox, client: Clients
) -> None:
    name = deploy(FAILING, DeadLetterConfig={"TargetArn": inbox.arn})
    accepted = lambda_client.invoke(FunctionName=name, InvocationType="Event", Payload=b'{"n": 1}')
    request_id = accepted["ResponseMetadata"]["RequestId"]

    letter = inbox.take()

    assert json.loads(letter["Body"]) == {"n": 1}
    assert letter["MessageAttributes"] == {
        "RequestID": {"DataType": "String", "StringValue": request_id},
        "ErrorCode": {"DataType": "Number", "StringValue": "200"},
        "ErrorMessage": {"DataType": "String", "StringValue": "no"},
    }
    events = client("logs").filter_log_events(logGroupName=f"/aws/lambda/{name}")["events"]
    tries = [event["message"] for event in events if event["message"].startswith("try ")]
    assert tries == [f"try {request_id}"] * 3
    assert lambda_client.get_function_configuration(FunctionName=name)["DeadLetterConfig"] == {
        "TargetArn": inbox.arn
    }


def test_failure_s_record_goes_to_its_destination(
    lambda_client: "LambdaClient", deploy: Deploy, inbox: Inbox
) -> None:
    name = deploy(FAILING)
    lambda_client.put_function_event_invoke_config(
        FunctionName=name,
        MaximumRetryAttempts=1,
        DestinationConfig={"OnFailure": {"Destination": inbox.arn}},
    )
    lambda_client.invoke(FunctionName=name, InvocationType="Event", Payload=b'{"n": 2}')

    record = json.loads(inbox.take()["Body"])

    stack = record["responsePayload"].pop("stackTrace")
    assert len(stack) == 1
    request_id = record["requestContext"]["requestId"]
    assert record.pop("timestamp").endswith("Z")
    assert record == {
        "version": "1.0",
        "requestContext": {
            "requestId": request_id,
            "functionArn": f"arn:aws:lambda:us-east-1:123456789012:function:{name}:$LATEST",
            "condition": "RetriesExhausted",
            "approximateInvokeCount": 2,
        },
        "requestPayload": {"n": 2},
        "responseContext": {
            "statusCode": 200,
            "executedVersion": "$LATEST",
            "functionError": "Unhandled",
        },
        "responsePayload": {"errorMessage": "no", "errorType": "ValueError", "requestId": request_id},
    }


def test_success_s_record_goes_to_its_destination_and_to_no_other(
    lambda_client: "LambdaClient", deploy: Deploy, inbox: Inbox, client: Clients
) -> None:
    failures = Inbox(client("sqs"), "failures-of-a-success")
    name = deploy(ECHO)
    lambda_client.put_function_event_invoke_config(
        FunctionName=name,
        DestinationConfig={
            "OnSuccess": {"Destination": inbox.arn},
            "OnFailure": {"Destination": failures.arn},
        },
    )
    lambda_client.invoke(FunctionName=name, InvocationType="Event", Payload=b'{"n": 3}')

    record = json.loads(inbox.take()["Body"])

    assert record["requestContext"]["condition"] == "Success"
    assert record["requestContext"]["approximateInvokeCount"] == 1
    assert record["responseContext"] == {"statusCode": 200, "executedVersion": "$LATEST"}
    assert record["responsePayload"] == {"got": {"n": 3}}
    assert failures.is_empty()


def test_function_is_a_destination_and_gets_the_record(
    lambda_client: "LambdaClient", deploy: Deploy, inbox: Inbox, role: str
) -> None:
    from tests.emulator.functions.conftest import package

    lambda_client.create_function(
        FunctionName="told",
        Runtime="python3.12",
        Role=role,
        Handler="handler.handle",
        Code={"ZipFile": package(ECHO)},
    )
    arn = "arn:aws:lambda:us-east-1:123456789012:function:told"
    name = deploy(ECHO)
    told: Any = {"OnSuccess": {"Destination": arn}}
    lambda_client.put_function_event_invoke_config(FunctionName=name, DestinationConfig=told)
    onwards: Any = {"OnSuccess": {"Destination": inbox.arn}}
    lambda_client.put_function_event_invoke_config(FunctionName="told", DestinationConfig=onwards)

    lambda_client.invoke(FunctionName=name, InvocationType="Event", Payload=b'"x"')

    record = json.loads(inbox.take()["Body"])
    lambda_client.delete_function(FunctionName="told")
    assert record["requestPayload"]["responsePayload"] == {"got": "x"}


def test_event_that_never_has_a_place_is_a_dead_letter_at_once(
    lambda_client: "LambdaClient", deploy: Deploy, inbox: Inbox
) -> None:
    name = deploy(ECHO, DeadLetterConfig={"TargetArn": inbox.arn})
    lambda_client.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=0)

    lambda_client.invoke(FunctionName=name, InvocationType="Event", Payload=b"{}")

    assert inbox.take()["MessageAttributes"]["ErrorCode"]["StringValue"] == "429"


def test_configuration_is_replaced_by_put_changed_by_update_and_kept_per_qualifier(
    lambda_client: "LambdaClient", deploy: Deploy
) -> None:
    name = deploy(ECHO)
    arn = f"arn:aws:lambda:us-east-1:123456789012:function:{name}"
    lambda_client.put_function_event_invoke_config(FunctionName=name, MaximumRetryAttempts=1)
    lambda_client.put_function_event_invoke_config(FunctionName=name, MaximumEventAgeInSeconds=60)
    lambda_client.update_function_event_invoke_config(FunctionName=name, MaximumRetryAttempts=0)
    version = lambda_client.publish_version(FunctionName=name)["Version"]
    lambda_client.put_function_event_invoke_config(
        FunctionName=name, Qualifier=version, MaximumRetryAttempts=2
    )

    latest = lambda_client.get_function_event_invoke_config(FunctionName=name)
    published: Any = lambda_client.get_function_event_invoke_config(FunctionName=name, Qualifier=version)

    assert (latest["FunctionArn"], published["FunctionArn"]) == (f"{arn}:$LATEST", f"{arn}:{version}")
    assert (latest["MaximumRetryAttempts"], latest["MaximumEventAgeInSeconds"]) == (0, 60)
    assert published["MaximumRetryAttempts"] == 2
    assert "MaximumEventAgeInSeconds" not in published
    assert abs(latest["LastModified"].timestamp() - time.time()) < 60
    lambda_client.delete_function_event_invoke_config(FunctionName=name)
    with pytest.raises(lambda_client.exceptions.ResourceNotFoundException):
        lambda_client.get_function_event_invoke_config(FunctionName=name)


@pytest.fixture
def powerless(client: Clients) -> str:
    """A role that trusts Lambda and may do nothing."""
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "lambda.amazonaws.com"},
        "Action": "sts:AssumeRole",
    }
    trust = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    iam = client("iam")
    try:
        return str(iam.get_role(RoleName="powerless")["Role"]["Arn"])
    except iam.exceptions.NoSuchEntityException:
        made = iam.create_role(RoleName="powerless", AssumeRolePolicyDocument=trust)
        return str(made["Role"]["Arn"])


def test_queue_that_the_role_may_not_send_to_is_refused(
    lambda_client: "LambdaClient", deploy: Deploy, inbox: Inbox, powerless: str
) -> None:
    refused = lambda_client.exceptions.InvalidParameterValueException
    with pytest.raises(refused, match="role does not have permissions to call SendMessage on SQS"):
        deploy(ECHO, Role=powerless, DeadLetterConfig={"TargetArn": inbox.arn})
    name = deploy(ECHO, Role=powerless)
    with pytest.raises(refused, match=f"permissions to call SendMessage on {inbox.arn}"):
        lambda_client.put_function_event_invoke_config(
            FunctionName=name, DestinationConfig={"OnFailure": {"Destination": inbox.arn}}
        )


def test_role_that_does_not_trust_lambda_is_refused(
    lambda_client: "LambdaClient", deploy: Deploy, client: Clients, role: str
) -> None:
    trust = json.dumps({"Version": "2012-10-17", "Statement": []})
    made = client("iam").create_role(RoleName="for-nobody", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    refused = lambda_client.exceptions.InvalidParameterValueException
    sentence = "The role defined for the function cannot be assumed by Lambda."

    with pytest.raises(refused, match=sentence):
        deploy(ECHO, Role=made)
    with pytest.raises(refused, match=sentence):
        deploy(ECHO, Role="arn:aws:iam::123456789012:role/absent")
    name = deploy(ECHO)
    with pytest.raises(refused, match=sentence):
        lambda_client.update_function_configuration(FunctionName=name, Role=made)
    assert lambda_client.get_function_configuration(FunctionName=name)["Role"] == role
