"""An HTTP server that speaks for all services of an AWS account, and may be told to misbehave."""

from __future__ import annotations

import socket
import struct
import threading
import uuid
from dataclasses import dataclass, field
from email.utils import format_datetime
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from tests.fakes.wire.requests import CutAnswer, NoAnswer, Reaction, WireAnswer, WireRequest

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

type Handler = Callable[[WireRequest], WireAnswer]
type Interceptor = Callable[[WireRequest, Handler], Reaction]


@dataclass(slots=True)
class WireServer:
    """Serves until `close`.

    Attributes:
        handlers: What answers, by the name of the service that a request was signed for.
        now: The clock that the answers tell.
        intercept: Sees every request before its handler, and decides what becomes of it.
    """

    handlers: dict[str, Handler]
    now: Callable[[], datetime]
    intercept: Interceptor = lambda request, handle: handle(request)
    _open: set[socket.socket] = field(default_factory=set)
    _idle: threading.Condition = field(default_factory=threading.Condition)
    _active: int = 0
    _server: Any = None

    def __post_init__(self) -> None:
        self._server = _Server(("127.0.0.1", 0), partial(_Connection, self))
        serve = partial(self._server.serve_forever, poll_interval=0.02)
        threading.Thread(target=serve, name="aws", daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def react(self, request: WireRequest) -> Reaction:
        with self._idle:
            self._active += 1
        try:
            return self.intercept(request, self._handle)
        finally:
            with self._idle:
                self._active -= 1
                self._idle.notify_all()

    def wait_until_idle(self) -> None:
        """Wait until every request that came has been carried out."""
        with self._idle:
            assert self._idle.wait_for(lambda: self._active == 0, timeout=10)

    def close(self) -> None:
        self._server.shutdown()
        for each in list(self._open):
            each.shutdown(socket.SHUT_RDWR)
        self._server.server_close()

    def _handle(self, request: WireRequest) -> WireAnswer:
        return self.handlers[request.service](request)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Stay silent about clients that were killed, which is what they are here for."""


class _Connection(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def __init__(self, owner: WireServer, *arguments: Any) -> None:
        self._owner = owner
        super().__init__(*arguments)

    def setup(self) -> None:
        super().setup()
        self._owner._open.add(self.connection)

    def finish(self) -> None:
        self._owner._open.discard(self.connection)
        super().finish()

    def handle_one_request(self) -> None:
        try:
            super().handle_one_request()
        except ConnectionError:
            self.close_connection = True

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        match self._owner.react(WireRequest.of(self.command, self.path, headers, body)):
            case WireAnswer() as answer:
                self._send(answer, len(answer.body))
            case CutAnswer(answer, bytes_sent, reset):
                self._send(answer, bytes_sent)
                self._end(reset=reset)
            case NoAnswer(reset, after):
                threading.Event().wait(after)
                self._end(reset=reset)

    do_GET = do_HEAD = do_PUT = do_POST = do_PATCH = do_DELETE = _serve  # noqa: N815  http.server's names

    def _send(self, answer: WireAnswer, bytes_sent: int) -> None:
        """Send head and body at once, as two packets would wait for each other."""
        told = {
            "Date": format_datetime(self._owner.now(), usegmt=True),
            "x-amz-request-id": str(uuid.uuid4()),
            "Content-Length": str(len(answer.body)),
            **answer.headers,
        }
        head = "".join(f"{name}: {value}\r\n" for name, value in told.items() if value)
        body = b"" if self.command == "HEAD" else answer.body[:bytes_sent]
        self.wfile.write(f"HTTP/1.1 {answer.status} -\r\n{head}\r\n".encode() + body)

    def _end(self, *, reset: bool) -> None:
        self.close_connection = True
        if reset:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        else:
            self.connection.shutdown(socket.SHUT_WR)
        self.connection.close()

    def log_message(self, *_: object) -> None:
        pass
