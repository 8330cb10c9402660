"""A mart goes to the lake and into the table that applications read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.emulator.warehouse.conftest import Warehouse
    from typed_assets.services import Services

MART = """
CREATE TABLE IF NOT EXISTS mart.delay_by_carrier (
    carrier VARCHAR(2) NOT NULL, carrier_name VARCHAR(100) NOT NULL, flights BIGINT NOT NULL,
    cancelled BIGINT NOT NULL, average_departure_delay DOUBLE PRECISION,
    average_arrival_delay DOUBLE PRECISION, percent_late DOUBLE PRECISION
)
"""


class Refusing:
    """A DynamoDB that takes one request of a batch at a time, and the rest later or never."""

    def __init__(self, client: Any, *, takes: int = 1) -> None:
        self._client, self._takes = client, takes

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def batch_write_item(self, RequestItems: dict[str, list[Any]]) -> dict[str, Any]:  # noqa: N803 - boto3's name
        [(table, requests)] = RequestItems.items()
        if self._takes:
            self._client.batch_write_item(RequestItems={table: requests[: self._takes]})
        left = requests[self._takes :]
        return {"UnprocessedItems": {table: left} if left else {}}


@pytest.fixture(scope="module")
def carriers(warehouse: Warehouse, services: Services) -> Warehouse:
    services.client("dynamodb").create_table(
        TableName="serving",
        KeySchema=[
            {"AttributeName": "dataset", "KeyType": "HASH"},
            {"AttributeName": "id", "KeyType": "RANGE"},
        ],
        AttributeDefinitions=[
            {"AttributeName": "dataset", "AttributeType": "S"},
            {"AttributeName": "id", "AttributeType": "S"},
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    warehouse.run(MART)
    warehouse.run(
        "INSERT INTO mart.delay_by_carrier VALUES ('AA', 'American', 100, 2, 8.59, 0.36, 15.5), "
        "('OO', 'SkyWest', 3, 3, NULL, NULL, NULL)"
    )
    return warehouse


def items(services: Services) -> dict[str, dict[str, Any]]:
    found = services.client("dynamodb").scan(TableName="serving")["Items"]
    return {each["id"]["S"]: each for each in found if each["dataset"]["S"] == "delay_by_carrier"}


def test_items_are_the_mart_s_rows_and_those_that_are_gone_are_deleted(
    carriers: Warehouse, services: Services, reference: Callable[[str], Any]
) -> None:
    serve = reference("reverse_etl.carriers").serve

    assert serve(services) == {"put": 2, "deleted": 0}
    assert items(services)["AA"]["average_departure_delay"] == {"N": "8.59"}
    assert items(services)["AA"]["flights"] == {"N": "100"}
    assert items(services)["OO"]["percent_late"] == {"NULL": True}

    carriers.run("DELETE FROM mart.delay_by_carrier WHERE carrier = 'OO'")
    assert serve(services) == {"put": 1, "deleted": 1}
    assert set(items(services)) == {"AA"}


def test_what_the_table_does_not_take_at_once_is_sent_again(
    carriers: Warehouse, services: Services, reference: Callable[[str], Any]
) -> None:
    del carriers
    slept: list[float] = []
    wanted = {f"{number:02}": {"number": number} for number in range(4)}
    client = Refusing(services.client("dynamodb"))

    done = reference("reverse_etl.items").put_items(client, "serving", "numbers", wanted, sleep=slept.append)

    found = services.client("dynamodb").scan(TableName="serving")["Items"]
    assert done == {"put": 4, "deleted": 0}
    assert sorted(each["id"]["S"] for each in found if each["dataset"]["S"] == "numbers") == sorted(wanted)
    assert slept == [0.1, 0.2, 0.4]


def test_a_table_that_takes_nothing_is_told_of(
    carriers: Warehouse, services: Services, reference: Callable[[str], Any]
) -> None:
    del carriers
    module = reference("reverse_etl.items")
    client = Refusing(services.client("dynamodb"), takes=0)

    with pytest.raises(module.TableIsBusyError, match="serving did not take 1 items in 8 tries"):
        module.put_items(client, "serving", "never", {"a": {}}, sleep=lambda _: None)


def test_the_lake_has_the_mart_s_rows_and_nothing_of_an_earlier_run(
    carriers: Warehouse, services: Services, reference: Callable[[str], Any]
) -> None:
    prefix = "lake/reverse_etl/delay_by_carrier/"
    carriers.put(f"{prefix}stale.parquet", b"of an earlier run")

    rows = reference("reverse_etl.carriers").unload(services)

    listed = carriers.s3.list_objects_v2(Bucket=carriers.bucket, Prefix=prefix)["Contents"]
    carriers.run("CREATE TABLE IF NOT EXISTS mart.unloaded (LIKE mart.delay_by_carrier)")
    source = f"s3://{carriers.bucket}/{prefix}"
    carriers.run(f"COPY mart.unloaded FROM '{source}' IAM_ROLE '{carriers.role_arn}' FORMAT AS PARQUET")
    assert rows == 1
    assert all(each["Key"].endswith(".parquet") and "stale" not in each["Key"] for each in listed)
    assert carriers.rows("SELECT carrier, flights FROM mart.unloaded") == [["AA", 100]]
