"""Requests over connections of botocore's pool, and answers of every kind that HTTP allows, or forbids."""

from __future__ import annotations

import socket
import ssl
import time
from typing import TYPE_CHECKING, Any

import pytest
import trustme
from botocore.awsrequest import AWSPreparedRequest, HeadersDict
from botocore.exceptions import (
    ConnectionClosedError,
    EndpointConnectionError,
    ReadTimeoutError,
    SSLError,
)
from botocore.httpsession import URLLib3Session

from mwaactl.aws.quick_exchange import QuickExchange
from tests.fakes.scripted_line import ScriptedLine, scripted_line

if TYPE_CHECKING:
    from pathlib import Path

    from botocore.awsrequest import AWSResponse

OK = b'HTTP/1.1 200 OK\r\nETag: "1"\r\nContent-Length: 0\r\n\r\n'
SLOW_DOWN = b"<Error><Code>SlowDown</Code></Error>"


def request_to(url: str, body: bytes = b"dag", **headers: str) -> AWSPreparedRequest:
    told: Any = HeadersDict({"host": "s3", "content-length": str(len(body)), **headers})
    return AWSPreparedRequest("PUT", url, told, body, stream_output=False)


def exchange_with(line: ScriptedLine, scheme: str = "http", **session: Any) -> QuickExchange:
    limits: Any = session.pop("timeout", (2.0, 2.0))  # seconds: for a connection, for an answer
    connections = URLLib3Session(timeout=limits, **session)
    exchange = QuickExchange.to(f"{scheme}://127.0.0.1:{line.port}/", connections)
    assert exchange is not None
    return exchange


def sent(exchange: QuickExchange, body: bytes = b"dag") -> AWSResponse:
    scheme, port = exchange.pool.scheme, exchange.pool.port
    answer = exchange.send(request_to(f"{scheme}://127.0.0.1:{port}/bucket/a%20b", body))
    assert answer is not None
    return answer


def said_to(answer: bytes, *, closes: bool = False) -> AWSResponse:
    with scripted_line(ScriptedLine([answer], closes=closes)) as line:
        return sent(exchange_with(line))


def test_one_connection_carries_one_request_after_the_other() -> None:
    with scripted_line(ScriptedLine([OK, OK, OK])) as line:
        exchange = exchange_with(line)
        answers = [sent(exchange, b"first"), sent(exchange, b""), sent(exchange)]

    assert [(each.status_code, each.headers["ETag"], each.content) for each in answers] == [
        (200, '"1"', b"")
    ] * 3
    assert line.connections == 1
    assert line.heard[0] == b"PUT /bucket/a%20b HTTP/1.1\r\nhost: s3\r\ncontent-length: 5\r\n\r\nfirst"


@pytest.mark.parametrize(
    ("answer", "closes"),
    [
        (b"HTTP/1.1 503 Slow Down\r\nContent-Length: 36\r\n\r\n" + SLOW_DOWN, False),
        (
            b"HTTP/1.1 503 Slow Down\r\nTransfer-Encoding: chunked\r\n\r\n"
            b"10\r\n" + SLOW_DOWN[:16] + b"\r\n14\r\n" + SLOW_DOWN[16:] + b"\r\n0\r\n\r\n",
            False,
        ),
        (b"HTTP/1.1 503 Slow Down\r\nConnection: close\r\n\r\n" + SLOW_DOWN, True),
        (b"HTTP/1.0 503 Slow Down\r\n\r\n" + SLOW_DOWN, True),
        (
            b"HTTP/1.1 100 Continue\r\nDate: now\r\n\r\n"
            b"HTTP/1.1 503 Slow Down\r\nContent-Length: 36\r\n\r\n" + SLOW_DOWN,
            False,
        ),
    ],
)
def test_an_answer_is_read_whole_however_it_tells_its_end(answer: bytes, closes: bool) -> None:  # noqa: FBT001
    read = said_to(answer, closes=closes)

    assert (read.status_code, read.content) == (503, SLOW_DOWN)
    assert "date" not in read.headers


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nETag: ",
        b"HTTP/1.1 503 Slow Down\r\nContent-Length: 36\r\n\r\n<Error>",
        b"HTTP/1.1 503 Slow Down\r\nTransfer-Encoding: chunked\r\n\r\n10\r\n<Error>",
        b"HTTP/1.1 100 Continue\r\n\r\n",
        b"220 mail.example ready\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n",
    ],
)
def test_what_is_no_whole_answer_counts_as_a_closed_connection(answer: bytes) -> None:
    with pytest.raises(ConnectionClosedError):
        said_to(answer, closes=True)


