"""moto's Lambda backend with functions that run: API, CloudFormation, SNS, SQS and the rest end in `invoke`.

moto runs functions in Docker containers, or gives a canned answer. What it calls is `LambdaFunction.invoke`;
a subclass overrides that, and a subclass of the backend creates such functions.
"""

import base64
import json
import logging
from collections.abc import Mapping
from threading import Thread
from typing import Any, ClassVar
from uuid import uuid4
from zipfile import BadZipFile

from moto.awslambda.exceptions import LambdaClientError
from moto.awslambda.models import LambdaBackend, LambdaFunction
from moto.core.utils import unix_time_millis

from mwaactl.emulator.functions.api_errors import (
    CannotRunError,
    RequestTooLargeError,
    TooManyRequestsError,
    parse_event,
    refuse_what_cannot_run,
)
from mwaactl.emulator.functions.definition import FunctionDefinition
from mwaactl.emulator.functions.handler_process import Event
from mwaactl.emulator.functions.interpreter import InterpreterError
from mwaactl.emulator.functions.invoker import PAYLOAD_LIMIT, Invoker
from mwaactl.emulator.functions.outcomes import Failed, Invocation
from mwaactl.emulator.functions.pool import ThrottledError

logger = logging.getLogger(__name__)

EVENT_PAYLOAD_LIMIT = 1_048_576
"""Bytes of an asynchronous request: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html"""
LOG_TAIL = 4096


class ProcessFunction(LambdaFunction):
    """A function whose handler runs in a process of its own.

    Attributes:
        invoker: who runs it; bound by `backend_class`.
    """

    invoker: ClassVar[Invoker]

    def __init__(self, account_id: str, spec: dict[str, Any], region: str, version: str | int = 1) -> None:
        refuse_what_cannot_run(spec)
        super().__init__(account_id, spec, region, version)
        self._use_log_group(spec)

    def update_configuration(self, config_updates: dict[str, Any]) -> dict[str, Any]:
        """Change the function's configuration; its next invocation starts a new process.

        Raises:
            LambdaClientError: the function could not run with it.
        """
        refuse_what_cannot_run(config_updates)
        self._use_log_group(config_updates)
        return super().update_configuration(config_updates)

    def definition(self) -> FunctionDefinition:
        """Return what the function is now."""
        return FunctionDefinition(
            arn=self.function_arn,
            name=self.function_name,
            version=str(self.version),
            region=self.region,
            runtime=str(self.run_time),
            handler=str(self.handler),
            role=self.role,
            memory_mb=int(self.memory_size),
            timeout=int(self.timeout),
            log_group=self.logs_group_name,
            environment=tuple(sorted((name, str(value)) for name, value in self.environment_vars.items())),
            code_sha256=self.code_sha_256,
            code=self.code_bytes,
        )

    def invoke(
        self, body: str | bytes, request_headers: Mapping[str, str], response_headers: dict[str, str]
    ) -> str | bytes:
        """Run the function as the API's Invoke does.

        Args:
            body: the event, JSON.
            request_headers: `x-amz-invocation-type` and `x-amz-client-context` are read.
            response_headers: takes what the answer carries besides the payload.

        Returns:
            The payload; empty for `Event` and `DryRun`.

        Raises:
            LambdaClientError: the request is refused or the function cannot run.
        """
        kind = request_headers.get("x-amz-invocation-type") or "RequestResponse"
        limit = EVENT_PAYLOAD_LIMIT if kind == "Event" else PAYLOAD_LIMIT
        size = len(body.encode() if isinstance(body, str) else body or b"")
        if size > limit:
            raise RequestTooLargeError(size, kind, limit)
        event = Event(str(uuid4()), parse_event(body), _client_context(request_headers))
        response_headers["x-amz-executed-version"] = str(self.version)
        match kind:
            case "DryRun":
                return ""
            case "Event":
                Thread(target=self._run_in_background, args=(event,), daemon=True).start()
                return ""
            case _:
                return self._answer(self._run(event), response_headers)

    def _run(self, event: Event) -> Invocation:
        reserved = None if self.reserved_concurrency is None else int(self.reserved_concurrency)
        try:
            invocation = self.invoker.invoke(self.definition(), event, reserved)
        except ThrottledError as error:
            raise TooManyRequestsError from error
        except (InterpreterError, BadZipFile, OSError) as error:
            raise CannotRunError(str(error)) from error
        self._write_log(invocation)
        return invocation

    def _run_in_background(self, event: Event) -> None:
        """Run an asynchronous invocation; Lambda's repeated tries, minutes later, are not played."""
        try:
            self._run(event)
        except Exception:
            logger.exception("asynchronous invocation of %s failed", self.function_name)

    def _answer(self, invocation: Invocation, response_headers: dict[str, str]) -> bytes:
        log = "\n".join(invocation.log_lines).encode()[-LOG_TAIL:]
        response_headers["x-amz-log-result"] = base64.b64encode(log).decode()
        response_headers["x-amzn-requestid"] = invocation.request_id
        if isinstance(invocation.outcome, Failed):
            response_headers["x-amz-function-error"] = "Unhandled"
            return json.dumps(invocation.outcome.error).encode()
        return invocation.outcome.payload.encode()

    def _write_log(self, invocation: Invocation) -> None:
        now = unix_time_millis()
        self.logs_backend.ensure_log_group(self.logs_group_name)
        self.logs_backend.ensure_log_stream(self.logs_group_name, invocation.log_stream)
        events = [{"timestamp": now, "message": line} for line in invocation.log_lines if line]
        self.logs_backend.put_log_events(self.logs_group_name, invocation.log_stream, events)

    def _use_log_group(self, spec: Mapping[str, Any]) -> None:
        group = (spec.get("LoggingConfig") or {}).get("LogGroup")
        if group:
            self.logs_group_name = group


class ProcessLambdaBackend(LambdaBackend):
    """Lambda's backend for one account and region.

    Attributes:
        function_class: what CreateFunction creates; bound by `backend_class`.
    """

    function_class: ClassVar[type[ProcessFunction]]

    def create_function(self, spec: dict[str, Any]) -> LambdaFunction:
        """Create a function.

        Args:
            spec: the members of CreateFunction.

        Raises:
            LambdaClientError: the request is refused.
        """
        if not spec.get("FunctionName"):
            code, message = "InvalidParameterValueException", "Missing FunctionName"
            raise LambdaClientError(code, message)
        function = self.function_class(self.account_id, spec, self.region_name, "$LATEST")
        self._lambdas.put_function(function)
        if spec.get("Publish") and (published := self.publish_version(function.function_name)):
            return published
        return function

    def delete_function(self, function_name: str, qualifier: str | None = None) -> None:
        """Delete a function or a version of it and end its processes."""
        arn = self.get_function(function_name, qualifier).function_arn
        super().delete_function(function_name, qualifier)
        self.function_class.invoker.retire(arn)


def backend_class(invoker: Invoker) -> type[ProcessLambdaBackend]:
    """Return a backend class whose functions are run by `invoker`."""
    function = type("BoundFunction", (ProcessFunction,), {"invoker": invoker, "__module__": __name__})
    return type("BoundBackend", (ProcessLambdaBackend,), {"function_class": function, "__module__": __name__})


def _client_context(request_headers: Mapping[str, str]) -> Any:  # noqa: ANN401 - whatever JSON the caller sent
    encoded = request_headers.get("x-amz-client-context")
    return json.loads(base64.b64decode(encoded)) if encoded else None
