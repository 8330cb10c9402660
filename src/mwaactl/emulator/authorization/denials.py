"""AWS's answers to requests that are not authorized, in the words and with the status of each service."""

from __future__ import annotations

from enum import Enum
from http import HTTPStatus
from typing import TYPE_CHECKING

from mwaactl.catalog.iam_requests import iam_requests
from mwaactl.emulator.iam.decision import denial
from mwaactl.emulator.wire_errors import WireError

if TYPE_CHECKING:
    from wsgiref.types import WSGIEnvironment

    from mwaactl.emulator.authorization.access import Access
    from mwaactl.emulator.authorization.call import Call
    from mwaactl.emulator.iam.decision import Decision
    from mwaactl.emulator.iam.principals import Caller


class Protocol(Enum):
    """How services of AWS are called, as far as their denials differ."""

    JSON = "json"
    REST_JSON = "rest-json"
    QUERY = "query"


def denied(caller: Caller, access: Access, decision: Decision, call: Call, protocol: Protocol) -> WireError:
    """Return the error that a client gets.

    Args:
        caller: Who made the request.
        access: What was denied.
        decision: The decision.
        call: The call.
        protocol: How the call was made, for a service that is not described.
    """
    service, requests = call.service, iam_requests().get(call.service)
    # SQS writes its actions in lower case, S3 quotes its resources.
    action = access.action.lower() if service == "sqs" and access.action.startswith("sqs:") else access.action
    resource = f'"{access.resource}"' if access.action.startswith("s3:") else access.resource
    message = denial(caller.arn, action, resource, decision)
    if requests:
        return WireError(HTTPStatus(requests.status), requests.code, message)
    return _by_protocol(service, protocol, message)


def _by_protocol(service: str, protocol: Protocol, message: str) -> WireError:
    """Return the error as services of a protocol commonly answer."""
    if service == "ec2":
        said = f"You are not authorized to perform this operation. {message}"
        return WireError(HTTPStatus.FORBIDDEN, "UnauthorizedOperation", said)
    match protocol:
        case Protocol.JSON:
            return WireError(HTTPStatus.BAD_REQUEST, "AccessDeniedException", message)
        case Protocol.REST_JSON:
            return WireError(HTTPStatus.FORBIDDEN, "AccessDeniedException", message)
        case Protocol.QUERY:
            return WireError(HTTPStatus.FORBIDDEN, "AccessDenied", message)


def protocol_of(environ: WSGIEnvironment) -> Protocol:
    """Return the protocol that a request is made in."""
    if "HTTP_X_AMZ_TARGET" in environ:
        return Protocol.JSON
    form = "x-www-form-urlencoded" in environ.get("CONTENT_TYPE", "")
    return Protocol.QUERY if form else Protocol.REST_JSON
