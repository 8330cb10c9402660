"""State by conditional writes, against the emulator's S3 and DynamoDB."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.exceptions import ClientError

from mwaactl.emulator.loopback_services import LoopbackServices
from mwaactl.emulator.storage import models as storage
from typed_assets.services import Services
from typed_assets.spec.errors import SpecError
from typed_assets.state import State, StateConflictError, state

if TYPE_CHECKING:
    from collections.abc import Iterator

BUCKET, TABLE = "state-data", "asset-state"
WRITERS = 8


@pytest.fixture(scope="module")
def clients() -> Iterator[dict[str, Any]]:
    storage.install()
    server = LoopbackServices()
    create: Any = boto3.session.Session("test", "test", region_name="us-east-1").client
    made = {name: create(name, endpoint_url=f"http://127.0.0.1:{server.port}") for name in ("s3", "dynamodb")}
    made["s3"].create_bucket(Bucket=BUCKET)
    made["dynamodb"].create_table(
        TableName=TABLE,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[
            {"AttributeName": "asset", "KeyType": "HASH"},
            {"AttributeName": "entry", "KeyType": "RANGE"},
        ],
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("asset", "entry")],
    )
    yield made
    server.close()


@pytest.fixture(params=[{"data_bucket": BUCKET}, {"data_bucket": BUCKET, "state_table": TABLE}])
def mark(request: pytest.FixtureRequest, clients: dict[str, Any]) -> State:
    services = Services(client=clients.__getitem__, options=request.param)
    return state(f"raw.{request.node.originalname}", services=services)


def test_nothing_was_ever_set(mark: State) -> None:
    assert mark.get() is None


def test_a_value_is_read_as_it_was_set(mark: State) -> None:
    first = mark.compare_and_set(None, {"until": "2013-01-01", "ids": [1, 2]})
    assert (first.value, first.version) == ({"until": "2013-01-01", "ids": [1, 2]}, 1)
    assert mark.get() == first
    second = mark.compare_and_set(first, "2013-01-02")
    assert (second.value, second.version) == ("2013-01-02", 2)
    assert mark.get() == second


def test_who_saw_an_older_value_is_told_what_stands_there(mark: State) -> None:
    first = mark.compare_and_set(None, 1)
    second = mark.compare_and_set(first, 2)
    for seen in (None, first):
        with pytest.raises(StateConflictError) as caught:
            mark.compare_and_set(seen, 3)
        assert caught.value.there == second
    assert str(caught.value) == (
        "`watermark` of `raw.test_who_saw_an_older_value_is_told_what_stands_there` was at version 1 when it"
        " was read and is at version 2 now: another task has written it"
    )
    assert mark.get() == second


def test_the_same_value_set_again_is_another_version(mark: State) -> None:
    first = mark.compare_and_set(None, "same")
    mark.compare_and_set(mark.compare_and_set(first, "other"), "same")
    with pytest.raises(StateConflictError):
        mark.compare_and_set(first, "next")


def test_of_writers_at_once_one_wins_each_round(mark: State) -> None:
    together = Barrier(WRITERS)

    def write(writer: int) -> int:
        won = 0
        for _ in range(5):
            seen = mark.get()
            together.wait()
            try:
                mark.compare_and_set(seen, writer)
                won += 1
            except StateConflictError:
                pass
            together.wait()
        return won

    with ThreadPoolExecutor(WRITERS) as pool:
        won = list(pool.map(write, range(WRITERS)))
    last = mark.get()
    assert sum(won) == 5
    assert last is not None
    assert last.version == 5


def test_what_is_no_json_is_refused(mark: State) -> None:
    with pytest.raises(TypeError, match="not JSON serializable"):
        mark.compare_and_set(None, {"when": object()})  # type: ignore[dict-item]
    assert mark.get() is None


def test_values_of_an_asset_are_told_apart_by_key(clients: dict[str, Any]) -> None:
    services = Services(client=clients.__getitem__, options={"data_bucket": BUCKET})
    one, other = (state("raw.a/b", services=services, key=key) for key in ("cursor", "a/../b"))
    one.compare_and_set(None, 1)
    assert other.get() is None


def test_a_missing_bucket_is_no_conflict(clients: dict[str, Any]) -> None:
    services = Services(client=clients.__getitem__, options={"data_bucket": "not-there"})
    with pytest.raises(ClientError, match="NoSuchBucket"):
        state("raw.orders", services=services).compare_and_set(None, 1)


def test_without_a_place_it_says_which_options_it_needs() -> None:
    with pytest.raises(SpecError, match=r"`pipelines\.state_table` or `pipelines\.data_bucket`"):
        state("raw.orders", services=Services(client=str, options={}))
