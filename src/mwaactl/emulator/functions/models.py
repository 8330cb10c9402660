"""moto's Lambda backend with functions that run: API, CloudFormation, SNS, SQS and the rest end in `invoke`.

moto runs functions in Docker containers, or gives a canned answer. What it calls is `LambdaFunction.invoke`;
a subclass overrides that, and a subclass of the backend creates such functions.
"""

import base64
import json
from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import uuid4
from zipfile import BadZipFile

from moto.awslambda.exceptions import LambdaClientError
from moto.awslambda.models import LambdaFunction, LayerDataType, LayerVersion, lambda_backends
from moto.core.utils import unix_time_millis

from mwaactl.emulator.functions.api_errors import (
    CannotRunError,
    RequestTooLargeError,
    TooManyRequestsError,
    parse_event,
    refuse_untrusted_role,
    refuse_what_cannot_run,
)
from mwaactl.emulator.functions.asynchronous import AsynchronousInvocations
from mwaactl.emulator.functions.definition import FunctionDefinition
from mwaactl.emulator.functions.deployed_code import code_in_request, code_in_s3
from mwaactl.emulator.functions.event_invoke_config import refuse_dead_letters, settings_of
from mwaactl.emulator.functions.event_source_mappings import QueueMappingBackend
from mwaactl.emulator.functions.handler_process import Event
from mwaactl.emulator.functions.interpreter import InterpreterError
from mwaactl.emulator.functions.invoker import PAYLOAD_LIMIT, Invoker
from mwaactl.emulator.functions.layers import (
    LayerContent,
    content_of,
    layers_of,
    refuse_content,
    refuse_size,
    refuse_unreadable,
)
from mwaactl.emulator.functions.outcomes import Failed, Invocation
from mwaactl.emulator.functions.pool import ThrottledError
from mwaactl.emulator.functions.retry_rules import AsynchronousSettings

EVENT_PAYLOAD_LIMIT = 1_048_576
"""Bytes of an asynchronous request: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html"""
LOG_TAIL = 4096


class ProcessFunction(LambdaFunction):
    """A function whose handler runs in a process of its own.

    Attributes:
        invoker: who runs it; bound by `backend_class`.
        asynchronous: who sees its asynchronous invocations through; bound by `backend_class`.
        dead_letters: ARN of its dead letter queue or topic; empty without one.
        layer_contents: its layers.
    """

    invoker: ClassVar[Invoker]
    asynchronous: ClassVar[AsynchronousInvocations]

    def __init__(self, account_id: str, spec: dict[str, Any], region: str, version: str | int = 1) -> None:
        self.dead_letters = ""
        self.layer_contents: tuple[LayerContent, ...] = ()
        refuse_what_cannot_run(spec)
        super().__init__(account_id, spec, region, version)
        refuse_untrusted_role(self.role, self.function_arn)
        refuse_size(self.code_bytes, self.layer_contents)
        self._use_dead_letters(spec)
        self._use_log_group(spec)

    def update_configuration(self, config_updates: dict[str, Any]) -> dict[str, Any]:
        """Change the function's configuration; its next invocation starts a new process.

        Raises:
            LambdaClientError: the function could not run with it.
        """
        refuse_what_cannot_run(config_updates)
        if role := config_updates.get("Role"):
            refuse_untrusted_role(role, self.function_arn)
        self._use_dead_letters(config_updates)
        self._use_log_group(config_updates)
        # moto passes over these.
        if storage := config_updates.get("EphemeralStorage"):
            self.ephemeral_storage = storage["Size"]
        self.tracing_config = config_updates.get("TracingConfig") or self.tracing_config
        self.kms_key_arn = config_updates.get("KMSKeyArn", self.kms_key_arn)
        return super().update_configuration(config_updates)

    def get_configuration(self, on_create: bool = False) -> dict[str, Any]:  # noqa: FBT001, FBT002 - moto's signature
        """Return the configuration as the API shows it."""
        config = super().get_configuration(on_create)
        config["LoggingConfig"] = {"LogFormat": "Text", "LogGroup": self.logs_group_name}
        if self.dead_letters:
            config["DeadLetterConfig"] = {"TargetArn": self.dead_letters}
        return config

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
            layers=self.layer_contents,
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
        _refuse_large(body, kind)
        event = Event(str(uuid4()), parse_event(body), _client_context(request_headers))
        response_headers["x-amz-executed-version"] = str(self.version)
        response_headers["x-amzn-requestid"] = event.request_id
        match kind:
            case "DryRun":
                return ""
            case "Event":
                self.asynchronous.accept(self, event)
                return ""
            case _:
                return self._answer(self.run(event), response_headers)

    def invoke_asynchronously(self, body: str | bytes) -> str:
        """Accept an event that another service sends, and return the request's id.

        Raises:
            LambdaClientError: it is too large or not JSON.
        """
        _refuse_large(body, "Event")
        event = Event(str(uuid4()), parse_event(body))
        self.asynchronous.accept(self, event)
        return event.request_id

    def run(self, event: Event) -> Invocation:
        """Run the function once and write its log.

        Raises:
            TooManyRequestsError: it has as many invocations as its reserved concurrency allows.
            CannotRunError: it cannot be run as it was deployed.
        """
        reserved = None if self.reserved_concurrency is None else int(self.reserved_concurrency)
        try:
            invocation = self.invoker.invoke(self.definition(), event, reserved)
        except ThrottledError as error:
            raise TooManyRequestsError(never=reserved == 0) from error
        except (InterpreterError, BadZipFile, OSError) as error:
            raise CannotRunError(str(error)) from error
        self._write_log(invocation)
        return invocation

    def asynchronous_settings(self) -> AsynchronousSettings:
        """Return what its owner wants done with its asynchronous invocations."""
        return settings_of(self)

    def is_deployed(self) -> bool:
        """Tell whether it has not been deleted."""
        return lambda_backends[self.account_id][self.region].get_function_by_arn(self.function_arn) is self

    def _set_function_code(self, updated_spec: dict[str, Any]) -> None:
        """Take the code, of the very version of the object if there is one."""
        of_object = code_in_s3(self.account_id, self.partition, updated_spec)
        if of_object:
            refuse_unreadable(of_object.content)
        elif "ZipFile" in updated_spec:
            refuse_unreadable(code_in_request(updated_spec["ZipFile"]))
        if updated_spec.get("DryRun"):
            return
        super()._set_function_code(updated_spec)
        if of_object:
            self.code_bytes, self.code_sha_256 = of_object.content, of_object.sha256
            self.code_size = len(of_object.content)

    def _get_layers_data(self, layers_versions_arns: list[str]) -> list[LayerDataType]:
        """Look the layers up, and keep what they hold: a version may be deleted while functions use it."""
        backend = lambda_backends[self.account_id][self.region]
        versions = layers_of(layers_versions_arns, backend.layers_versions_by_arn)
        self.layer_contents = tuple(content_of(version) for version in versions)
        return [{"Arn": version.arn, "CodeSize": version.code_size} for version in versions]

    def _answer(self, invocation: Invocation, response_headers: dict[str, str]) -> bytes:
        log = "\n".join(invocation.log_lines).encode()[-LOG_TAIL:]
        response_headers["x-amz-log-result"] = base64.b64encode(log).decode()
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

    def _use_dead_letters(self, spec: Mapping[str, Any]) -> None:
        if (config := spec.get("DeadLetterConfig")) is not None:
            arn = config.get("TargetArn") or ""
            if arn:
                refuse_dead_letters(str(spec.get("Role") or self.role), arn)
            self.dead_letters = arn

    def _use_log_group(self, spec: Mapping[str, Any]) -> None:
        group = (spec.get("LoggingConfig") or {}).get("LogGroup")
        if group:
            self.logs_group_name = group


