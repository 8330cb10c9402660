"""Asks an HTTP server with nothing but the standard library."""

import urllib.error
import urllib.request
from collections.abc import Callable
from http.client import HTTPException

from reference_pipelines.api_ingest.pages import Answer

TIMEOUT = 30.0  # seconds


def getter(base_url: str, token: str | None = None) -> Callable[[str], Answer]:
    """Return what asks a server for a path.

    Args:
        base_url: `http://…` or `https://…` without a slash at its end.
        token: sent as bearer token, or None.

    Raises:
        ValueError: the address is of another scheme: `file:` would read files of the worker.
    """
    if not base_url.startswith(("http://", "https://")):
        message = f"`{base_url}` is not an address of an API"
        raise ValueError(message)
    headers = {"Accept": "application/json", **({"Authorization": f"Bearer {token}"} if token else {})}

    def get(target: str) -> Answer:
        request = urllib.request.Request(base_url + target, headers=headers)  # noqa: S310 - checked above
        try:
            return _answer(request)
        except HTTPException as error:  # such as IncompleteRead, which is no OSError
            message = f"the answer has broken off: {error!r}"
            raise ConnectionError(message) from error

    return get


def _answer(request: urllib.request.Request) -> Answer:
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT) as response:  # noqa: S310 - its address is checked
            return Answer(response.status, response.read())
    except urllib.error.HTTPError as error:
        with error:
            return Answer(error.code, error.read(), _seconds(error.headers.get("Retry-After")))


def _seconds(text: str | None) -> float | None:
    """Return the seconds of a header; one with a date is left to the caller's own pause."""
    return float(text) if text and text.isdigit() else None
