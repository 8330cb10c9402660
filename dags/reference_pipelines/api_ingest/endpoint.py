"""Finds the API by a connection of Airflow."""

from typing import TYPE_CHECKING, Any

from reference_pipelines.api_ingest.http import getter

if TYPE_CHECKING:
    from collections.abc import Callable

    from reference_pipelines.api_ingest.pages import Answer


def endpoint(connection_id: str) -> "Callable[[str], Answer]":
    """Return what asks the API that a connection names.

    Raises:
        AirflowNotFoundException: there is no such connection.
        ValueError: its schema is neither `http` nor `https`.
    """
    from airflow.sdk import Connection

    found: Any = Connection.get(connection_id)
    port = f":{found.port}" if found.port else ""
    return getter(f"{found.schema or 'https'}://{found.host}{port}", found.password or None)