class ProcessLambdaBackend(QueueMappingBackend):
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

    def publish_version(self, function_name: str, description: str = "") -> LambdaFunction | None:
        """Publish a version; it does not take over how asynchronous invocations of `$LATEST` are treated."""
        known = {id(each) for each in self.list_versions_by_function(function_name)}
        published = super().publish_version(function_name, description)
        if published is not None and id(published) not in known:
            published.event_invoke_config = []
        return published

    def publish_layer_version(self, spec: dict[str, Any]) -> LayerVersion:
        """Publish a version of a layer.

        Raises:
            InvalidParameterValueException: it is no zip file or too large.
        """
        made = LayerVersion(spec, self.account_id, self.region_name)  # type: ignore[abstract]
        refuse_content(made)
        self._layers.put_layer_version(made)
        return made

    def delete_function(self, function_name: str, qualifier: str | None = None) -> None:
        """Delete a function or a version of it and end its processes."""
        arn = self.get_function(function_name, qualifier).function_arn
        super().delete_function(function_name, qualifier)
        self.function_class.invoker.retire(arn)


def backend_class(invoker: Invoker, asynchronous: AsynchronousInvocations) -> type[ProcessLambdaBackend]:
    """Return a backend class whose functions are run by `invoker`, and by `asynchronous` without waiting."""
    bound = {"invoker": invoker, "asynchronous": asynchronous, "__module__": __name__}
    function = type("BoundFunction", (ProcessFunction,), bound)
    return type("BoundBackend", (ProcessLambdaBackend,), {"function_class": function, "__module__": __name__})


def _refuse_large(body: str | bytes, kind: str) -> None:
    limit = EVENT_PAYLOAD_LIMIT if kind == "Event" else PAYLOAD_LIMIT
    size = len(body.encode() if isinstance(body, str) else body or b"")
    if size > limit:
        raise RequestTooLargeError(size, kind, limit)


def _client_context(request_headers: Mapping[str, str]) -> Any:  # noqa: ANN401 - whatever JSON the caller sent
    encoded = request_headers.get("x-amz-client-context")
    return json.loads(base64.b64decode(encoded)) if encoded else None
