"""Entries as objects of S3, written with If-Match and If-None-Match.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
"""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import quote

from botocore.exceptions import ClientError

from typed_assets.state.entries import Entry

PREFIX = "_state/"
# 412: it is not as it was seen. 409: another write is under way. 404: it has been deleted.
_REFUSALS = frozenset({412, 409, 404})


class S3Store:
    """Keeps each entry in an object below `_state/` of a bucket.

    Args:
        client: boto3's of S3.
        bucket: its name.
        now: the time.
    """

    def __init__(self, client: Any, bucket: str, now: Callable[[], datetime]) -> None:  # noqa: ANN401
        self._client, self._bucket, self._now = client, bucket, now

    def read(self, asset: str, key: str) -> Entry | None:
        """Return an entry as it is now."""
        try:
            answer = self._client.get_object(Bucket=self._bucket, Key=object_key(asset, key))
        except ClientError as error:
            if error.response["Error"]["Code"] == "NoSuchKey":
                return None
            raise
        body = json.loads(answer["Body"].read())
        return Entry(value=body["value"], version=body["version"], token=body["token"], etag=answer["ETag"])

    def write(self, asset: str, key: str, seen: Entry | None, new: Entry) -> Entry | None:
        """Write an entry and return it; leave it and return None if it is not as it was seen."""
        # The token makes every body another, so that no ETag comes back.
        body = {
            "value": new.value,
            "version": new.version,
            "token": new.token,
            "at": self._now().isoformat(timespec="milliseconds"),
        }
        condition = {"IfNoneMatch": "*"} if seen is None else {"IfMatch": seen.etag}
        try:
            answer = self._client.put_object(
                Bucket=self._bucket,
                Key=object_key(asset, key),
                Body=json.dumps(body, sort_keys=True).encode(),
                ContentType="application/json",
                **condition,
            )
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] in _REFUSALS and not _no_bucket(error):
                return None
            raise
        return replace(new, etag=answer["ETag"])


def object_key(asset: str, key: str) -> str:
    """Return the key of the object that keeps an entry."""
    return f"{PREFIX}{quote(asset, safe='')}/{quote(key, safe='')}.json"


def _no_bucket(error: ClientError) -> bool:
    return error.response["Error"]["Code"] == "NoSuchBucket"
