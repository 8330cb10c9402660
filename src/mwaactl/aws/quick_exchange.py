"""Sends a request over a connection of botocore's pool, and reads the answer.

What urllib3 and http.client do for each request, the parsing of headers as those of a mail most of all, takes
two thirds of what a client spends on writing a small object.
"""

from __future__ import annotations

import ssl
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Self
from urllib.parse import urlsplit

from botocore.awsrequest import AWSResponse
from botocore.exceptions import (
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    ReadTimeoutError,
    SSLError,
)
from urllib3.exceptions import ConnectTimeoutError as NotConnectedInTime
from urllib3.exceptions import NewConnectionError
from urllib3.exceptions import SSLError as NotTrusted

from mwaactl.aws.answer_reader import AnswerReader, BrokenAnswer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from botocore.awsrequest import AWSPreparedRequest
    from urllib3.connectionpool import HTTPConnectionPool

_AT_ONCE: Final = 1 << 16
_PIECE: Final = 1 << 14
_NOT_TRUSTED = (NotTrusted, ssl.SSLError, ssl.CertificateError)


@dataclass(frozen=True, slots=True)
class QuickExchange:
    """The way to one host without a proxy.

    Attributes:
        pool: botocore's connections to it, which know certificates and time limits.
    """

    pool: HTTPConnectionPool

    @classmethod
    def to(cls, url: str, session: Any) -> Self | None:  # noqa: ANN401  botocore has no types
        """Return the way to a host; None where a proxy stands between.

        Args:
            url: Any address of the host.
            session: botocore's connections to every host.
        """
        if session._proxy_config.proxy_url_for(url):  # noqa: SLF001  nothing public tells it
            return None
        pool = session._manager.connection_from_url(url)  # noqa: SLF001
        session._setup_ssl_cert(pool, url, session._verify)  # noqa: SLF001
        return cls(pool)

    def send(self, request: AWSPreparedRequest) -> AWSResponse | None:
        """Send a request, and return its answer; None, and nothing is sent, where a header breaks its line.

        Args:
            request: With all its headers, `host` and `content-length` among them.

        Raises:
            HTTPClientError: If there is no connection, or it breaks; that which botocore's own would raise.
        """
        head = _head(request)
        if head is None:
            return None
        with _failures_of_botocore(request):
            return self._answer(request, head)

    def _answer(self, request: AWSPreparedRequest, head: bytes) -> AWSResponse:
        connection: Any = self.pool._get_conn()  # noqa: SLF001  its `urlopen` is what costs so much
        reader = AnswerReader()
        try:
            self._connect(connection)
            _send(connection.sock, head, request.body)
            while not reader.is_whole:
                reader.take(connection.sock.recv(_AT_ONCE))
        finally:
            if not reader.may_be_followed:
                connection.close()
            self.pool._put_conn(connection)  # noqa: SLF001
        headers: Any = reader.headers
        return AWSResponse(request.url, reader.status, headers, _Read(reader.body))

    def _connect(self, connection: Any) -> None:  # noqa: ANN401
        limits: Any = self.pool.timeout
        if connection.is_closed:
            connection.timeout = limits.connect_timeout
            connection.connect()
        connection.sock.settimeout(limits.read_timeout)


@dataclass(frozen=True, slots=True)
class _Read:
    """A body that has come, for who wants it piece by piece."""

    body: bytes

    def stream(self) -> tuple[bytes, ...]:
        return (self.body,)


def _head(request: AWSPreparedRequest) -> bytes | None:
    lines = [f"{request.method} {urlsplit(request.url).path} HTTP/1.1"]
    lines += [f"{name}: {value}" for name, value in request.headers.items()]
    head = "\r\n".join(lines)
    if len(head.splitlines()) != len(lines) or not head.isascii():
        return None
    return f"{head}\r\n\r\n".encode()


def _send(socket: Any, head: bytes, body: Any) -> None:  # noqa: ANN401
    """Send head and body; who refuses a body may close before it has all of it.

    The time limit is one for each call of `sendall`: it must not be one for an archive on a slow line.
    """
    told, rest = memoryview(body)[:_PIECE], memoryview(body)[_PIECE:]
    try:
        socket.sendall(head + told)
        for start in range(0, len(rest), _PIECE):
            socket.sendall(rest[start : start + _PIECE])
    except BrokenPipeError:
        return


@contextmanager
def _failures_of_botocore(request: AWSPreparedRequest) -> Iterator[None]:
    """Raise what botocore raises, so that it sends the same again, and reports the same, as ever."""
    url = request.url
    try:
        yield
    except _NOT_TRUSTED as error:
        raise SSLError(endpoint_url=url, error=error) from error
    except NewConnectionError as error:
        raise EndpointConnectionError(endpoint_url=url, error=error) from error
    except NotConnectedInTime as error:
        raise ConnectTimeoutError(endpoint_url=url, error=error) from error
    except TimeoutError as error:
        raise ReadTimeoutError(endpoint_url=url, error=error) from error
    except (OSError, BrokenAnswer) as error:
        raise ConnectionClosedError(endpoint_url=url, error=error, request=request) from error
