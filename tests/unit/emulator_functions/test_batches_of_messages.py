"""What a function gets of a queue, and what its answer means for the messages."""

import json
from typing import Any

import pytest

from mwaactl.emulator.functions.outcomes import Failed, Succeeded
from mwaactl.emulator.functions.sqs_records import event_of, failed_ids

QUEUE = "arn:aws:sqs:eu-west-1:123456789012:tasks"
IDS = frozenset({"a", "b"})
NONE: frozenset[str] = frozenset()


def test_record_has_the_members_that_aws_documents() -> None:
    message = {
        "MessageId": "a",
        "ReceiptHandle": "r",
        "Body": "grüezi",
        "MD5OfBody": "m",
        "MD5OfMessageAttributes": "n",
        "Attributes": {"ApproximateReceiveCount": "1", "SenderId": "AIDA", "SentTimestamp": "1"},
        "MessageAttributes": {
            "text": {"StringValue": "t", "DataType": "String"},
            "bytes": {"BinaryValue": b"\x00", "DataType": "Binary"},
        },
    }
    nothing: dict[str, Any] = {"stringListValues": [], "binaryListValues": []}

    (record,) = json.loads(event_of([message], QUEUE))["Records"]

    assert record == {
        "messageId": "a",
        "receiptHandle": "r",
        "body": "grüezi",
        "attributes": {"ApproximateReceiveCount": "1", "SenderId": "AIDA", "SentTimestamp": "1"},
        "messageAttributes": {
            "text": {**nothing, "stringValue": "t", "dataType": "String"},
            "bytes": {**nothing, "binaryValue": "AA==", "dataType": "Binary"},
        },
        "md5OfBody": "m",
        "md5OfMessageAttributes": "n",
        "eventSource": "aws:sqs",
        "eventSourceARN": QUEUE,
        "awsRegion": "eu-west-1",
    }


@pytest.mark.parametrize(
    ("answer", "stay"),
    [
        ({"batchItemFailures": [{"itemIdentifier": "b"}]}, frozenset({"b"})),
        ({"batchItemFailures": [{"itemIdentifier": "a"}, {"itemIdentifier": "b"}]}, IDS),
        ({"batchItemFailures": []}, NONE),
        ({"batchItemFailures": None}, NONE),
        ({}, NONE),
        (None, NONE),
        ({"batchItemFailures": [{"itemIdentifier": ""}]}, IDS),
        ({"batchItemFailures": [{"itemIdentifier": None}]}, IDS),
        ({"batchItemFailures": [{"wrongKey": "b"}]}, IDS),
        ({"batchItemFailures": [{"itemIdentifier": "of another batch"}]}, IDS),
        ("some text", IDS),
    ],
)
def test_reported_failures_stay_in_the_queue(answer: Any, stay: frozenset[str]) -> None:
    assert failed_ids(Succeeded(json.dumps(answer)), IDS, reported=True) == stay


def test_answer_means_nothing_where_failures_are_not_reported() -> None:
    answer = json.dumps({"batchItemFailures": [{"itemIdentifier": "b"}]})

    assert failed_ids(Succeeded(answer), IDS, reported=False) == NONE


@pytest.mark.parametrize("reported", [True, False])
def test_error_keeps_the_whole_batch(*, reported: bool) -> None:
    assert failed_ids(Failed({"errorMessage": "no"}), IDS, reported=reported) == IDS
