"""Reads one answer of an HTTP/1.1 server from what comes over its connection."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from httptools import HttpParserError, HttpParserUpgrade, HttpResponseParser

_SELF_DELIMITING: Final = frozenset({"content-length", "transfer-encoding"})


class BrokenAnswer(Exception):  # noqa: N818  it is what came, not what is raised to users
    """What came is no whole answer."""


class AnswerReader:
    """One answer, as far as it has come.

    Attributes:
        status: Its status code; 0 until it is known.
        headers: By lower-case names.
        is_whole: Whether all of it is here.
        may_be_followed: Whether the connection may be used again.
    """

    def __init__(self) -> None:
        self.status = 0
        self.headers: dict[str, str] = {}
        self.is_whole = self.may_be_followed = False
        self._pieces: list[bytes] = []
        self._parser = HttpResponseParser(self)

    @property
    def body(self) -> bytes:
        """What it carries."""
        return b"".join(self._pieces)

    def take(self, piece: bytes) -> None:
        """Take what came next; nothing where the connection has ended.

        Raises:
            BrokenAnswer: If that is no HTTP, or ends too soon.
        """
        if not piece:
            self._end()
            return
        try:
            self._parser.feed_data(piece)
        except (HttpParserError, HttpParserUpgrade) as error:
            raise BrokenAnswer(str(error)) from error
        if self.is_whole:
            # Each holds the other: thousands of such pairs are work for the garbage collector.
            del self._parser

    def on_message_begin(self) -> None:
        """Begin an answer; a second one is not asked for, so that the connection has lost its order."""
        if self.is_whole:
            self.may_be_followed = False

    def on_header(self, name: bytes, value: bytes) -> None:
        """Note a header."""
        if not self.is_whole:
            self.headers[name.decode("latin-1").lower()] = value.decode("latin-1")

    def on_headers_complete(self) -> None:
        """Note the status."""
        if not self.is_whole:
            self.status = self._parser.get_status_code()

    def on_body(self, piece: bytes) -> None:
        """Keep a piece of the body."""
        if not self.is_whole:
            self._pieces.append(piece)

    def on_message_complete(self) -> None:
        """End the answer, where it is not one of those that come before it, such as 100 Continue."""
        if self.is_whole:
            return
        if self.status < HTTPStatus.OK:
            self.status = 0
            self.headers.clear()
            return
        self.is_whole = True
        self.may_be_followed = self._parser.should_keep_alive()

    def _end(self) -> None:
        """Take the end of the connection for that of an answer which tells no other."""
        if not self.status or self.headers.keys() & _SELF_DELIMITING:
            message = "the connection was closed before the answer was whole"
            raise BrokenAnswer(message)
        self.is_whole = True
