"""An AWS endpoint on a loopback port for tests: moto's services, and applications of ours by signing name."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from werkzeug.serving import make_server

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

SCOPE = re.compile(r"Credential=[^/]+/\d+/[^/]+/(?P<service>[^/]+)/aws4_request")


@dataclass(slots=True)
class EmulatedAws:
    """Serves until `close`; applications may be added while it runs."""

    apps: dict[str, WSGIApplication] = field(default_factory=dict)
    _server: Any = None
    _moto: Any = None

    def __post_init__(self) -> None:
        self._moto = DomainDispatcherApplication(create_backend_app)
        self._server = make_server("127.0.0.1", 0, self, threaded=True, request_handler=MotoRequestHandler)
        serve = partial(self._server.serve_forever, poll_interval=0.02)
        threading.Thread(target=serve, daemon=True).start()

    @property
    def port(self) -> int:
        return int(self._server.server_port)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        scope = SCOPE.search(environ.get("HTTP_AUTHORIZATION", ""))
        app = self.apps.get(scope["service"] if scope else "", self._moto)
        answer: Iterable[bytes] = app(environ, start_response)
        return answer

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
