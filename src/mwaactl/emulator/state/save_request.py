"""Asks a running emulator to write its state now."""

from __future__ import annotations

import json
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.request import ProxyHandler, Request, build_opener

SAVE_PATH = "/_emulator/save"
_PATIENCE_SECONDS = 60.0


def ask_to_save(endpoint_url: str) -> str | None:
    """Return why the state can't be written, or None if it has been, or if nobody answers.

    Args:
        endpoint_url: Where the emulator listens.
    """
    opener = build_opener(ProxyHandler({}))
    request = Request(f"{endpoint_url}{SAVE_PATH}", method="POST")  # noqa: S310 - a loopback address
    try:
        with opener.open(request, timeout=_PATIENCE_SECONDS):
            return None
    except HTTPError as error:
        with error:
            return str(json.load(error).get("message", error))
    except (OSError, ValueError, HTTPException):
        # It hangs or is going down: stopping it is all that is left.
        return None
