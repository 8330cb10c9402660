"""Turns what botocore raises into mwaactl's errors, in one place."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError
from urllib3.exceptions import HTTPError

from mwaactl.aws.archived_objects import restore_command
from mwaactl.aws.local_failures import from_local_error
from mwaactl.errors import (
    AccessDenied,
    Conflict,
    MwaactlError,
    NotFound,
    OutcomeUnknown,
    ServiceError,
    Throttled,
)

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
FAILED_INSIDE = frozenset(
    {
        "InternalError", "InternalFailure", "InternalServerError", "InternalServerException", "500", "502",
        "504",
    }
)  # fmt: skip
WRONG_CLOCK = frozenset({"RequestTimeTooSkewed", "RequestExpired", "RequestInTheFuture"})
# What else lets S3 answer 403 without a word; it tells no more to a HEAD request.
_ALSO = {
    "HeadBucket": ", and the bucket must belong to the account of mwaactl.toml",
    "HeadObject": ", and `kms:Decrypt` on the key that encrypts it",
}
_DENIED = re.compile(r"not authorized to perform: (?P<action>[\w-]+:\w+)")
EXPIRED_SIGNATURE = ("Signature expired", "Signature not yet current")
WRONG_REGION = frozenset(
    {"PermanentRedirect", "301", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException"}
)
UNUSABLE_KEY = frozenset({"KMS.DisabledException", "KMS.KMSInvalidStateException", "KMS.NotFoundException"})
CONFLICT = frozenset(
    {
        "PreconditionFailed", "412", "ConditionalRequestConflict", "409", "OperationAborted",
        "TokenAlreadyExistsException",
    }
)  # fmt: skip
ARCHIVED = "InvalidObjectState"
CLOCK_HINT = "set this machine's clock: AWS takes no request whose time is more than 15 minutes off"
LAST_HINT = "run the command again; if that does not help, ask AWS support with the request id of `--json`"
HINTS = (
    (WRONG_CLOCK, CLOCK_HINT),
    (
        BAD_CREDENTIALS,
        "the credentials are not valid, or no longer: sign in again, for example with `aws sso login`",
    ),
    (THROTTLED, "wait a moment and run the command again"),
    (FAILED_INSIDE, "AWS failed by itself: run the command again; it goes on from where it stopped"),
    (CONFLICT, "something else is changing it: run the command again"),
    (
        UNUSABLE_KEY,
        "the key that encrypts the bucket cannot be used: look at it with `aws kms describe-key`",
    ),
    (WRONG_REGION, "look at `region` in mwaactl.toml: this belongs to another region"),
)


@contextmanager
def mapped(
    service: str, operation: str, resource: str = "", *, version_id: str | None = None
) -> Iterator[None]:
    """Raise mwaactl's errors instead of botocore's while a request is made.

    Args:
        service: As botocore names it, for example `mwaa`.
        operation: The API operation, for example `GetEnvironment`.
        resource: What the request is about, for the message: an ARN or a name; an object as `bucket/key`.
        version_id: The version of an object, where the request names one.
    """
    try:
        yield
    except ClientError as error:
        raise from_client_error(error, service, operation, resource, version_id=version_id) from error
    except (BotoCoreError, ResponseParserError, HTTPError) as error:
        raise from_local_error(error, service, operation, resource) from error
    except (FileNotFoundError, PermissionError) as error:  # credentials are looked for with the first request
        raise _unusable(error) from error


@contextmanager
def configured() -> Iterator[None]:
    """Raise mwaactl's error where the caller's profile, AWS files or AWS_ variables cannot be used."""
    try:
        yield
    # OSError: a file that may not be read, or a `credential_process` that is not installed.
    except (BotoCoreError, ValueError, OSError) as error:
        raise _unusable(error) from error


def _unusable(error: Exception) -> MwaactlError:
    message = f"the AWS configuration cannot be used: {str(error).strip().rstrip('.:')}"
    hint = "look at the AWS_ variables of the environment, `~/.aws/config` and `~/.aws/credentials`"
    return MwaactlError(message, hint=hint, code="aws.configuration")


def from_client_error(
    error: ClientError, service: str, operation: str, resource: str = "", *, version_id: str | None = None
) -> ServiceError:
    """Return the error whose remedy fits the service's code; the arguments are as in `mapped`."""
    answer = error.response
    code = answer.get("Error", {}).get("Code", "Unknown")
    said = (answer.get("Error", {}).get("Message") or code).strip().rstrip(".")
    about = f" of `{resource}`" if resource else ""
    kind = class_of(code)
    verb = "failed at" if kind is OutcomeUnknown else "refused"
    if code == ARCHIVED:
        hint = _hint_for_archived(resource, version_id, error)
    else:
        hint = _hint(code, said, operation, resource, _action(service, operation, version_id))
    return kind(
        f"{service} {verb} {operation}{about}: {said}",
        service=service,
        operation=operation,
        error_code=code,
        request_id=answer.get("ResponseMetadata", {}).get("RequestId"),
        hint=hint,
        context={"resource": resource} if resource else {},
    )


def is_unreadable_object(error: ServiceError) -> bool:
    """Tell whether S3 keeps an object from the caller: by its KMS key, by a policy, or in an archive."""
    return error.error_code == ARCHIVED or error.error_code in ACCESS_DENIED - BAD_CREDENTIALS


def class_of(code: str) -> type[ServiceError]:
    """Return the error class for a service's error code; the root of them where no special remedy exists."""
    for codes, kind in (
        (ACCESS_DENIED, AccessDenied),
        (NOT_FOUND, NotFound),
        (THROTTLED, Throttled),
        (CONFLICT, Conflict),
        (FAILED_INSIDE, OutcomeUnknown),
    ):
        if code in codes:
            return kind
    return ServiceError


def _hint(code: str, said: str, operation: str, resource: str, action: str) -> str:
    if any(each in said for each in EXPIRED_SIGNATURE):
        return CLOCK_HINT
    known = next((hint for codes, hint in HINTS if code in codes), None)
    if known is not None or code not in ACCESS_DENIED:
        return (
            known
            or "run the command again; if it fails again, ask AWS support with the request id of `--json`"
        )
    on = f" on `{resource}`" if resource else ""
    if (told := _DENIED.search(said)) is not None:
        action, on = told["action"], on if told["action"] == action else ""
    return (
        f"the caller needs `{action}`{on}{_ALSO.get(operation, '')}; check with `aws sts get-caller-identity`"
    )


def _hint_for_archived(resource: str, version_id: str | None, error: ClientError) -> str:
    bucket, _, key = resource.partition("/")
    told: Mapping[str, Any] = error.response
    command = restore_command(bucket, key, version_id, told.get("StorageClass"))
    return f"the object lies in an archive: bring it back with `{command}`, which takes hours"


def _action(service: str, operation: str, version_id: str | None) -> str:
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
    same = {"HeadObject": "GetObject", "ListObjectsV2": "ListBucket", "HeadBucket": "ListBucket"}
    version = "Version" if version_id else ""
    return f"{'airflow' if service == 'mwaa' else service}:{same.get(operation, operation)}{version}"
