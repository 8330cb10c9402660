"""The one poller of a queue: an event trigger that hands on what has landed.

A message stays in the queue, hidden, until the router's run has acknowledged it: what is lost on the way
comes back. boto3 in a thread is enough for one poller, and needs nothing that MWAA has not preinstalled.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from airflow.triggers.base import BaseEventTrigger, TriggerEvent

from typed_assets.spec.landed_objects import LandedObject, PoisonError, landed_in

MOST_MESSAGES = 10
LONGEST_WAIT = 20
"""What SQS gives at once, and how many seconds it waits for it."""


class LandedFilesTrigger(BaseEventTrigger):
    """Tells of objects that have landed on S3, as messages of a queue say.

    Watchers with the same arguments share one trigger in Airflow, so that a queue has one poller however many
    assets wait for it.

    Args:
        queue_url: the queue's.
        dead_letter_url: where messages go that S3 cannot have sent; without it they are logged as errors and
            come back until the queue's own redrive policy takes them.
        hidden_seconds: how long a message is hidden after it was received, for the router's run.
        pause_seconds: between two looks after one that failed.
    """

    def __init__(
        self,
        *,
        queue_url: str,
        dead_letter_url: str | None = None,
        hidden_seconds: int = 300,
        pause_seconds: float = 30.0,
    ) -> None:
        super().__init__()
        self.queue_url, self.dead_letter_url = queue_url, dead_letter_url
        self.hidden_seconds, self.pause_seconds = hidden_seconds, pause_seconds

    def serialize(self) -> tuple[str, dict[str, Any]]:
        """Return where the class is, and its arguments."""
        return (
            f"{type(self).__module__}.{type(self).__qualname__}",
            {
                "queue_url": self.queue_url,
                "dead_letter_url": self.dead_letter_url,
                "hidden_seconds": self.hidden_seconds,
                "pause_seconds": self.pause_seconds,
            },
        )

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """Yield an event for each batch of messages, for ever."""
        async for event in self.events(client_of_sqs):
            yield event

    async def events(self, made: Callable[[], Awaitable[Any]]) -> AsyncIterator[TriggerEvent]:
        """Yield an event for each batch of messages, for ever.

        Args:
            made: gives boto3's client of SQS.
        """
        client = None
        while True:
            try:
                client = client or await made()
                batch = await asyncio.to_thread(self.receive, client)
            except Exception:
                # A trigger that ends is not started again until its DAG is parsed anew.
                self.log.exception("cannot read the queue %s", self.queue_url)
                await asyncio.sleep(self.pause_seconds)
                continue
            if batch:
                yield TriggerEvent({"queue_url": self.queue_url, "messages": batch})

    def receive(self, client: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - boto3's client of SQS
        """Return what new messages tell of, with the handles that acknowledge them."""
        answer = client.receive_message(
            QueueUrl=self.queue_url,
            MaxNumberOfMessages=MOST_MESSAGES,
            WaitTimeSeconds=LONGEST_WAIT,
            VisibilityTimeout=self.hidden_seconds,
        )
        found = []
        for message in answer.get("Messages", ()):
            objects = self._read(client, message)
            if objects is not None:
                told = [each.to_json() for each in objects]
                found.append({"receipt": message["ReceiptHandle"], "objects": told})
        return found

    def _read(self, client: Any, message: Any) -> tuple[LandedObject, ...] | None:  # noqa: ANN401 - boto3's
        try:
            return landed_in(message["Body"])
        except PoisonError as error:
            self.log.error(  # noqa: TRY400  the traceback says nothing more
                "message %s of %s is nothing S3 would send (%s): %.500s",
                message["MessageId"],
                self.queue_url,
                error,
                message["Body"],
            )
            if self.dead_letter_url is not None:
                client.send_message(QueueUrl=self.dead_letter_url, MessageBody=message["Body"])
                client.delete_message(QueueUrl=self.queue_url, ReceiptHandle=message["ReceiptHandle"])
            return None


async def client_of_sqs() -> Any:  # noqa: ANN401 - boto3's client
    """Return the client as tasks have it, of the connection that `pipelines.aws_conn_id` names.

    Airflow's own way from a trigger to connections: a thread that can reach the triggerer's loop.
    """
    from asgiref.sync import sync_to_async

    from typed_assets.building.services import airflow_services

    return await sync_to_async(lambda: airflow_services().client("sqs"))()
