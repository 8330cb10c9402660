"""Bodies that no AWS service can read, refused before moto falls over them."""

from __future__ import annotations

import io
import json
from http import HTTPStatus
from typing import TYPE_CHECKING, cast

from mwaactl.emulator.wire_errors import WireError

if TYPE_CHECKING:
    from wsgiref.types import WSGIEnvironment

CODE = "SerializationException"


def refuse_unreadable(environ: WSGIEnvironment) -> WireError | None:
    """Return the error for a body that is no JSON object where the protocol wants one; None if all is well.

    The body stays readable. https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html

    Args:
        environ: The request.
    """
    if "HTTP_X_AMZ_TARGET" not in environ or "CONTENT_LENGTH" not in environ:
        return None
    body = cast("bytes", environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"] or 0)))
    environ["wsgi.input"] = io.BytesIO(body)
    try:
        found = json.loads(body or b"{}")
    except ValueError:
        return WireError(HTTPStatus.BAD_REQUEST, CODE, "The body of the request is not JSON")
    if isinstance(found, dict):
        return None
    return WireError(HTTPStatus.BAD_REQUEST, CODE, "The body of the request is not a JSON object")
