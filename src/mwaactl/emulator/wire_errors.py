"""Errors in the wire format of the protocol that the request came in, so that every SDK shows them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING
from uuid import uuid4
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

NOT_MODELLED = "NotImplemented"

# They once spoke the query protocol; clients go on to raise by its codes.
# https://smithy.io/2.0/aws/protocols/aws-query-protocol.html#awsquerycompatible-trait
_QUERY_COMPATIBLE = {"sqs", "monitoring"}


@dataclass(frozen=True, slots=True)
class WireError:
    """What a service answers instead of a result.

    Attributes:
        status: The HTTP status.
        code: The error code that SDKs raise by, for example `NotImplemented`.
        message: One sentence for the reader.
    """

    status: HTTPStatus
    code: str
    message: str


def not_modelled(service: str, operation: str) -> WireError:
    """Return the error for a service or an operation that the emulator lacks; never a green no-op."""
    message = f"The emulator does not model {operation} of {service}"
    return WireError(HTTPStatus.NOT_IMPLEMENTED, NOT_MODELLED, message)


def internal_failure(service: str, error: Exception) -> WireError:
    """Return the error for a defect in the emulator itself."""
    message = (
        f"{service} failed in the emulator: {type(error).__name__}: {error} (the emulator's log has more)"
    )
    return WireError(HTTPStatus.INTERNAL_SERVER_ERROR, "InternalFailure", message)


def answer(
    error: WireError, service: str, environ: WSGIEnvironment, start_response: StartResponse
) -> list[bytes]:
    """Answer a request with an error in the format that its service's SDK client expects."""
    kind = environ.get("CONTENT_TYPE", "")
    if "HTTP_X_AMZ_TARGET" in environ or "json" in kind:
        content_type, body = "application/x-amz-json-1.1", _json(error)
    elif service == "s3":
        content_type, body = "application/xml", f"<Error>{_fields(error)}</Error>"
    elif service == "ec2":
        body = f"<Response><Errors><Error>{_fields(error)}</Error></Errors></Response>"
        content_type = "text/xml"
    elif "x-www-form-urlencoded" in kind:
        body = f"<ErrorResponse><Error>{_fields(error)}</Error></ErrorResponse>"
        content_type = "text/xml"
    else:
        content_type, body = "application/json", _json(error)
    payload = body.encode()
    headers = [("Content-Type", content_type), ("Content-Length", str(len(payload)))]
    headers += [("x-amzn-ErrorType", error.code), ("x-amzn-RequestId", str(uuid4()))]
    if service in _QUERY_COMPATIBLE:
        headers.append(("x-amzn-query-error", f"{error.code};Sender"))
    start_response(f"{error.status.value} {error.status.phrase}", headers)
    return [] if environ.get("REQUEST_METHOD") == "HEAD" else [payload]


def _json(error: WireError) -> str:
    return json.dumps({"__type": error.code, "message": error.message})


def _fields(error: WireError) -> str:
    return f"<Code>{escape(error.code)}</Code><Message>{escape(error.message)}</Message>"
