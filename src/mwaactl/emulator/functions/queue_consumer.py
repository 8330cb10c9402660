"""Hands a queue's messages to a function in batches, and deletes those that it has dealt with."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from mwaactl.emulator.functions.deliveries import Place, queue_url
from mwaactl.emulator.functions.handler_process import Event
from mwaactl.emulator.functions.sqs_records import Message, event_of, failed_ids

if TYPE_CHECKING:
    from mwaactl.emulator.functions.models import ProcessFunction

_PER_REQUEST = 10
"""Messages that ReceiveMessage gives and DeleteMessageBatch takes."""
_LARGEST_BATCH = 6_000_000
"""Bytes of message bodies that end a batch, which must fit into a synchronous invocation."""
_PAUSE = 0.2


@dataclass(frozen=True, slots=True)
class Batching:
    """How messages become batches.

    Attributes:
        queue_arn: the queue.
        size: messages of a batch at most.
        window: seconds that a batch waits to become full.
        reported: whether the function says which messages it failed.
    """

    queue_arn: str
    size: int
    window: float
    reported: bool


class QueueConsumer:
    """Consumes one queue for one function, as the function's role.

    Args:
        sqs: a client of SQS that acts as the role.
        function: the function.
        batching: how messages become batches.
        clock: seconds that only go on.
        sleep: waits.
    """

    def __init__(
        self,
        sqs: Any,  # noqa: ANN401 - boto3's client
        function: "ProcessFunction",
        batching: Batching,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._sqs = sqs
        self._url = queue_url(sqs, Place.of(batching.queue_arn))
        self._function = function
        self._batching = batching
        self._clock = clock
        self._sleep = sleep

    def consume(self) -> bool:
        """Handle one batch, and tell whether there was one.

        Raises:
            ClientError: the role may not read the queue, or the queue is gone.
            TooManyRequestsError, CannotRunError: the function was not invoked; the messages come back.
        """
        messages = self._gather()
        if not messages:
            return False
        event = Event(str(uuid4()), event_of(messages, self._batching.queue_arn))
        outcome = self._function.run(event).outcome
        ids = frozenset(message["MessageId"] for message in messages)
        failed = failed_ids(outcome, ids, reported=self._batching.reported)
        self._delete([message for message in messages if message["MessageId"] not in failed])
        return True

    def _gather(self) -> list[Message]:
        batch: list[Message] = []
        deadline = self._clock() + self._batching.window
        while (missing := self._batching.size - len(batch)) > 0 and _size(batch) < _LARGEST_BATCH:
            found = self._receive(min(missing, _PER_REQUEST))
            batch += found
            if self._clock() >= deadline:
                break
            if not found:
                self._sleep(_PAUSE)
        return batch

    def _receive(self, count: int) -> list[Message]:
        answer = self._sqs.receive_message(
            QueueUrl=self._url,
            MaxNumberOfMessages=count,
            AttributeNames=["All"],
            MessageAttributeNames=["All"],
            WaitTimeSeconds=0,
        )
        found: list[Message] = answer.get("Messages", [])
        return found

    def _delete(self, messages: list[Message]) -> None:
        for start in range(0, len(messages), _PER_REQUEST):
            entries = [
                {"Id": str(number), "ReceiptHandle": message["ReceiptHandle"]}
                for number, message in enumerate(messages[start : start + _PER_REQUEST])
            ]
            self._sqs.delete_message_batch(QueueUrl=self._url, Entries=entries)


def _size(batch: list[Message]) -> int:
    return sum(len(message["Body"].encode()) for message in batch)
