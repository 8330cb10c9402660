"""Turns what botocore raises into mwaactl's errors, in one place."""

from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    EndpointConnectionError,
    NoCredentialsError,
    PartialCredentialsError,
    SSOTokenLoadError,
    TokenRetrievalError,
    UnauthorizedSSOTokenError,
)

from mwaactl.errors import AccessDenied, Conflict, MwaactlError, NotFound, ServiceError, Throttled

# Numbers are the codes of answers without a body, which is all that a HEAD request gets.
BAD_CREDENTIALS = frozenset(
    {
        "ExpiredToken", "ExpiredTokenException", "InvalidToken", "InvalidClientTokenId", "InvalidAccessKeyId",
        "SignatureDoesNotMatch", "IncompleteSignature", "UnrecognizedClientException", "AuthFailure",
    }
)  # fmt: skip
ACCESS_DENIED = BAD_CREDENTIALS | {"AccessDenied", "AccessDeniedException", "Forbidden", "403"}
NOT_FOUND = frozenset({"ResourceNotFoundException", "NoSuchKey", "NoSuchBucket", "NotFound", "404"})
THROTTLED = frozenset(
    {
        "Throttling", "ThrottlingException", "ThrottledException", "TooManyRequestsException", "SlowDown",
        "RequestLimitExceeded", "ServiceUnavailableException", "ServiceUnavailable", "503",
    }
)  # fmt: skip
CONFLICT = frozenset(
    {
        "PreconditionFailed", "412", "ConditionalRequestConflict", "409", "OperationAborted",
        "TokenAlreadyExistsException",
    }
)  # fmt: skip


@contextmanager
def mapped(service: str, operation: str, resource: str = "") -> Iterator[None]:
    """Raise mwaactl's errors instead of botocore's while a request is made.

    Args:
        service: As botocore names it, for example `mwaa`.
        operation: The API operation, for example `GetEnvironment`.
        resource: What the request is about, for the message: an ARN or a name.
    """
    try:
        yield
    except ClientError as error:
        raise from_client_error(error, service, operation, resource) from error
    except (NoCredentialsError, PartialCredentialsError) as error:
        raise _local(
            error, service, operation, "configure credentials, for example with AWS_PROFILE"
        ) from error
    except (SSOTokenLoadError, UnauthorizedSSOTokenError, TokenRetrievalError) as error:
        raise _local(error, service, operation, "sign in again with `aws sso login`") from error
    except EndpointConnectionError as error:
        hint = "check the network and `endpoint_url`; the emulator is started with `mwaactl emulator up`"
        raise _local(error, service, operation, hint) from error
    except BotoCoreError as error:
        raise _local(error, service, operation, None) from error


@contextmanager
def configured() -> Iterator[None]:
    """Raise mwaactl's error where the caller's profile, AWS files or AWS_ variables cannot be used."""
    try:
        yield
    except (BotoCoreError, ValueError) as error:
        message = f"the AWS configuration cannot be used: {str(error).strip().rstrip('.')}"
        hint = "look at the AWS_ variables of the environment, `~/.aws/config` and `~/.aws/credentials`"
        raise MwaactlError(message, hint=hint, code="aws.configuration") from error


def from_client_error(error: ClientError, service: str, operation: str, resource: str = "") -> ServiceError:
    """Return the error whose remedy fits the service's code."""
    answer = error.response
    code = answer.get("Error", {}).get("Code", "Unknown")
    said = (answer.get("Error", {}).get("Message") or code).strip().rstrip(".")
    about = f" of `{resource}`" if resource else ""
    kind = class_of(code)
    return kind(
        f"{service} refused {operation}{about}: {said}",
        service=service,
        operation=operation,
        error_code=code,
        request_id=answer.get("ResponseMetadata", {}).get("RequestId"),
        hint=_hint(code, service, operation, resource),
        context={"resource": resource} if resource else {},
    )


def class_of(code: str) -> type[ServiceError]:
    """Return the error class for a service's error code; the root of them where no special remedy exists."""
    for codes, kind in (
        (ACCESS_DENIED, AccessDenied),
        (NOT_FOUND, NotFound),
        (THROTTLED, Throttled),
        (CONFLICT, Conflict),
    ):
        if code in codes:
            return kind
    return ServiceError


def _hint(code: str, service: str, operation: str, resource: str) -> str | None:
    if code in BAD_CREDENTIALS:
        return "the credentials are not valid, or no longer: sign in again, for example with `aws sso login`"
    if code in THROTTLED:
        return "wait a moment and run the command again"
    if code not in ACCESS_DENIED:
        return None
    on = f" on `{resource}`" if resource else ""
    prefix = "airflow" if service == "mwaa" else service
    return f"the caller needs `{prefix}:{_action(operation)}`{on}; check with `aws sts get-caller-identity`"


def _action(operation: str) -> str:
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
    same = {"HeadObject": "GetObject", "ListObjectsV2": "ListBucket", "HeadBucket": "ListBucket"}
    return same.get(operation, operation)


def _local(error: BotoCoreError, service: str, operation: str, hint: str | None) -> ServiceError:
    said = str(error).strip().rstrip(".")
    return ServiceError(
        f"{service} {operation} could not be asked: {said}",
        service=service,
        operation=operation,
        error_code=type(error).__name__,
        hint=hint,
    )
