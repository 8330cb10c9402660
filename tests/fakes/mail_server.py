"""An SMTP server on a loopback port that keeps what it is sent, in the place of a mail provider."""

from __future__ import annotations

import base64
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import EmailMessage


@dataclass(slots=True)
class Mailbox:
    """What was sent; a login with any other password than `password` is refused."""

    port: int = 0
    password: str = ""
    logins: list[str] = field(default_factory=list)
    mails: list[EmailMessage] = field(default_factory=list)


class _Handler(StreamRequestHandler):
    def handle(self) -> None:
        self._say("220 ready")
        while line := self.rfile.readline().decode().strip():
            verb = line.split()[0].upper()
            if verb == "DATA":
                self._say("354 go on")
                self._keep()
            if verb == "AUTH" and not self._is_right(line):
                self._say(f"535 not {line}")  # a server that gives back what it was sent
                continue
            answers = {"EHLO": "250-here\r\n250 AUTH PLAIN", "AUTH": "235 welcome", "QUIT": "221 bye"}
            self._say(answers.get(verb, "250 ok"))
            if verb == "QUIT":
                return

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())

    def _is_right(self, line: str) -> bool:
        _, login, password = base64.b64decode(line.split()[2]).decode().split("\0")
        self._box.logins.append(login)
        return password == self._box.password

    def _keep(self) -> None:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line)
        mail: Any = message_from_bytes(b"".join(lines), policy=policy.default)
        self._box.mails.append(mail)

    @property
    def _box(self) -> Mailbox:
        return cast("_Server", self.server).box


class _Server(ThreadingTCPServer):
    daemon_threads = False  # each is waited for

    def __init__(self, box: Mailbox) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.box = box


@contextmanager
def mail_server(password: str = "") -> Iterator[Mailbox]:
    """Serve until the block ends."""
    box = Mailbox(password=password)
    with _Server(box) as server:
        box.port = int(server.server_address[1])
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield box
        server.shutdown()
