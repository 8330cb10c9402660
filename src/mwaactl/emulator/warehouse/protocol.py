"""AWS's JSON 1.1 protocol as a WSGI app: botocore's own model parses, validates and serialises."""

from __future__ import annotations

import json
import logging
import re
import uuid
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

import botocore.session
from botocore.validate import ParamValidator

from mwaactl.emulator.warehouse.faults import ServiceFault, invalid
from mwaactl.emulator.warehouse.shapes import to_json, validate_constraints

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

    from botocore.model import OperationModel

type Operation = Callable[[dict[str, Any], str], Mapping[str, Any]]

_CONTENT_TYPE = "application/x-amz-json-1.1"
_SCOPE = re.compile(r"Credential=[^/]+/\d{8}/([a-z0-9-]+)/")
_log = logging.getLogger(__name__)


class JsonService:
    """One AWS service.

    Args:
        name: botocore's name of the service.
        operations: What answers each operation: (parameters, region) to the members of the output shape.
        region: The region of requests that carry no signature.
    """

    def __init__(self, name: str, operations: Mapping[str, Operation], region: str) -> None:
        self._model = botocore.session.get_session().get_service_model(name)
        self._operations = operations
        self._region = region

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        try:
            status, body = 200, self._answer(environ)
        except ServiceFault as fault:
            status, body = fault.status, {"__type": fault.code, "message": fault.message}
        except Exception:  # noqa: BLE001
            _log.exception("unexpected failure in %s", self._model.service_name)
            body = {
                "__type": "InternalServerException",
                "message": "unexpected failure, see the emulator's log",
            }
            status = 500
        return _respond(start_response, status, body)

    def _answer(self, environ: WSGIEnvironment) -> Any:  # noqa: ANN401
        operation = self._operation(environ.get("HTTP_X_AMZ_TARGET", ""))
        params = _body(environ)
        _validate(params, operation)
        region = _SCOPE.search(environ.get("HTTP_AUTHORIZATION", ""))
        output = self._operations[operation.name](params, region.group(1) if region else self._region)
        return to_json(output, operation.output_shape) if operation.output_shape else {}

    def _operation(self, target: str) -> OperationModel:
        prefix, _, name = target.partition(".")
        if prefix != self._model.metadata["targetPrefix"] or name not in self._model.operation_names:
            msg = "UnknownOperationException"
            raise ServiceFault(msg, f"unknown operation `{target}`")
        if name not in self._operations:
            message = f"the emulator does not model {name} of {self._model.service_name}"
            msg = "UnknownOperationException"
            raise ServiceFault(msg, message)
        return self._model.operation_model(name)


def _body(environ: WSGIEnvironment) -> dict[str, Any]:
    length = int(environ.get("CONTENT_LENGTH") or 0)
    try:
        params = json.loads(environ["wsgi.input"].read(length) or b"{}")
    except ValueError as error:
        msg = "SerializationException"
        raise ServiceFault(msg, "the body is not JSON") from error
    if not isinstance(params, dict):
        msg = "SerializationException"
        raise ServiceFault(msg, "the body is not a JSON object")
    return {key: value for key, value in params.items() if value is not None}


def _validate(params: dict[str, Any], operation: OperationModel) -> None:
    if operation.input_shape is None:
        return
    report = ParamValidator().validate(params, operation.input_shape)
    if report.has_errors():
        raise invalid(report.generate_report())
    problems = validate_constraints(params, operation.input_shape)
    if problems:
        count = len(problems)
        plural = "s" if count > 1 else ""
        msg = f"{count} validation error{plural} detected: {'; '.join(problems)}"
        raise invalid(msg)


def _respond(start_response: StartResponse, status: int, body: Any) -> list[bytes]:  # noqa: ANN401
    payload = json.dumps(body).encode()
    headers = [
        ("Content-Type", _CONTENT_TYPE),
        ("Content-Length", str(len(payload))),
        ("x-amzn-RequestId", str(uuid.uuid4())),
    ]
    if status != 200:  # noqa: PLR2004
        headers.append(("x-amzn-ErrorType", body["__type"]))
    reason = {200: "OK", 400: "Bad Request"}.get(status, "Internal Server Error")
    start_response(f"{status} {reason}", headers)
    return [payload]
