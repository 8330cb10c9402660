"""Entries as items of a DynamoDB table, written with a condition.

The table has the partition key `asset` and the sort key `entry`, both texts.
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.ConditionExpressions.html
"""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError

from typed_assets.state.entries import Entry

PARTITION_KEY, SORT_KEY = "asset", "entry"


class DynamoDBStore:
    """Keeps each entry in an item.

    Args:
        client: boto3's of DynamoDB.
        table: its name.
        now: the time.
    """

    def __init__(self, client: Any, table: str, now: Callable[[], datetime]) -> None:  # noqa: ANN401
        self._client, self._table, self._now = client, table, now

    def read(self, asset: str, key: str) -> Entry | None:
        """Return an entry as it is now."""
        answer = self._client.get_item(TableName=self._table, Key=_key(asset, key), ConsistentRead=True)
        if "Item" not in answer:
            return None
        item = answer["Item"]
        return Entry(
            value=json.loads(item["value"]["S"]), version=int(item["version"]["N"]), token=item["token"]["S"]
        )

    def write(self, asset: str, key: str, seen: Entry | None, new: Entry) -> Entry | None:
        """Write an entry and return it; leave it and return None if it is not as it was seen."""
        item = {
            **_key(asset, key),
            "value": {"S": json.dumps(new.value)},
            "version": {"N": str(new.version)},
            "token": {"S": new.token},
            "at": {"S": self._now().isoformat(timespec="milliseconds")},
        }
        try:
            self._client.put_item(TableName=self._table, Item=item, **_condition(seen))
        except ClientError as error:
            if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
                return None
            raise
        return new


def _key(asset: str, key: str) -> dict[str, Any]:
    return {PARTITION_KEY: {"S": asset}, SORT_KEY: {"S": key}}


def _condition(seen: Entry | None) -> dict[str, Any]:
    if seen is None:
        return {"ConditionExpression": f"attribute_not_exists({PARTITION_KEY})"}
    # `token` is a reserved word: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ReservedWords.html
    return {
        "ConditionExpression": "#token = :seen",
        "ExpressionAttributeNames": {"#token": "token"},
        "ExpressionAttributeValues": {":seen": {"S": seen.token}},
    }
