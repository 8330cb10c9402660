"""One loopback port that speaks TLS and plain HTTP: the first byte of a connection tells which."""

from __future__ import annotations

import logging
import socket
import ssl
import threading
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler

from mwaactl.emulator.mwaa.exceptions import ServiceUnavailableError

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

log = logging.getLogger(__name__)

# The first byte of a TLS connection is the record type of its ClientHello.
# https://www.rfc-editor.org/rfc/rfc8446#section-5.1
TLS_HANDSHAKE = b"\x16"
FIRST_BYTE_SECONDS = 30
PORTS = 400


class FrontDoorServer:
    """Serves one WSGI application on a port that stays the same until `close`.

    Args:
        application: What answers the requests.
        tls: The context for connections that begin with a TLS handshake.
        first_port: The lowest port to take; the first free one from here on is taken.
    """

    def __init__(self, application: WSGIApplication, tls: ssl.SSLContext, first_port: int) -> None:
        with _bound_socket(first_port) as listener:
            self._server = _DualServer(application, tls, listener)
        serve = partial(self._server.serve_forever, poll_interval=0.05)
        self._thread = threading.Thread(target=serve, name=f"front-door-{self.port}", daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        """The port that was taken."""
        return self._server.port

    def close(self) -> None:
        """Stop listening; requests under way end by themselves."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _bound_socket(first_port: int) -> socket.socket:
    for port in range(first_port, min(first_port + PORTS, 65536)):
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
            listener.listen(128)
        except OSError:
            listener.close()
        else:
            return listener
    msg = f"No free port from {first_port} upward for the environment's web server"
    raise ServiceUnavailableError(msg)


class _Handler(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def make_environ(self) -> dict[str, Any]:
        environ = super().make_environ()
        environ["wsgi.url_scheme"] = "https" if isinstance(self.connection, ssl.SSLSocket) else "http"
        return environ

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - werkzeug's own name
        log.debug("%s %s", type, message % args)


class _DualServer(ThreadedWSGIServer):
    daemon_threads = True

    def __init__(self, application: WSGIApplication, tls: ssl.SSLContext, listener: socket.socket) -> None:
        host, port = listener.getsockname()
        super().__init__(host, port, application, _Handler, fd=listener.fileno())
        self._tls = tls

    def finish_request(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - socketserver's own
        """Runs in the connection's own thread, so that a silent client holds up nobody."""
        connection = request
        try:
            request.settimeout(FIRST_BYTE_SECONDS)
            if request.recv(1, socket.MSG_PEEK) == TLS_HANDSHAKE:
                connection = self._tls.wrap_socket(request, server_side=True)
            connection.settimeout(None)
            _Handler(connection, client_address, self)
        except (OSError, ValueError) as error:
            log.debug("connection of %s ended: %s", client_address, error)
        finally:
            with suppress(OSError):
                self.shutdown_request(connection)
