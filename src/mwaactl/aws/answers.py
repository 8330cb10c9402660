"""Looks at answers before botocore reads them: whether they arrived whole, and whether AWS gave them at all.

botocore checks the length of streamed bodies only, and takes a page of a proxy for an empty answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, IncompleteReadError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from botocore.model import OperationModel

# Every answer of AWS carries one of them.
IDENTITIES = ("x-amz-request-id", "x-amzn-requestid", "x-amzn-request-id")
REFUSALS = 300


class ForeignAnswerError(BotoCoreError):
    """An answer that no service of AWS gives."""

    fmt = "the answer does not come from AWS"


def refuse_broken(**event: Any) -> None:  # noqa: ANN401  what botocore gives to listeners
    """Refuse an answer that broke off or is not one of AWS; botocore calls this for each before it parses it.

    Args:
        event: `response_dict`, the answer, and `operation_model`, what was asked.

    Raises:
        IncompleteReadError: If less arrived than was announced.
        ForeignAnswerError: If it claims success and carries no request id.
    """
    answer: Mapping[str, Any] = event["response_dict"]
    model: OperationModel = event["operation_model"]
    headers, body = answer["headers"], answer["body"]
    announced = headers.get("content-length")
    whole = isinstance(body, bytes) and model.http.get("method") != "HEAD"
    if whole and announced is not None and len(body) < int(announced):
        raise IncompleteReadError(actual_bytes=len(body), expected_bytes=int(announced))
    if answer["status_code"] < REFUSALS and not any(each in headers for each in IDENTITIES):
        if not isinstance(body, bytes):
            body.close()  # nobody will read the stream
        raise ForeignAnswerError
