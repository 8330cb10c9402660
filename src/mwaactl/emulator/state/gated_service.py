"""A service behind the gate: its requests are counted, and wait while the state is read."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from mwaactl.emulator.state.changing_requests import may_change, may_take_long

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from mwaactl.emulator.state.request_gate import RequestGate

_FORM = "x-www-form-urlencoded"


class GatedService:
    """A WSGI app behind the gate.

    Args:
        app: What answers; whole responses, as moto does, if its requests wait.
        gate: What its requests pass.
        waits: Whether requests wait while the state is read. Those of services that call others must not.
    """

    def __init__(self, app: WSGIApplication, gate: RequestGate, *, waits: bool = True) -> None:
        self._app = app
        self._gate = gate
        self._waits = waits

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        body = _read_form(environ) if _FORM in environ.get("CONTENT_TYPE", "") else b""
        changes = may_change(environ, body)
        if not self._waits or may_take_long(environ):
            try:
                return self._app(environ, start_response)
            finally:
                if changes:
                    self._gate.changed()
        with self._gate.request(changes=changes):
            return self._app(environ, start_response)


def _read_form(environ: WSGIEnvironment) -> bytes:
    """Return the form that the query protocol sends, and leave it to be read again."""
    length = environ.get("CONTENT_LENGTH")
    if not length:
        return b""
    body: bytes = environ["wsgi.input"].read(int(length))
    environ["wsgi.input"] = io.BytesIO(body)
    return body
