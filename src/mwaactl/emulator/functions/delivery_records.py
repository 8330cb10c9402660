"""What Lambda tells others about an asynchronous invocation: destinations' records and dead letters.

https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from mwaactl.emulator.functions.outcomes import Failed, Invocation

if TYPE_CHECKING:
    from mwaactl.emulator.functions.handler_process import Event
    from mwaactl.emulator.functions.retry_rules import Condition

_LONGEST_MESSAGE = 1024
"""Bytes of the error's text that a dead letter carries."""


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """An event that failed.

    Attributes:
        body: the event as it came.
        attributes: the message attributes, as SQS and SNS take them.
    """

    body: str
    attributes: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Subject:
    """Which function a record is about.

    Attributes:
        arn: its ARN, with the version.
        version: the version.
    """

    arn: str
    version: str


def record(
    subject: Subject,
    event: "Event",
    condition: "Condition",
    invocations: int,
    last: Invocation | None,
    now: datetime,
) -> dict[str, Any]:
    """Return the record that a destination gets.

    Args:
        subject: the function.
        event: the event.
        condition: how it ended.
        invocations: how often the function was invoked for it.
        last: the last invocation; None if there was none.
        now: the time.
    """
    found = {
        "version": "1.0",
        "timestamp": timestamp(now),
        "requestContext": {
            "requestId": event.request_id,
            "functionArn": subject.arn,
            "condition": condition.value,
            "approximateInvokeCount": invocations,
        },
        "requestPayload": json.loads(event.payload),
    }
    if last is None:
        return found
    context = {"statusCode": 200, "executedVersion": subject.version}
    if isinstance(last.outcome, Failed):
        context["functionError"] = "Unhandled"
        return found | {"responseContext": context, "responsePayload": last.outcome.error}
    return found | {"responseContext": context, "responsePayload": json.loads(last.outcome.payload)}


def dead_letter(event: "Event", last: Invocation | None) -> DeadLetter:
    """Return an event that failed as a message for a queue or a topic."""
    error = last.outcome.error if last and isinstance(last.outcome, Failed) else None
    message = (error or {}).get("errorMessage", "")
    values = {
        "RequestID": ("String", event.request_id),
        "ErrorCode": ("Number", "429" if error is None else "200"),
        "ErrorMessage": ("String", _shortened(str(message) or "Rate Exceeded.")),
    }
    attributes = {name: {"DataType": kind, "StringValue": value} for name, (kind, value) in values.items()}
    return DeadLetter(event.payload, attributes)


def timestamp(moment: datetime) -> str:
    """Return a time as AWS writes it in records."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def _shortened(text: str) -> str:
    return text.encode()[:_LONGEST_MESSAGE].decode(errors="ignore")
