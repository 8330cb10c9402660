"""What CloudFormation refuses, in AWS's words."""

from __future__ import annotations

from botocore.exceptions import ClientError
from moto.core.exceptions import ServiceException


class ValidationError(ServiceException):
    """The request or the template is wrong."""

    code = "ValidationError"


class AlreadyExists(ServiceException):
    """There is a stack of that name."""

    code = "AlreadyExistsException"


class ChangeSetNotFound(ServiceException):
    """There is no such change set."""

    code = "ChangeSetNotFound"


class InvalidChangeSetStatus(ServiceException):
    """The change set can't be executed."""

    code = "InvalidChangeSetStatus"


class ResourceFailure(Exception):  # noqa: N818 - the field's word
    """A resource could not be created, updated or deleted; the text is the resource's status reason."""


def reason_of(error: Exception) -> str:
    """Return the status reason that a failed resource carries, as CloudFormation words it."""
    if isinstance(error, ClientError):
        facts = error.response["Error"]
        return f'Resource handler returned message: "{facts["Message"]}" (HandlerErrorCode: {facts["Code"]})'
    if isinstance(error, ServiceException):
        return str(error.message)
    if isinstance(error, ResourceFailure):
        return str(error)
    return f'Resource handler returned message: "{type(error).__name__}: {error}"'
