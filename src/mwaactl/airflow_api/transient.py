"""Which failures pass by themselves."""

from mwaactl.errors import MwaactlError, OperationError, ServiceError


def is_transient(error: MwaactlError) -> bool:
    """Tell whether the same question may be answered a moment later.

    Too many requests, a server error of AWS or of Airflow, an answer that was lost on its way.
    """
    if isinstance(error, OperationError):
        return error.context.get("status", "").startswith("5")
    return isinstance(error, ServiceError) and error.retryable
