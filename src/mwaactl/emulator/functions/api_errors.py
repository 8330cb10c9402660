"""Requests that Lambda's API refuses, with the answers it gives."""

import json
from collections.abc import Mapping
from typing import Any

from moto.awslambda.exceptions import InvalidParameterValueException, LambdaClientError
from moto.iam.exceptions import NotFoundException

from mwaactl.emulator.authorization.trust import trusts
from mwaactl.emulator.functions.interpreter import RUNTIMES

RESERVED_VARIABLES = frozenset(
    {
        "_HANDLER", "_X_AMZN_TRACE_ID", "AWS_DEFAULT_REGION", "AWS_REGION", "AWS_EXECUTION_ENV",
        "AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_LAMBDA_FUNCTION_VERSION",
        "AWS_LAMBDA_INITIALIZATION_TYPE", "AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME",
        "AWS_ACCESS_KEY", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN",
        "AWS_LAMBDA_RUNTIME_API", "LAMBDA_TASK_ROOT", "LAMBDA_RUNTIME_DIR",
    }
)  # fmt: skip
"""https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime"""


SERVICE = "lambda.amazonaws.com"


class RequestTooLargeError(LambdaClientError):
    """The event is larger than the invocation type takes."""

    code = 413

    def __init__(self, size: int, invocation_type: str, limit: int) -> None:
        super().__init__(
            "RequestTooLargeException",
            f"{size} byte payload is too large for the {invocation_type} invocation type "
            f"(limit {limit} bytes)",
        )


class TooManyRequestsError(LambdaClientError):
    """The function has as many invocations as its reserved concurrency allows.

    Attributes:
        never: Whether it allows none at all: then an asynchronous event is not tried again.
    """

    code = 429

    def __init__(self, *, never: bool = False) -> None:
        super().__init__("TooManyRequestsException", "Rate Exceeded.")
        self.never = never


class InvalidEventError(LambdaClientError):
    """The event is not JSON."""

    code = 400

    def __init__(self, reason: str) -> None:
        super().__init__(
            "InvalidRequestContentException", f"Could not parse request body into json: {reason}"
        )


class CannotRunError(LambdaClientError):
    """The function cannot be run as it was deployed."""

    code = 502

    def __init__(self, reason: str) -> None:
        super().__init__("InvalidRuntimeException", reason)


def refuse_what_cannot_run(spec: Mapping[str, Any]) -> None:
    """Check the members of CreateFunction or UpdateFunctionConfiguration that decide how a function runs.

    Args:
        spec: the request; absent members are not checked.

    Raises:
        LambdaClientError: InvalidParameterValueException, naming what is not possible.
    """
    runtime = spec.get("Runtime")
    if spec.get("PackageType", "Zip") != "Zip":
        _refuse("the emulator runs functions from zip packages only, not from container images")
    if runtime is not None and runtime not in RUNTIMES:
        _refuse(f"the emulator does not run {runtime} functions, only {', '.join(sorted(RUNTIMES))}")
    reserved = sorted(RESERVED_VARIABLES & (spec.get("Environment") or {}).get("Variables", {}).keys())
    if reserved:
        _refuse(
            "Lambda was unable to configure your environment variables because the environment variables "
            "you have provided contains reserved keys that are currently not supported for modification. "
            f"Reserved keys used in this request: {', '.join(reserved)}"
        )


def refuse_untrusted_role(role: str, function_arn: str) -> None:
    """Refuse a role that Lambda cannot take on; what is no role's ARN is refused elsewhere.

    Raises:
        InvalidParameterValueException: AWS's sentence about it.
    """
    try:
        trusted = not role.startswith("arn:") or trusts(role, SERVICE, function_arn)
    except (NotFoundException, IndexError):
        trusted = False
    if not trusted:
        _refuse("The role defined for the function cannot be assumed by Lambda.")


def parse_event(body: str | bytes) -> str:
    """Return an event as JSON text; an absent one is the empty object.

    Raises:
        InvalidEventError: it is not JSON.
    """
    try:
        text = body.decode() if isinstance(body, bytes) else body
        json.loads(text or "{}")
    except ValueError as error:
        raise InvalidEventError(str(error)) from error
    return text or "{}"


def _refuse(reason: str) -> None:
    raise InvalidParameterValueException(reason)
