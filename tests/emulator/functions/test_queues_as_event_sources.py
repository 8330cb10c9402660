"""Functions that read from queues: batches, failures, redrive, and mappings that are refused."""

import json
import re
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from tests.emulator.functions.conftest import Deploy

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient

FORWARD = """
import boto3
sqs = boto3.client("sqs")
def handle(event, context):
    for record in event["Records"]:
        sqs.send_message(QueueUrl=f"{sqs.meta.endpoint_url}/123456789012/handled", MessageBody=record["body"])
"""
SOME_FAIL = """
def handle(event, context):
    bad = [{"itemIdentifier": r["messageId"]} for r in event["Records"] if r["body"] == "bad"]
    return {"batchItemFailures": bad}
"""

type Clients = Callable[[str], Any]
type Map = Callable[..., dict[str, Any]]


class Queue:
    """A queue of the test."""

    def __init__(self, sqs: Any, name: str, **attributes: str) -> None:
        self._sqs = sqs
        attributes = {"VisibilityTimeout": "30", **attributes}
        self.url = sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
        self.arn = f"arn:aws:sqs:us-east-1:123456789012:{name}"

    def send(self, *bodies: str) -> None:
        for body in bodies:
            self._sqs.send_message(QueueUrl=self.url, MessageBody=body)

    def take(self) -> str:
        found = self._sqs.receive_message(QueueUrl=self.url, WaitTimeSeconds=10)["Messages"][0]
        self._sqs.delete_message(QueueUrl=self.url, ReceiptHandle=found["ReceiptHandle"])
        return str(found["Body"])

    def counts(self) -> tuple[int, int]:
        """Messages that wait, and messages that somebody has taken and not deleted."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        found = self._sqs.get_queue_attributes(QueueUrl=self.url, AttributeNames=names)["Attributes"]
        return int(found[names[0]]), int(found[names[1]])

    def becomes(self, waiting: int, taken: int) -> None:
        deadline = time.monotonic() + 15
        while self.counts() != (waiting, taken):
            assert time.monotonic() < deadline, self.counts()
            time.sleep(0.1)


@pytest.fixture
def queue(client: Clients, request: pytest.FixtureRequest) -> Queue:
    return Queue(client("sqs"), re.sub(r"\W+", "-", request.node.name)[:70])


@pytest.fixture
def read(lambda_client: "LambdaClient") -> Iterator[Map]:
    made: list[str] = []

    def create(name: str, queue: Queue, **members: Any) -> dict[str, Any]:
        answer: Any = lambda_client.create_event_source_mapping(
            FunctionName=name, EventSourceArn=queue.arn, **members
        )
        made.append(answer["UUID"])
        return dict(answer)

    yield create
    for uuid in made:
        lambda_client.delete_event_source_mapping(UUID=uuid)


def test_messages_are_handled_and_deleted(
    deploy: Deploy, read: Map, queue: Queue, client: Clients, lambda_client: "LambdaClient"
) -> None:
    handled = Queue(client("sqs"), "handled")
    queue.send("before the mapping")
    answer = read(deploy(FORWARD), queue)
    queue.send("after it")

    assert {handled.take(), handled.take()} == {"before the mapping", "after it"}
    queue.becomes(0, 0)
    assert (answer["State"], answer["BatchSize"]) == ("Creating", 10)
    assert lambda_client.get_event_source_mapping(UUID=answer["UUID"])["State"] == "Enabled"


def test_only_reported_failures_stay_in_the_queue(deploy: Deploy, read: Map, queue: Queue) -> None:
    queue.send("good", "bad", "good")
    read(deploy(SOME_FAIL), queue, FunctionResponseTypes=["ReportBatchItemFailures"])

    queue.becomes(0, 1)


def test_message_that_fails_comes_back_and_ends_in_the_dead_letter_queue(
    deploy: Deploy, read: Map, client: Clients
) -> None:
    dead = Queue(client("sqs"), "dead-messages")
    redrive = json.dumps({"deadLetterTargetArn": dead.arn, "maxReceiveCount": 2})
    queue = Queue(client("sqs"), "redriven", VisibilityTimeout="1", RedrivePolicy=redrive)
    queue.send("poison")
    read(deploy("def handle(event, context):\n    raise ValueError", Timeout=1), queue)

    assert dead.take() == "poison"
    queue.becomes(0, 0)


def test_disabled_mapping_leaves_messages_alone_until_it_is_enabled(
    deploy: Deploy, read: Map, queue: Queue, lambda_client: "LambdaClient"
) -> None:
    queue.send("patience")
    uuid = read(deploy("def handle(event, context):\n    pass"), queue, Enabled=False)["UUID"]
    assert lambda_client.get_event_source_mapping(UUID=uuid)["State"] == "Disabled"
    time.sleep(0.6)
    assert queue.counts() == (1, 0)

    assert lambda_client.update_event_source_mapping(UUID=uuid, Enabled=True)["State"] == "Enabling"

    queue.becomes(0, 0)


def test_window_gathers_what_comes_within_it(
    deploy: Deploy, read: Map, queue: Queue, client: Clients
) -> None:
    name = deploy("def handle(event, context):\n    print('got', len(event['Records']))")
    queue.send(*[str(number) for number in range(12)])
    read(name, queue, BatchSize=20, MaximumBatchingWindowInSeconds=1)

    queue.becomes(0, 0)
    events = client("logs").filter_log_events(logGroupName=f"/aws/lambda/{name}")["events"]
    assert [each["message"] for each in events if each["message"].startswith("got")] == ["got 12"]


def test_mappings_are_listed_by_function_and_by_source(
    deploy: Deploy, read: Map, queue: Queue, lambda_client: "LambdaClient"
) -> None:
    name = deploy("def handle(event, context):\n    pass")
    arn = f"arn:aws:lambda:us-east-1:123456789012:function:{name}"
    uuid = read(arn, queue)["UUID"]

    by_name = lambda_client.list_event_source_mappings(FunctionName=name)["EventSourceMappings"]
    by_source = lambda_client.list_event_source_mappings(EventSourceArn=queue.arn)["EventSourceMappings"]

    assert [each["UUID"] for each in by_name] == [each["UUID"] for each in by_source] == [uuid]
    with pytest.raises(lambda_client.exceptions.ResourceConflictException, match=uuid):
        read(name, queue)


@pytest.mark.parametrize(
    ("members", "sentence"),
    [
        ({"BatchSize": 11}, "Maximum batch window in seconds must be greater than 0"),
        (
            {"EventSourceArn": "arn:aws:sqs:us-east-1:123456789012:absent"},
            "SQS Error Code: AWS.SimpleQueueService.NonExistentQueue",
        ),
        ({"FilterCriteria": {"Filters": [{"Pattern": "{}"}]}}, "does not model FilterCriteria"),
        (
            {"EventSourceArn": "arn:aws:kinesis:us-east-1:123456789012:stream/s"},
            "does not model event sources of kinesis",
        ),
    ],
)
def test_mapping_that_cannot_be_is_refused(
    deploy: Deploy,
    queue: Queue,
    lambda_client: "LambdaClient",
    members: dict[str, Any],
    sentence: str,
) -> None:
    name = deploy("def handle(event, context):\n    pass")
    with pytest.raises(ClientError, match=sentence) as caught:
        lambda_client.create_event_source_mapping(
            **{"FunctionName": name, "EventSourceArn": queue.arn, **members}
        )
    assert caught.value.response["Error"]["Code"] == "InvalidParameterValueException"


def test_queue_whose_messages_would_come_back_too_soon_is_refused(
    deploy: Deploy, queue: Queue, lambda_client: "LambdaClient"
) -> None:
    name = deploy("def handle(event, context):\n    pass", Timeout=31)
    sentence = "Queue visibility timeout: 30 seconds is less than Function timeout: 31 seconds"
    with pytest.raises(ClientError, match=sentence):
        lambda_client.create_event_source_mapping(FunctionName=name, EventSourceArn=queue.arn)