@pytest.mark.parametrize(
    "first",
    [
        b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
        OK + b"HTTP/1.1 200 OK\r\nETag: of nobody's request\r\nContent-Length: 0\r\n\r\n",
        OK + b"HTTP/1.1 200 OK\r\nETag: of nobody's",
    ],
)
def test_a_connection_that_may_be_out_of_step_carries_nothing_more(first: bytes) -> None:
    with scripted_line(ScriptedLine([first, OK])) as line:
        exchange = exchange_with(line)
        sent(exchange)

        assert sent(exchange).headers["etag"] == '"1"'
        assert line.connections == 2


def test_a_connection_that_was_closed_meanwhile_is_opened_anew() -> None:
    with scripted_line(ScriptedLine([OK, OK], closes=True)) as line:
        exchange = exchange_with(line)

        for number in (1, 2):
            assert sent(exchange).status_code == 200
            assert line.closed.acquire(timeout=10)
            assert line.connections == number


def test_the_answer_to_a_body_that_was_not_read_is_heard() -> None:
    refusal = b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
    with scripted_line(ScriptedLine([refusal], closes=True, reads_bodies=False)) as line:
        try:
            status = sent(exchange_with(line), b"0" * 100_000).status_code
        except ConnectionClosedError:
            pytest.skip("the kernel has reset the connection before its answer was read")

    assert status == 400


def test_a_large_body_may_take_longer_than_one_answer() -> None:
    with scripted_line(ScriptedLine([OK], pause=0.05)) as line:
        exchange = exchange_with(line, timeout=(0.5, 0.5))
        exchange.pool.conn_kw["socket_options"] = [(socket.SOL_SOCKET, socket.SO_SNDBUF, 65536)]
        began = time.monotonic()

        assert sent(exchange, b"0" * 2_000_000).status_code == 200
        assert time.monotonic() - began > 1
        assert len(line.heard[0]) > 2_000_000


def test_a_header_that_would_break_its_line_is_not_sent() -> None:
    with scripted_line(ScriptedLine([OK])) as line:
        url = f"http://127.0.0.1:{line.port}/bucket/key"
        for value in ("a\r\nx-amz-acl: public-read", "a\nb", "a\x0bb", "ä"):
            assert exchange_with(line).send(request_to(url, name=value)) is None

    assert line.connections == 0


def test_a_server_that_says_nothing_is_not_waited_for_without_end() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        exchange = exchange_with(ScriptedLine([], port=server.getsockname()[1]), timeout=(2.0, 0.05))

        with pytest.raises(ReadTimeoutError):
            sent(exchange)


def test_nobody_there_is_what_botocore_calls_so() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

    with pytest.raises(EndpointConnectionError):
        sent(exchange_with(ScriptedLine([], port=port)))


@pytest.mark.parametrize("trusted", [True, False])
def test_a_certificate_is_judged_as_botocore_judges_it(trusted: bool, tmp_path: Path) -> None:  # noqa: FBT001
    authority, stranger = trustme.CA(), trustme.CA()
    (authority if trusted else stranger).cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)

    with scripted_line(ScriptedLine([OK]), context) as line:
        exchange = exchange_with(line, "https", verify=str(tmp_path / "ca.pem"))
        if trusted:
            assert sent(exchange).status_code == 200
        else:
            with pytest.raises(SSLError):
                sent(exchange)


def test_what_goes_through_a_proxy_is_left_to_botocore() -> None:
    session = URLLib3Session(proxies={"http": "http://127.0.0.1:9"})

    assert QuickExchange.to("http://s3.example/", session) is None
