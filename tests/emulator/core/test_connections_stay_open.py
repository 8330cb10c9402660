"""What a client sees of the server that it keeps a connection to: raw, as clients do not show it."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from werkzeug.serving import make_server

from mwaactl.emulator.kept_connections import KeptConnection
from mwaactl.emulator.server import listen
from mwaactl.emulator.settings import EmulatorSettings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment


class _Impatient(KeptConnection):
    timeout = 0.05


@contextmanager
def served(app: WSGIApplication, handler: type[KeptConnection] = KeptConnection) -> Iterator[int]:
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()


@contextmanager
def connected(app: WSGIApplication) -> Iterator[HTTPConnection]:
    with served(app) as port:
        connection = HTTPConnection("127.0.0.1", port, timeout=10)
        connection.connect()
        connection.auto_open = 0  # a closed connection is an error, not a new one
        try:
            yield connection
        finally:
            connection.close()


def echo(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
    """Answer with the method and the body, which it reads only where it is told to."""
    length = int(environ.get("CONTENT_LENGTH") or 0)
    body = environ["wsgi.input"].read(length) if environ["PATH_INFO"] == "/read" else b""
    said = f"{environ['REQUEST_METHOD']} {body.decode()}".encode()
    start_response("200 OK", [("Content-Length", str(len(said)))])
    return [said]


def asked(connection: HTTPConnection, method: str, path: str = "/", body: bytes | None = None) -> bytes:
    connection.request(method, path, body)
    with connection.getresponse() as answer:
        assert answer.status == 200
        return answer.read()


def raw(port: int, request: bytes) -> bytes:
    """Return all that comes until the server closes the connection."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as client:
        client.sendall(request)
        return b"".join(iter(lambda: client.recv(65536), b""))


def test_one_connection_carries_many_requests() -> None:
    with connected(echo) as connection:
        said = [asked(connection, "PUT", "/read", f"{number}".encode()) for number in range(3)]

    assert said == [b"PUT 0", b"PUT 1", b"PUT 2"]


@pytest.mark.parametrize("size", [10, 3_000_000])
def test_a_body_that_nobody_reads_is_not_the_next_request(size: int) -> None:
    with connected(echo) as connection:
        assert asked(connection, "PUT", "/", b"GET / HTTP/1.1\r\n\r\n"[:10] * (size // 10)) == b"PUT "
        assert asked(connection, "GET") == b"GET "


def test_a_large_body_arrives_whole() -> None:
    body = b"0123456789" * 200_000

    with connected(echo) as connection:
        assert asked(connection, "PUT", "/read", body) == b"PUT " + body


def test_a_body_in_pieces_ends_where_its_last_piece_ends() -> None:
    def app(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        body: bytes = environ["wsgi.input"].read() if environ["PATH_INFO"] == "/read" else b"unread"
        start_response("200 OK", [("Content-Length", str(len(body)))])
        return [body]

    with connected(app) as connection:
        for path, said in (("/read", b"onetwo"), ("/", b"unread"), ("/read", b"onetwo")):
            connection.request("PUT", path, iter([b"one", b"two"]), encode_chunked=True)
            assert connection.getresponse().read() == said


def test_the_answer_to_head_has_no_body_whatever_the_app_gives() -> None:
    with connected(echo) as connection:
        assert asked(connection, "HEAD") == b""
        assert asked(connection, "GET") == b"GET "


def test_an_answer_of_unknown_length_is_sent_in_pieces() -> None:
    def app(_: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        start_response("200 OK", [])
        return [b"one", b"", b"two"]

    with connected(app) as connection:
        assert [asked(connection, "GET") for _ in range(2)] == [b"onetwo"] * 2


@pytest.mark.parametrize("request_line", [b"GET / HTTP/1.0", b"GET / HTTP/1.1\r\nConnection: close"])
def test_who_wants_the_connection_closed_is_told_that_it_will_be(request_line: bytes) -> None:
    with served(echo) as port:
        head, _, body = raw(port, request_line + b"\r\n\r\n").partition(b"\r\n\r\n")

    assert b"\r\nConnection: close" in head
    assert body == b"GET "


def test_a_client_that_knows_no_pieces_gets_none() -> None:
    def app(_: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        start_response("200 OK", [])
        return [b"one", b"two"]

    with served(app) as port:
        said = raw(port, b"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")

    assert said.endswith(b"\r\nConnection: close\r\n\r\nonetwo")


def test_leave_to_send_a_body_is_given_once() -> None:
    head = b"PUT /read HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 3\r\nConnection: close\r\n"

    with served(echo) as port:
        said = raw(port, head + b"\r\nabc")

    assert said.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n")
    assert said.endswith(b"\r\n\r\nPUT abc")


@pytest.mark.parametrize("announced", ["2", "9"])
def test_a_connection_ends_where_an_answer_is_not_as_long_as_it_said(announced: str) -> None:
    def app(_: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        start_response("200 OK", [("Content-Length", announced)])
        return [b"12345"]

    with served(app) as port:
        said = raw(port, b"GET / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n\r\n")

    assert said.count(b"HTTP/1.1 200 OK") == 1


def test_a_defect_is_answered_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    def app(environ: WSGIEnvironment, _: StartResponse) -> list[bytes]:
        raise LookupError(environ["PATH_INFO"])

    with served(app) as port:
        said = raw(port, b"GET /what HTTP/1.1\r\n\r\n")

    assert said.startswith(b"HTTP/1.1 500 INTERNAL SERVER ERROR\r\n")
    assert "LookupError: /what" in caplog.text
    assert "GET /what" in caplog.text


def test_a_client_may_take_its_time_over_an_answer() -> None:
    large = b"x" * 20_000_000  # more than the kernel keeps for somebody who does not read

    def app(_: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        start_response("200 OK", [("Content-Length", str(len(large)))])
        return [large]

    with served(app, _Impatient) as port, socket.create_connection(("127.0.0.1", port), timeout=10) as client:
        client.sendall(b"GET / HTTP/1.1\r\n\r\n")
        time.sleep(10 * _Impatient.timeout)
        said = b"".join(iter(lambda: client.recv(1 << 20), b""))

    assert said.endswith(b"\r\n\r\n" + large)


def test_a_client_that_stops_amid_a_request_is_not_waited_for_forever() -> None:
    class Hurried(KeptConnection):
        patience = 0.05

    with served(echo, Hurried) as port:
        assert raw(port, b"PUT /read HTTP/1.1\r\nContent-Length: 9\r\n\r\nabc") == b""


def test_a_silent_connection_is_closed() -> None:
    with served(echo, _Impatient) as port:
        assert raw(port, b"") == b""
        assert raw(port, b"GET / HTTP/1.1\r\n\r\n").endswith(b"\r\n\r\nGET ")


def test_hundreds_of_connections_may_wait_until_they_are_accepted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    most = Path("/proc/sys/net/core/somaxconn")
    if not most.exists() or int(most.read_text()) < 400:
        pytest.skip("the kernel lets fewer wait")
    server = listen(EmulatorSettings(tmp_path, tmp_path / "state", tmp_path / "runtimes", port=0), echo)
    accepts = threading.Event()

    def take_only_one(request: socket.socket, _: object) -> None:
        accepts.wait()
        server.shutdown_request(request)

    monkeypatch.setattr(server, "process_request", take_only_one)

    with ExitStack() as clients:
        try:
            for _ in range(400):
                client = socket.create_connection(("127.0.0.1", server.server_port), timeout=0.5)
                clients.enter_context(client)
        finally:
            accepts.set()
            server.shutdown()
