"""Passes a request through to Airflow and its answer back as it comes, streams included."""

from __future__ import annotations

from http.client import HTTPConnection, HTTPException, HTTPResponse
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from werkzeug.datastructures import Headers
from werkzeug.wrappers import Response

from mwaactl.emulator.mwaa.frontdoor.pages import unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from werkzeug.wrappers import Request

    from mwaactl.emulator.mwaa.frontdoor.upstream import Upstream

CHUNK = 65536
# A stream may be silent for long; a dead Airflow closes its sockets and is noticed at once.
SILENCE_SECONDS = 600

# https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1
HOP_BY_HOP = frozenset(
    {"connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection", "te"}
    | {"trailer", "transfer-encoding", "upgrade"}
)
FORWARDING = frozenset({"forwarded", "x-real-ip"})


def pass_through(request: Request, upstream: Upstream) -> Response:
    """Return Airflow's answer to the request, or a page that says why there is none."""
    environment = upstream.environment
    if not environment.status.serves:
        return unavailable(request, environment)
    address = urlsplit(upstream.host.api_url)
    connection = HTTPConnection(address.hostname or "", address.port, timeout=SILENCE_SECONDS)
    try:
        answer = _send(connection, request)
    except (OSError, HTTPException):
        connection.close()
        return unavailable(request, environment)
    headers = _answer_headers(answer, request, upstream.host.api_url)
    response = Response(_chunks(answer, connection), answer.status, headers, direct_passthrough=True)
    # http.client drops the body of these, and WSGI must not invent one.
    response.automatically_set_content_length = False
    response.call_on_close(connection.close)
    return response


def _send(connection: HTTPConnection, request: Request) -> HTTPResponse:
    headers = _request_headers(request)
    chunked = request.content_length is None and bool(request.environ.get("wsgi.input_terminated"))
    if chunked:
        headers["Transfer-Encoding"] = "chunked"
    body = iter(lambda: request.stream.read(CHUNK), b"") if chunked or request.content_length else None
    connection.request(request.method, _target(request), body, dict(headers), encode_chunked=chunked)
    return connection.getresponse()


def _target(request: Request) -> str:
    """Return path and query exactly as the client wrote them; WSGI's own are decoded already."""
    parts = urlsplit(request.environ["REQUEST_URI"])
    return urlunsplit(("", "", parts.path or "/", parts.query, ""))


def _request_headers(request: Request) -> Headers:
    named = {name.strip().lower() for name in request.headers.get("Connection", "").split(",")}
    dropped = HOP_BY_HOP | FORWARDING | named
    headers = Headers(
        [
            (name, value)
            for name, value in request.headers
            if name.lower() not in dropped and not name.lower().startswith("x-forwarded-")
        ]
    )
    headers["X-Forwarded-For"] = request.remote_addr or "127.0.0.1"
    headers["X-Forwarded-Proto"] = request.scheme
    headers["X-Forwarded-Host"] = request.host
    headers["X-Forwarded-Port"] = str(urlsplit(f"//{request.host}").port or request.environ["SERVER_PORT"])
    return headers


def _answer_headers(answer: HTTPResponse, request: Request, api_url: str) -> Headers:
    # This server names itself and the time; twice would be wrong.
    dropped = HOP_BY_HOP | {"server", "date"}
    headers = Headers([(name, value) for name, value in answer.getheaders() if name.lower() not in dropped])
    if "Location" in headers:
        headers["Location"] = _outward(headers["Location"], request, api_url)
    return headers


def _outward(location: str, request: Request, api_url: str) -> str:
    """Turn a redirect to Airflow's own address, or to this one in the wrong scheme, into the client's."""
    parts = urlsplit(location)
    if parts.netloc not in {urlsplit(api_url).netloc, request.host}:
        return location
    return urlunsplit((request.scheme, request.host, *parts[2:]))


def _chunks(answer: HTTPResponse, connection: HTTPConnection) -> Iterator[bytes]:
    try:
        while chunk := answer.read1(CHUNK):
            yield chunk
    finally:
        connection.close()
