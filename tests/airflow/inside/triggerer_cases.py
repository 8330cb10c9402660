"""The poller of a queue where it is at home: in the process of a real triggerer."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from airflow.configuration import conf
from airflow.models.asset import AssetEvent
from airflow.models.dag import DagModel
from airflow.utils.session import create_session
from sqlalchemy import select

from typed_assets import Asset, router
from typed_assets.scheduling.router import landed_objects
from typed_assets.testing import metadata, run_dag

pytestmark = pytest.mark.whole

WEATHER = Asset(name="watched.weather", uri="s3://{data_bucket}/landing/watched/weather/")
PATIENCE = 120.0


@pytest.fixture
def queue(aws: Callable[[str], Any]) -> Iterator[str]:
    url: str = aws("sqs").create_queue(QueueName=f"watched-{os.getpid()}")["QueueUrl"]
    yield url
    aws("sqs").delete_queue(QueueUrl=url)


@pytest.fixture
def triggerer(tmp_path: Path) -> Iterator[Callable[[], str]]:
    """Start a triggerer; give what it has said."""
    said = tmp_path / "triggerer.log"
    with said.open("w") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "airflow", "triggerer", "--skip-serve-logs"],
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    yield said.read_text
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def watched(dag: Any) -> None:
    """Let Airflow know a DAG that is not paused: only then its assets have watchers."""
    with metadata.own_bundle():
        metadata.register(dag)
        with create_session() as session:
            session.get(DagModel, dag.dag_id).is_paused = False
        metadata.register(dag)


def events_of(asset: str, said: Callable[[], str]) -> list[dict[str, Any]]:
    """Return the extras of an asset's events once there are some."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        with create_session() as session:
            found = session.scalars(select(AssetEvent).where(AssetEvent.asset.has(name=asset))).all()
            if found:
                return [dict(event.extra) for event in found]
        time.sleep(0.5)
    pytest.fail(said()[-5000:])


def test_a_triggerer_turns_messages_into_an_event_that_the_router_routes(
    aws: Callable[[str], Any], queue: str, triggerer: Callable[[], str]
) -> None:
    bucket = conf.get("pipelines", "data_bucket")
    landed = {"bucket": {"name": bucket}, "object": {"key": "landing/watched/weather/1.csv", "size": 1}}
    told = {"source": "aws.s3", "detail-type": "Object Created", "detail": landed}
    aws("sqs").send_message(QueueUrl=queue, MessageBody=json.dumps(told))
    dag = router("watched_router", queue=queue, assets=[WEATHER])

    watched(dag)
    (extra,) = events_of("watched_router.inbox", triggerer)
    result = run_dag(dag, conf=extra["payload"])

    (event,) = result.events
    found = landed_objects({"triggering_asset_events": {event.asset: [event]}})
    assert (extra["from_trigger"], event.asset) == (True, "watched.weather")
    assert [each.key for each in found] == ["landing/watched/weather/1.csv"]
    assert result.values["acknowledge"] == 1
