"""AWS services on a loopback port of this process: moto's, and applications by the name they sign for."""

from __future__ import annotations

import re
from functools import partial
from threading import Thread
from typing import TYPE_CHECKING

from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from werkzeug.serving import make_server

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_SCOPE = re.compile(r"Credential=[^/]+/\d+/[^/]+/(?P<service>[^/]+)/aws4_request")


class LoopbackServices:
    """Serves from its making until `close`, on a free port.

    Attributes:
        apps: What answers, by the service that a request is signed for; others go to moto. It may change
            while it runs.
        port: Of 127.0.0.1.
    """

    def __init__(self) -> None:
        self.apps: dict[str, WSGIApplication] = {}
        self._moto: WSGIApplication = DomainDispatcherApplication(create_backend_app)
        self._server = make_server("127.0.0.1", 0, self, threaded=True, request_handler=MotoRequestHandler)
        self.port = int(self._server.server_port)
        Thread(target=partial(self._server.serve_forever, poll_interval=0.02), daemon=True).start()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        scope = _SCOPE.search(environ.get("HTTP_AUTHORIZATION", ""))
        return self.apps.get(scope["service"] if scope else "", self._moto)(environ, start_response)

    def close(self) -> None:
        """Serve no more."""
        self._server.shutdown()
        self._server.server_close()
