"""A queue has one poller, and each asset gets the files that have landed for it."""

import asyncio
import json
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from airflow.configuration import conf
from airflow.serialization import serialized_objects
from airflow.triggers.base import BaseEventTrigger
from botocore.exceptions import EndpointConnectionError

from typed_assets import Asset, SpecError, router
from typed_assets.scheduling.queue_trigger import LandedFilesTrigger, client_of_sqs
from typed_assets.scheduling.router import batches_of, delete, landed_objects, sort_out
from typed_assets.services import Services
from typed_assets.testing import run_dag

WEATHER = Asset(name="landed.weather", uri="s3://{data_bucket}/landing/weather/")
PLANES = Asset(name="landed.planes", uri="s3://{data_bucket}/landing/planes/")
IDLE = Asset(name="landed.idle", uri="s3://{data_bucket}/landing/idle/")
OPTIONS = {"data_bucket": "lake"}


def message(key: str, bucket: str = "lake") -> str:
    found = {"bucket": {"name": bucket}, "object": {"key": key, "size": 1, "etag": "e"}}
    return json.dumps({"source": "aws.s3", "detail-type": "Object Created", "detail": found})


@pytest.fixture
def sqs(aws: Callable[[str], Any]) -> Any:
    return aws("sqs")


@pytest.fixture
def queues(sqs: Any) -> Iterator[tuple[str, str]]:
    """A queue and its dead-letter queue."""
    made = [sqs.create_queue(QueueName=f"router-{uuid4().hex[:8]}")["QueueUrl"] for _ in range(2)]
    yield made[0], made[1]
    for url in made:
        sqs.delete_queue(QueueUrl=url)


def left_in(sqs: Any, url: str) -> int:
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
    return sum(int(found[name]) for name in names)


def started_by(event: Any) -> dict[str, Any]:
    return {"triggering_asset_events": {event.asset: [event]}}


def first_event(trigger: LandedFilesTrigger) -> Any:
    return first_of(trigger.run())


def first_of(events: Any) -> Any:
    async def first() -> Any:
        try:
            return (await anext(events)).payload
        finally:
            await events.aclose()

    return asyncio.run(first())


@pytest.mark.newest
def test_messages_stay_in_the_queue_until_they_are_acknowledged(
    aws: Callable[[str], Any], sqs: Any, queues: tuple[str, str]
) -> None:
    for key in ("landing/weather/1.csv", "landing/planes/2.csv", "elsewhere/3.csv"):
        sqs.send_message(QueueUrl=queues[0], MessageBody=message(key))
    services = Services(client=aws, options=OPTIONS)

    batch = first_event(LandedFilesTrigger(queue_url=queues[0]))
    again = json.loads(json.dumps(batch))
    found = sort_out([again], [WEATHER, PLANES], services, queues[1])

    assert {name: [each.key for each in objects] for name, objects in found.items()} == {
        "landed.weather": ["landing/weather/1.csv"],
        "landed.planes": ["landing/planes/2.csv"],
    }
    assert (left_in(sqs, queues[0]), left_in(sqs, queues[1])) == (3, 1)
    assert delete([each["receipt"] for each in again["messages"]], queues[0], services=services) == 3
    assert left_in(sqs, queues[0]) == 0


@pytest.mark.newest
def test_a_poison_message_goes_to_the_dead_letter_queue_and_keeps_no_other_back(
    sqs: Any, queues: tuple[str, str]
) -> None:
    for body in ("poison", message("landing/weather/1.csv")):
        sqs.send_message(QueueUrl=queues[0], MessageBody=body)

    batch = LandedFilesTrigger(queue_url=queues[0], dead_letter_url=queues[1]).receive(sqs)

    assert [each["objects"][0]["key"] for each in batch] == ["landing/weather/1.csv"]
    assert sqs.receive_message(QueueUrl=queues[1])["Messages"][0]["Body"] == "poison"
    assert left_in(sqs, queues[0]) == 1


@pytest.mark.newest
def test_a_poison_message_without_a_dead_letter_queue_stays_for_the_redrive_policy(
    sqs: Any, queues: tuple[str, str]
) -> None:
    sqs.send_message(QueueUrl=queues[0], MessageBody="poison")

    assert LandedFilesTrigger(queue_url=queues[0]).receive(sqs) == []
    assert left_in(sqs, queues[0]) == 1


class OnceBroken:
    """A client of SQS whose first call does not reach AWS."""

    def __init__(self, sqs: Any) -> None:
        self._sqs, self._failures = sqs, [EndpointConnectionError(endpoint_url="https://sqs")]

    def receive_message(self, **request: Any) -> Any:
        if self._failures:
            raise self._failures.pop()
        return self._sqs.receive_message(**request)


