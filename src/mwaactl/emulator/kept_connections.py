"""HTTP/1.1 connections that stay open between requests, as AWS keeps them; werkzeug closes each after one.

The clients of AWS keep what they have opened; a new connection and a new thread for each request cost as much
as many an answer.
"""

from __future__ import annotations

import io
import logging
from typing import TYPE_CHECKING, Any, override

from moto.moto_server.werkzeug_app import MotoRequestHandler
from werkzeug.exceptions import InternalServerError

if TYPE_CHECKING:
    from collections.abc import Callable
    from wsgiref.types import WSGIApplication, WSGIEnvironment

    from _typeshed import OptExcInfo, SupportsRead

IDLE_SECONDS = 30.0
"""A connection without a request is closed after as long."""

BUSY_SECONDS = 900.0
"""So is one whose client stops amid a request or an answer: a function may be slow over an object."""

_WITHOUT_BODY = frozenset({"204", "304"})
_AT_ONCE = 1 << 20

_log = logging.getLogger(__name__)


class KeptConnection(MotoRequestHandler):
    """moto's request handler, which answers the requests of a connection one after the other."""

    protocol_version = "HTTP/1.1"
    timeout = IDLE_SECONDS
    patience = BUSY_SECONDS
    # Head and body leave together, and at once: else the second waits until the first is acknowledged.
    wbufsize = -1
    disable_nagle_algorithm = True

    @override
    def parse_request(self) -> bool:
        parsed: bool = super().parse_request()
        if self.request_version < self.protocol_version:
            self.close_connection = True
        return parsed

    @override
    def handle_expect_100(self) -> bool:
        super().handle_expect_100()
        self.wfile.flush()
        return True

    @override
    def make_environ(self) -> dict[str, Any]:
        environ = super().make_environ()
        if not environ.get("wsgi.input_terminated"):
            environ["wsgi.input"] = _body(self.rfile, environ.get("CONTENT_LENGTH", ""))
        return environ

    @override
    def run_wsgi(self) -> None:
        self.connection.settimeout(self.patience)
        self._answer()
        self.connection.settimeout(self.timeout)

    def _answer(self) -> None:
        self.environ = environ = self.make_environ()
        body, answer = environ["wsgi.input"], _Answer(self)
        try:
            answer.give(self.server.app, environ)
            # What nobody has read is not the next request.
            while body.read(_AT_ONCE):
                pass
        except (ConnectionError, TimeoutError) as error:
            self.close_connection = True
            self.connection_dropped(error, environ)
        except Exception:  # noqa: BLE001 - a defect must be answered, not end the connection
            self.close_connection = True
            _log.exception("a request failed: %s", self.requestline)
            if not answer.begun:
                answer.give(InternalServerError(), environ)

    @override
    def log_error(self, format: str, *args: Any) -> None:
        """Say nothing of clients that leave or stay silent."""


class _Answer:
    """What is sent back for one request."""

    def __init__(self, connection: KeptConnection) -> None:
        self.begun = False
        self._connection = connection
        self._status, self._headers = "", list[tuple[str, str]]()
        self._left: int | None = None
        self._empty = self._chunked = False

    def give(self, app: WSGIApplication, environ: WSGIEnvironment) -> None:
        """Let the app answer, and send what it gives as it comes."""
        pieces = app(environ, self._start)
        try:
            for piece in pieces:
                self._write(piece)
            self._end()
        finally:
            if hasattr(pieces, "close"):
                pieces.close()

    def _start(
        self, status: str, headers: list[tuple[str, str]], failure: OptExcInfo | None = None, /
    ) -> Callable[[bytes], object]:
        if self.begun and failure and failure[1]:
            raise failure[1]
        self._status, self._headers = status, headers
        return self._write

    def _begin(self) -> None:
        self.begun = True
        connection, (code, _, phrase) = self._connection, self._status.partition(" ")
        lengths = [value for name, value in self._headers if name.lower() == "content-length"]
        self._empty = connection.command == "HEAD" or code in _WITHOUT_BODY
        self._left = int(lengths[0]) if lengths and not self._empty else None
        self._chunked = not lengths and not self._empty
        if self._chunked and connection.request_version < connection.protocol_version:
            self._chunked, connection.close_connection = False, True
        connection.send_response(int(code), phrase)
        for name, value in self._headers:
            connection.send_header(name, value)
        if self._chunked:
            connection.send_header("Transfer-Encoding", "chunked")
        if connection.close_connection:
            connection.send_header("Connection", "close")
        connection.end_headers()

    def _write(self, piece: bytes) -> None:
        if not self.begun:
            self._begin()
        if not piece or self._empty:
            return
        if self._left is not None:
            self._left -= len(piece)
        self._connection.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece) if self._chunked else piece)
        self._connection.wfile.flush()

    def _end(self) -> None:
        if not self.begun:
            self._begin()
        if self._chunked:
            self._connection.wfile.write(b"0\r\n\r\n")
        if self._left:
            # Other than announced: the client cannot tell where the next answer begins.
            self._connection.close_connection = True
        self._connection.wfile.flush()


class _Announced(io.RawIOBase):
    """As many bytes of a stream as were announced."""

    def __init__(self, stream: SupportsRead[bytes], length: int) -> None:
        self._stream, self._left = stream, length

    @override
    def readable(self) -> bool:
        return True

    @override
    def readinto(self, buffer: Any) -> int:
        piece = self._stream.read(min(len(buffer), self._left))
        buffer[: len(piece)] = piece
        self._left -= len(piece)
        return len(piece)


def _body(stream: SupportsRead[bytes], length: str) -> SupportsRead[bytes]:
    if not length.isdecimal() or not int(length):
        return io.BytesIO()
    return io.BufferedReader(_Announced(stream, int(length)))
