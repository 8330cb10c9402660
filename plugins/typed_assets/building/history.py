"""Keeps the records of all attempts on S3, and finds that of one."""

import json

from typed_assets.io.objects import Bucket
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
    bucket = Bucket(services.client("s3"), services.option("data_bucket"))
    for published in (True, False):
        found = bucket.get(attempt_key(staged.asset, staged.partition, staged.began, published=published))
        if found is not None:
            return from_json(json.loads(found.body))
    return None
