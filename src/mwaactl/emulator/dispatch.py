"""Sends each request to the service that it is signed for: our own ones, else moto's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mwaactl.emulator.own_pages import PREFIX
from mwaactl.emulator.request_scope import signed_service

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment


class Dispatcher:
    """The outermost WSGI app.

    Args:
        services: Our own services by SigV4 signing name.
        pages: What answers under `/_emulator/`.
        others: What answers everything else.
    """

    def __init__(
        self, services: Mapping[str, WSGIApplication], pages: WSGIApplication, others: WSGIApplication
    ) -> None:
        self._services = services
        self._pages = pages
        self._others = others

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        return self._choose(environ)(environ, start_response)

    def _choose(self, environ: WSGIEnvironment) -> WSGIApplication:
        if environ.get("PATH_INFO", "").startswith(PREFIX):
            return self._pages
        service = signed_service(environ)
        return self._services.get(service, self._others) if service else self._others
