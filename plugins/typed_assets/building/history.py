"""Keeps the records of all attempts on S3, and finds that of one."""

import json
from typing import Any

from botocore.exceptions import ClientError

from typed_assets.services import Services
from typed_assets.spec.history import attempt_key, record_key
from typed_assets.spec.publication import Record, from_json, to_json
from typed_assets.staging import Staged


def keep(record: Record, *, services: Services) -> str:
    """Write a record to the history below `_assets/` of the data bucket; return its key.

    Raises:
        SpecError: the option `data_bucket` is not set.
    """
    key = record_key(record)
    body = json.dumps(to_json(record)).encode()
    services.client("s3").put_object(
        Bucket=services.option("data_bucket"), Key=key, Body=body, ContentType="application/json"
    )
    return key


def kept(staged: Staged, *, services: Services) -> Record | None:
    """Return the record of the attempt that something was staged in, or None where there is none.

    Raises:
        SpecError: the option `data_bucket` is not set.
    """
    if staged.began is None:
        return None
    for published in (True, False):
        key = attempt_key(staged.asset, staged.partition, staged.began, published=published)
        if (found := _read(key, services)) is not None:
            return from_json(found)
    return None


def _read(key: str, services: Services) -> Any:  # noqa: ANN401 - a JSON value
    try:
        answer = services.client("s3").get_object(Bucket=services.option("data_bucket"), Key=key)
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") in {"404", "NoSuchKey"}:
            return None
        raise
    return json.loads(answer["Body"].read())
