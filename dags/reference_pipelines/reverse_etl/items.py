"""Makes the items of one data set in a DynamoDB table what they should be.

A batch has 25 requests at most, and what the table could not take comes back as unprocessed:
https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import batched
from typing import Any, assert_never

MOST_REQUESTS = 25
MOST_TRIES = 8
PAUSE = 0.1  # seconds before the second try; doubles with each

type Value = str | int | Decimal | bool | None


class TableIsBusyError(RuntimeError):
    """The table did not take all items in all tries."""


def put_items(
    client: Any,  # noqa: ANN401 - boto3's client of DynamoDB
    table: str,
    dataset: str,
    items: Mapping[str, Mapping[str, Value]],
    *,
    sleep: Callable[[float], None] = time.sleep,
) -> dict[str, int]:
    """Put the items of a data set and delete those that it no longer has.

    Args:
        client: of DynamoDB.
        table: with partition key `dataset` and sort key `id`.
        dataset: whose items these are; others are left alone.
        items: id to attributes.
        sleep: waits between tries.

    Returns:
        How many items were `put` and `deleted`.

    Raises:
        TableIsBusyError: the table did not take them all.
    """
    gone = [each for each in _present(client, table, dataset) if each not in items]
    requests = [
        *({"PutRequest": {"Item": _item(dataset, each, items[each])}} for each in sorted(items)),
        *({"DeleteRequest": {"Key": _key(dataset, each)}} for each in gone),
    ]
    for batch in batched(requests, MOST_REQUESTS):
        _write(client, table, batch, sleep)
    return {"put": len(items), "deleted": len(gone)}


def _write(client: Any, table: str, batch: Sequence[Any], sleep: Callable[[float], None]) -> None:  # noqa: ANN401
    left = {table: list(batch)}
    for tries in range(MOST_TRIES):
        left = client.batch_write_item(RequestItems=left).get("UnprocessedItems") or {}
        if not left:
            return
        sleep(PAUSE * 2**tries)
    message = f"the table {table} did not take {len(left[table])} items in {MOST_TRIES} tries"
    raise TableIsBusyError(message)


def _present(client: Any, table: str, dataset: str) -> Iterator[str]:  # noqa: ANN401
    pages = client.get_paginator("query").paginate(
        TableName=table,
        KeyConditionExpression="dataset = :dataset",
        ExpressionAttributeValues={":dataset": {"S": dataset}},
        ProjectionExpression="id",
        ConsistentRead=True,
    )
    for page in pages:
        for item in page["Items"]:
            yield item["id"]["S"]


def _item(dataset: str, item_id: str, attributes: Mapping[str, Value]) -> dict[str, Any]:
    return {**{name: _typed(value) for name, value in attributes.items()}, **_key(dataset, item_id)}


def _key(dataset: str, item_id: str) -> dict[str, Any]:
    return {"dataset": {"S": dataset}, "id": {"S": item_id}}


def _typed(value: Value) -> dict[str, Any]:
    match value:
        case None:
            return {"NULL": True}
        case bool():
            return {"BOOL": value}
        case int() | Decimal():
            return {"N": str(value)}
        case str():
            return {"S": value}
    assert_never(value)
