"""MWAA's protocol as a WSGI application: botocore's model decides what is read, refused and answered.

https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html
"""

from __future__ import annotations

import json
import logging
import re
import uuid
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from moto.core.exceptions import ServiceException
from moto.core.serialize import get_serializer_class
from werkzeug.wrappers import Request, Response

from mwaactl.emulator.authorization.call import read_signature
from mwaactl.emulator.mwaa.constraints import check_constraints
from mwaactl.emulator.mwaa.exceptions import EnvironmentNotFoundError, ValidationError
from mwaactl.emulator.mwaa.operation_calls import find_route, read_members, sent_path
from mwaactl.emulator.mwaa.operations import Call

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIEnvironment

    from mwaactl.emulator.mwaa.operation_calls import Route
    from mwaactl.emulator.mwaa.operations import Answer, MwaaOperations

log = logging.getLogger(__name__)

JSON = "application/json"
REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-[0-9]")


class RestJsonService:
    """The application.

    Args:
        operations: What answers the calls.
        region: The region of requests that are signed for none.
    """

    def __init__(self, operations: MwaaOperations, region: str) -> None:
        self._operations = operations
        self._region = region

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        response = self._respond(Request(environ))
        response.headers["x-amzn-RequestId"] = str(uuid.uuid4())
        return response(environ, start_response)

    def _respond(self, request: Request) -> Response:
        route = find_route(request.method, sent_path(request.environ))
        if route is None:
            message = f"{request.method} {request.path} is no operation of MWAA"
            return _error(HTTPStatus.NOT_FOUND, "UnknownOperationException", message)
        try:
            return _serialized(route, self._answer(request, route))
        except ServiceException as refusal:
            return _serialized(route, _as_declared(route, refusal))
        except Exception as error:
            log.exception("%s failed", route.operation.name)
            message = f"{type(error).__name__}: {error}"
            return _error(HTTPStatus.INTERNAL_SERVER_ERROR, "InternalServerException", message)

    def _answer(self, request: Request, route: Route) -> Answer:
        members = read_members(route, request.query_string.decode("latin-1"), request.get_data())
        check_constraints(route.operation.name, members)
        region = self._region_of(request.environ)
        call = Call(route.operation.name, members, region, dict(request.headers))
        return self._operations.answer(call)

    def _region_of(self, environ: WSGIEnvironment) -> str:
        signature = read_signature(environ)
        return signature.region if signature and REGION.fullmatch(signature.region) else self._region


def _as_declared(route: Route, refusal: ServiceException) -> ServiceException:
    """Return the refusal as one of the errors that the operation's model declares.

    CreateCliToken knows no ValidationException, so that a name which cannot exist is not found there;
    PublishMetrics is the other way round.
    """
    declared = {shape.name for shape in route.operation.error_shapes}
    for code, other in (
        (ValidationError.code, EnvironmentNotFoundError),
        (EnvironmentNotFoundError.code, ValidationError),
    ):
        if refusal.code == code and code not in declared:
            return other(refusal.message)
    return refusal


def _serialized(route: Route, result: Answer | ServiceException) -> Response:
    model: Any = route.operation
    answer: Any = get_serializer_class("mwaa", "rest-json")(model).serialize(result)
    return Response(answer["body"], answer["status_code"], answer["headers"])


def _error(status: HTTPStatus, code: str, message: str) -> Response:
    body = json.dumps({"message": message})
    return Response(body, status, {"x-amzn-ErrorType": code}, mimetype=JSON)
