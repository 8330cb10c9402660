"""A server that says what it was told to say, byte for byte, and keeps what it was sent."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterator


@dataclass(slots=True)
class ScriptedLine:
    """What it says and hears.

    Attributes:
        answers: One for each request; a connection whose answers have run out is closed.
        closes: Whether it closes a connection after each answer.
        reads_bodies: Whether it reads a body before it answers.
        pause: Seconds before each of the small pieces in which a slow line brings a request.
        heard: The requests, as they came.
        connections: How many there were.
        port: Where it listens.
        closed: Can be taken once for each connection that it has closed.
    """

    answers: list[bytes]
    closes: bool = False
    reads_bodies: bool = True
    pause: float = 0.0
    heard: list[bytes] = field(default_factory=list)
    connections: int = 0
    port: int = 0
    closed: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    def talk(self, client: socket.socket) -> None:
        """Answer the requests of one connection."""
        self.connections += 1
        try:
            self._answer(client)
        finally:
            self.closed.release()

    def _answer(self, client: socket.socket) -> None:
        with client:
            while self.answers and (request := self._request(client)):
                self.heard.append(request)
                client.sendall(self.answers.pop(0))
                if self.closes:
                    return

    def _request(self, client: socket.socket) -> bytes:
        came = b""
        while b"\r\n\r\n" not in came or (self.reads_bodies and not _is_whole(came)):
            time.sleep(self.pause)
            piece = client.recv(65536)
            if not piece:
                return b""
            came += piece
        return came


@contextmanager
def scripted_line(line: ScriptedLine, context: ssl.SSLContext | None = None) -> Iterator[ScriptedLine]:
    """Listen on loopback until the block ends, with TLS where a context is given."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        line.port = server.getsockname()[1]
        if line.pause:
            server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
        threading.Thread(target=_accept, args=(server, line, context), daemon=True).start()
        yield line


def _accept(server: socket.socket, line: ScriptedLine, context: ssl.SSLContext | None) -> None:
    # OSError: the block has ended, or the client trusts no such certificate.
    while server.fileno() >= 0:
        with suppress(OSError):
            client, _ = server.accept()
            line.talk(context.wrap_socket(client, server_side=True) if context else client)


def _is_whole(request: bytes) -> bool:
    head, _, body = request.partition(b"\r\n\r\n")
    lengths = [line.partition(b":")[2] for line in head.lower().split(b"\r\n") if b"content-length" in line]
    return len(body) >= int(lengths[0])
