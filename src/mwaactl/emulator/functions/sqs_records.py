"""What a function gets of a queue's messages, and what its answer says about them.

https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
"""

import base64
import json
from collections.abc import Mapping, Sequence
from typing import Any

from mwaactl.emulator.functions.outcomes import Failed, Outcome

type Message = Mapping[str, Any]
"""A message as ReceiveMessage returns it."""


def event_of(messages: Sequence[Message], queue_arn: str) -> str:
    """Return the event of a batch, as JSON."""
    return json.dumps({"Records": [_record(message, queue_arn) for message in messages]})


def failed_ids(outcome: Outcome, ids: frozenset[str], *, reported: bool) -> frozenset[str]:
    """Return the messages that stay in the queue.

    Args:
        outcome: how the function ended.
        ids: the messages of the batch.
        reported: whether the mapping has `ReportBatchItemFailures`.
    """
    if isinstance(outcome, Failed):
        return ids
    if not reported:
        return frozenset()
    answer = json.loads(outcome.payload)
    if not answer:
        return frozenset()
    if not isinstance(answer, dict):
        return ids
    items = answer.get("batchItemFailures") or ()
    named = frozenset(str(item.get("itemIdentifier")) if isinstance(item, dict) else "" for item in items)
    # An answer that names what is not in the batch counts as a failure of all of it.
    return named if named.issubset(ids) else ids


def _record(message: Message, queue_arn: str) -> dict[str, Any]:
    record = {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": dict(message.get("Attributes", {})),
        "messageAttributes": {
            name: _attribute(value) for name, value in message.get("MessageAttributes", {}).items()
        },
        "md5OfBody": message["MD5OfBody"],
        "eventSource": "aws:sqs",
        "eventSourceARN": queue_arn,
        "awsRegion": queue_arn.split(":")[3],
    }
    if digest := message.get("MD5OfMessageAttributes"):
        record["md5OfMessageAttributes"] = digest
    return record


def _attribute(value: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"stringListValues": [], "binaryListValues": [], "dataType": value["DataType"]}
    if "StringValue" in value:
        found["stringValue"] = value["StringValue"]
    if "BinaryValue" in value:
        found["binaryValue"] = base64.b64encode(value["BinaryValue"]).decode()
    return found
