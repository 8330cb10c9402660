"""Keeps the records of all attempts on S3."""

import json

from typed_assets.services import Services
from typed_assets.spec.history import record_key
from typed_assets.spec.publication import Record, to_json


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
