"""Brings records and dead letters to where a function's owner wants them, as the function's role."""

import json
import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mwaactl.emulator.functions.definition import FunctionDefinition
    from mwaactl.emulator.functions.delivery_records import DeadLetter

    Clients = Callable[[FunctionDefinition, str, str], Any]

_log = logging.getLogger(__name__)
_DETAIL = "Lambda Function Invocation Result - "


@dataclass(frozen=True, slots=True)
class Place:
    """Where something goes.

    Attributes:
        arn: its ARN.
        service: the service.
        region: its region; empty where the ARN has none.
        account: its account.
        name: what the service calls it.
    """

    arn: str
    service: str
    region: str
    account: str
    name: str

    @classmethod
    def of(cls, arn: str) -> "Place":
        """Return the place of an ARN."""
        _, _, service, region, account, name = arn.split(":", 5)
        return cls(arn, service, region, account, name)


class Deliveries:
    """Delivers.

    Args:
        clients: returns a boto3 client that acts as a function's role, for a service in a region.
    """

    def __init__(self, clients: "Clients") -> None:
        self._clients = clients

    def send_record(self, function: "FunctionDefinition", arn: str, record: Mapping[str, Any]) -> None:
        """Deliver a record; what cannot be delivered is lost, as on AWS, and logged."""
        place, text = Place.of(arn), json.dumps(record, ensure_ascii=False)
        with _logged(function, arn):
            client = self._client(function, place)
            match place.service:
                case "sqs":
                    client.send_message(QueueUrl=queue_url(client, place), MessageBody=text)
                case "sns":
                    client.publish(TopicArn=arn, Message=text)
                case "lambda":
                    client.invoke(FunctionName=arn, InvocationType="Event", Payload=text.encode())
                case "events":
                    client.put_events(Entries=[_entry(place, record)])
                case _:
                    client.put_object(Bucket=place.name, Key=_key(function, record), Body=text.encode())

    def send_dead_letter(self, function: "FunctionDefinition", arn: str, letter: "DeadLetter") -> None:
        """Deliver an event that failed to a queue or a topic; if that fails, it is lost and logged."""
        place = Place.of(arn)
        with _logged(function, arn):
            client = self._client(function, place)
            if place.service == "sqs":
                client.send_message(
                    QueueUrl=queue_url(client, place),
                    MessageBody=letter.body,
                    MessageAttributes=letter.attributes,
                )
            else:
                client.publish(TopicArn=arn, Message=letter.body, MessageAttributes=letter.attributes)

    def _client(self, function: "FunctionDefinition", place: Place) -> Any:  # noqa: ANN401 - per service
        return self._clients(function, place.service, place.region or function.region)


def queue_url(client: Any, place: Place) -> str:  # noqa: ANN401 - boto3's client of SQS
    """Return the address of a queue without asking for it, which would need a permission."""
    return f"{client.meta.endpoint_url}/{place.account}/{place.name}"


@contextmanager
def _logged(function: "FunctionDefinition", arn: str) -> Iterator[None]:
    try:
        yield
    except Exception as error:  # noqa: BLE001 - whatever a client raises means the same
        _log.warning("what became of an event of %s was not delivered to %s: %s", function.name, arn, error)


def _entry(place: Place, record: Mapping[str, Any]) -> dict[str, Any]:
    success = record["requestContext"]["condition"] == "Success"
    return {
        "Source": "lambda",
        "DetailType": _DETAIL + ("Success" if success else "Failure"),
        "Detail": json.dumps(record),
        "Resources": [place.arn, record["requestContext"]["functionArn"]],
        "EventBusName": place.name.removeprefix("event-bus/"),
    }


def _key(function: "FunctionDefinition", record: Mapping[str, Any]) -> str:
    moment, request = record["timestamp"], record["requestContext"]["requestId"]
    day = moment[:10].replace("-", "/")
    return f"aws/lambda/async/{function.name}/{day}/{moment[:19].replace(':', '.')}-{request}"
