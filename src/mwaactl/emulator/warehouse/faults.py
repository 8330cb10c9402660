"""Answers other than success: what the API refuses, and why a statement failed."""

from __future__ import annotations


class ServiceFault(Exception):  # noqa: N818
    """A request that the service refuses.

    Attributes:
        code: The exception's name in the service's model, for example `ConflictException`.
        message: What the caller reads.
        status: The HTTP status.
    """

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status


def invalid(message: str) -> ServiceFault:
    """Return the fault for parameters that the service does not accept."""
    return ServiceFault("ValidationException", message)


def missing(message: str) -> ServiceFault:
    """Return the fault for a resource that does not exist."""
    return ServiceFault("ResourceNotFoundException", message)


def conflict(message: str) -> ServiceFault:
    """Return the fault for a resource that exists already or is in use."""
    return ServiceFault("ConflictException", message)


class StatementFailed(Exception):  # noqa: N818
    """A statement that ends as FAILED; the text is what DescribeStatement shows as its error."""


class Refused(StatementFailed):
    """A construct that is valid in Redshift, or may be, and that the emulator cannot run faithfully."""

    def __init__(self, construct: str, reason: str) -> None:
        super().__init__(f"ERROR: the emulator does not model {construct}: {reason}")
        self.construct = construct
