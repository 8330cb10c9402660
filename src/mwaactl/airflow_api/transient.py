"""Which failures of Airflow's REST API pass by themselves."""

from mwaactl.errors import MwaactlError, OperationError, Throttled


def is_transient(error: MwaactlError) -> bool:
    """Tell whether the same question may be answered a moment later: too many requests, or a server error."""
    if isinstance(error, OperationError):
        return error.context.get("status", "").startswith("5")
    return isinstance(error, Throttled)
