"""AWS Lambda entry point: normalises one landed table and tells what became of its rows.

Handler: `handler.handle`. Standard library and boto3 only, which the Lambda runtime brings along.
"""

import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from landed_table import NormaliseRequest, normalise

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


def handle(event: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ANN401, ARG001 - Lambda's signature
    """Normalise the table that the event names.

    Args:
        event: `bucket`, `source_key`, `normalised_key`, `quarantine_key` and the table's `contract`.
        context: Lambda's invocation context.

    Returns:
        `table`, `read`, `accepted`, `rejected`, `reasons` (reason to count), `ignored_columns`,
        `normalised_key` and `quarantine_key`.

    Raises:
        RequestError: the event is not such a request.
        HeaderError: the file lacks a column that the contract asks for.
    """
    request = NormaliseRequest.from_event(event)
    with tempfile.TemporaryDirectory(prefix="normalise-") as workspace:
        return normalise(request, _s3(), Path(workspace))


@cache
def _s3() -> "S3Client":
    import boto3

    return boto3.client("s3")