@pytest.mark.newest
def test_the_poller_outlives_a_queue_that_cannot_be_read_and_a_client_that_cannot_be_made(
    sqs: Any, queues: tuple[str, str]
) -> None:
    sqs.send_message(QueueUrl=queues[0], MessageBody=message("landing/weather/1.csv"))
    trigger, unknown = LandedFilesTrigger(queue_url=queues[0], pause_seconds=0.01), [OSError("not now")]

    async def made() -> OnceBroken:
        if unknown:
            raise unknown.pop()
        return OnceBroken(sqs)

    assert len(first_of(trigger.events(made))["messages"]) == 1


@pytest.mark.newest
def test_the_poller_uses_the_connection_of_the_options(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AIRFLOW__PIPELINES__AWS_CONN_ID", "of_queues")
    elsewhere = {"conn_type": "aws", "extra": {"region_name": "eu-west-3"}}
    monkeypatch.setenv("AIRFLOW_CONN_OF_QUEUES", json.dumps(elsewhere))

    client = asyncio.run(client_of_sqs())

    assert client.meta.region_name == "eu-west-3"


@pytest.mark.newest
def test_deleting_says_what_was_not_deleted(aws: Callable[[str], Any], queues: tuple[str, str]) -> None:
    services = Services(client=aws, options=OPTIONS)

    with pytest.raises(RuntimeError, match="1 of 1 messages were not deleted"):
        delete(["nonsense"], queues[0], services=services)


def test_watchers_of_one_queue_share_their_trigger() -> None:
    path, arguments = LandedFilesTrigger(queue_url="q").serialize()

    assert path == "typed_assets.scheduling.queue_trigger.LandedFilesTrigger"
    assert LandedFilesTrigger(**arguments).serialize() == (path, arguments)
    assert BaseEventTrigger.hash(path, arguments) == BaseEventTrigger.hash(path, dict(arguments))


def test_the_router_is_a_dag_that_its_inbox_starts() -> None:
    dag = router("landing_router", queue="https://sqs/landed", assets=[WEATHER, PLANES], tags=["landing"])
    name = "DagSerialization" if hasattr(serialized_objects, "DagSerialization") else "SerializedDAG"
    serialiser = getattr(serialized_objects, name)

    seen = serialiser.from_dict(serialiser.to_dict(dag))

    assert [key.name for key, _ in seen.timetable.asset_condition.iter_assets()] == ["landing_router.inbox"]
    assert seen.task_dict["route"].downstream_task_ids == {"acknowledge"}
    (inbox,) = dag.timetable.asset_condition.objects
    assert [watcher.trigger.queue_url for watcher in inbox.watchers] == ["https://sqs/landed"]


def test_a_table_takes_no_files() -> None:
    table = Asset(name="mart", uri="redshift://w/d/s/t")

    with pytest.raises(SpecError, match="files cannot land in `mart`"):
        router("landing_router", queue="https://sqs/landed", assets=[table])


def test_a_run_finds_the_batches_that_started_it() -> None:
    event = SimpleNamespace(extra={"from_trigger": True, "payload": {"messages": []}})
    by_hand, run = SimpleNamespace(extra={}), SimpleNamespace(conf={"messages": [1]})
    context = {"triggering_asset_events": {"inbox": [event, by_hand]}, "dag_run": run}

    assert batches_of(context) == [{"messages": []}, {"messages": [1]}]


def test_each_asset_gets_an_event_of_its_own_and_the_messages_are_deleted(
    sqs: Any, queues: tuple[str, str]
) -> None:
    bucket = conf.get("pipelines", "data_bucket")
    for key in ("landing/weather/1.csv", "landing/weather/2.csv", "landing/planes/3.csv"):
        sqs.send_message(QueueUrl=queues[0], MessageBody=message(key, bucket))
    dag = router("routes_files", queue=queues[0], assets=[WEATHER, PLANES, IDLE])

    result = run_dag(dag, conf=first_event(LandedFilesTrigger(queue_url=queues[0])))

    assert result.state == "success", result.errors
    landed = {event.asset: landed_objects(started_by(event)) for event in result.events}
    assert {name: sorted(each.key for each in found) for name, found in landed.items()} == {
        "landed.weather": ["landing/weather/1.csv", "landing/weather/2.csv"],
        "landed.planes": ["landing/planes/3.csv"],
    }
    assert result.values["acknowledge"] == 3
    assert left_in(sqs, queues[0]) == 0
