"""A request as a call of an operation, read by botocore's model of the service."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from moto.core.parse import PROTOCOL_PARSERS, RequestParserError
from moto.core.request import Request, determine_request_protocol
from moto.core.routing import get_service_router
from moto.core.utils import get_service_model
from werkzeug.exceptions import HTTPException

from mwaactl.emulator.authorization.object_calls import read_object_call
from mwaactl.emulator.mwaa.exceptions import ValidationError
from mwaactl.emulator.mwaa.operation_calls import find_route, read_members, sent_path

if TYPE_CHECKING:
    from collections.abc import Mapping
    from wsgiref.types import WSGIEnvironment

# Credential=AKID/20261123/us-east-1/s3/aws4_request, see the SigV4 pages of the IAM user guide.
_SCOPE = re.compile(r"(?P<key>[^/]+)/\d{8}/(?P<region>[^/]*)/(?P<service>[^/]+)/aws4_request")
_IN_HEADER = re.compile(r"Credential=([^\s,]+)")
_LARGE_BODIES = {"s3"}


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signed a request, and for what.

    Attributes:
        access_key: The access key's id.
        region: The region.
        service: The service's signing name.
    """

    access_key: str
    region: str
    service: str


@dataclass(frozen=True, slots=True)
class Call:
    """One call of one operation.

    Attributes:
        service: The signing name of the service.
        operation: The operation.
        parameters: Its parameters, by the names of the model.
        region: Where it goes.
        account: The account that it is made in.
        partition: AWS's partition.
    """

    service: str
    operation: str
    parameters: Mapping[str, Any]
    region: str
    account: str
    partition: str = "aws"


def read_signature(environ: WSGIEnvironment) -> Signature | None:
    """Return what the request's signature says, in the header or in a presigned address; None without one."""
    found = _IN_HEADER.search(environ.get("HTTP_AUTHORIZATION", ""))
    scopes = [found[1]] if found else parse_qs(environ.get("QUERY_STRING", "")).get("X-Amz-Credential", [])
    scope = _SCOPE.fullmatch(scopes[0]) if scopes else None
    return Signature(scope["key"], scope["region"], scope["service"].lower()) if scope else None


def read_call(environ: WSGIEnvironment, signature: Signature, model: str, account: str) -> Call | None:
    """Return the call that a request makes; None if the service has no such operation.

    The body stays readable for whoever answers the request; an object's content is not read at all.

    Args:
        environ: The request.
        signature: Its signature.
        model: botocore's name of the service.
        account: The account that it is made in.
    """
    of_object = read_object_call(environ) if model == "s3" else None
    reader = _read_as_mwaa if model == "mwaa" else _read_by_model
    read = of_object or reader(environ, signature, model)
    return Call(signature.service, *read, signature.region, account) if read else None


def _read_by_model(
    environ: WSGIEnvironment, signature: Signature, model: str
) -> tuple[str, Mapping[str, Any]] | None:
    """Return the operation and its parameters; None if the service has no such operation."""
    body = b"" if _is_content(environ, signature.service) else _peek(environ)
    request = Request({**environ, "wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body))})
    try:
        operation, uri = get_service_router(model).match(request)
        protocol = determine_request_protocol(get_service_model(model), request.content_type)
        parser = PROTOCOL_PARSERS[protocol](operation)
        parameters = parser.parse(
            {
                "method": request.method,
                "values": request.values,
                "headers": request.headers,
                "body": body,
                "url_path": request.path,
                "url_params": uri,
            }
        )
    except (HTTPException, RequestParserError, KeyError, ValueError, TypeError, AttributeError):
        return None  # moto's parsers raise what Python raises for a body of another form
    return operation.name, {name: value for name, value in parameters.items() if value is not None}


def _read_as_mwaa(
    environ: WSGIEnvironment, _signature: Signature, _model: str
) -> tuple[str, Mapping[str, Any]] | None:
    """Read a call exactly as the emulator's MWAA does, so that none is judged as another or not at all.

    What MWAA cannot read it refuses.
    """
    route = find_route(environ["REQUEST_METHOD"], sent_path(environ))
    if route is None:
        return None
    try:
        members = read_members(route, environ.get("QUERY_STRING", ""), _peek(environ))
    except ValidationError:
        return None
    return route.operation.name, members


def _is_content(environ: WSGIEnvironment, service: str) -> bool:
    """Tell whether the body is an object's content; only a list of keys to delete is not."""
    deletes = "delete" in parse_qs(environ.get("QUERY_STRING", ""), keep_blank_values=True)
    return service in _LARGE_BODIES and not (environ["REQUEST_METHOD"] == "POST" and deletes)


def _peek(environ: WSGIEnvironment) -> bytes:
    """Return the body and put it back."""
    length = environ.get("CONTENT_LENGTH")
    chunked = environ.get("wsgi.input_terminated")
    body: bytes = environ["wsgi.input"].read(*([] if chunked and not length else [int(length or 0)]))
    environ["wsgi.input"] = io.BytesIO(body)
    environ["CONTENT_LENGTH"] = str(len(body))
    return body
