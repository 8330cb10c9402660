"""A paged API is read to its end, at its pace, and again where it fails."""

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest


@dataclass
class Time:
    """A clock that only sleeping moves."""

    now: float = 0.0
    slept: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 3))
        self.now += seconds

    def clock(self) -> float:
        return self.now


@dataclass
class Api:
    """An API of numbered items; `trouble` is what it says before it answers, request after request."""

    answer: Callable[..., Any]
    size: int = 7
    trouble: list[Any] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def __call__(self, target: str) -> Any:
        self.asked.append(target)
        if self.trouble and (said := self.trouble.pop(0)) is not None:
            if isinstance(said, OSError):
                raise said
            return said
        query = {name: values[0] for name, values in parse_qs(urlsplit(target).query).items()}
        first, limit = int(query.get("cursor", 0)), int(query["limit"])
        last = min(first + limit, self.size)
        body = {
            "items": [{"n": n} for n in range(first, last)],
            "next": str(last) if last < self.size else None,
        }
        return self.answer(200, json.dumps(body).encode())


@pytest.fixture
def pages(reference: Callable[[str], Any]) -> Any:
    return reference("api_ingest.pages")


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def read(pages: Any, time: Time) -> Callable[[Api], list[int]]:
    pace = pages.Pace(per_second=4, tries=3, sleep=time.sleep, clock=time.clock)
    return lambda api: [item["n"] for item in pages.items(api, "/numbers", limit=3, pace=pace)]


def test_every_item_of_every_page_comes_once_and_in_order(
    pages: Any, read: Callable[[Api], list[int]]
) -> None:
    api = Api(pages.Answer)

    assert read(api) == list(range(7))
    assert api.asked == ["/numbers?limit=3", "/numbers?limit=3&cursor=3", "/numbers?limit=3&cursor=6"]


def test_requests_keep_the_pace(pages: Any, time: Time, read: Callable[[Api], list[int]]) -> None:
    read(Api(pages.Answer))

    assert time.slept == [0.0, 0.25, 0.25]


def test_an_answer_that_says_how_long_to_wait_is_waited_for(
    pages: Any, time: Time, read: Callable[[Api], list[int]]
) -> None:
    api = Api(pages.Answer, size=2, trouble=[pages.Answer(429, b"", 7.0)])

    assert read(api) == [0, 1]
    assert time.slept == [0.0, 7.0]


def test_nobody_waits_longer_than_the_longest(
    pages: Any, time: Time, read: Callable[[Api], list[int]]
) -> None:
    assert read(Api(pages.Answer, size=1, trouble=[pages.Answer(503, b"", 86400.0)])) == [0]
    assert time.slept == [0.0, 30.0]


def test_failures_of_the_server_and_broken_connections_are_tried_again_with_growing_pauses(
    pages: Any, time: Time, read: Callable[[Api], list[int]]
) -> None:
    api = Api(pages.Answer, size=1, trouble=[pages.Answer(500, b"oops"), ConnectionResetError("reset")])

    assert read(api) == [0]
    assert time.slept == [0.0, 0.5, 1.0]


@pytest.mark.parametrize("body", [b'{"items": [{"n":', b"<html>", b"[]", b'{"next": 1}', b'{"items": 1}'])
def test_an_answer_that_is_no_page_is_asked_for_again_and_told_in_the_end(
    pages: Any, read: Callable[[Api], list[int]], body: bytes
) -> None:
    assert read(Api(pages.Answer, size=1, trouble=[pages.Answer(200, body)])) == [0]

    with pytest.raises(pages.ApiError, match="the last was: HTTP 200 with what is no page") as refused:
        read(Api(pages.Answer, trouble=[pages.Answer(200, body)] * 3))
    assert str(refused.value).endswith(body.decode())


class Breaking(BaseHTTPRequestHandler):
    """Promises more than it sends, as often as `left` says, in an answer of this status."""

    left = 0
    status = 200

    def do_GET(self) -> None:
        body = b'{"items": [], "next": null}'
        breaks = Breaking.left > 0
        Breaking.left -= 1
        self.send_response(self.status if breaks else 200)
        self.send_header("Content-Length", str(len(body) + 100 * breaks))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def address() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Breaking)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("status", [200, 503, 404])
def test_an_answer_that_breaks_off_is_a_broken_connection_and_tried_again(
    reference: Callable[[str], Any], pages: Any, time: Time, address: str, status: int
) -> None:
    get = reference("api_ingest.http").getter(address)
    Breaking.left, Breaking.status = 1, status
    with pytest.raises(ConnectionError, match="the answer has broken off: IncompleteRead"):
        get("/numbers")

    Breaking.left = 1
    pace = pages.Pace(tries=2, sleep=time.sleep, clock=time.clock)
    assert list(pages.items(get, "/numbers", pace=pace)) == []
    assert time.slept == [0.0, 0.5]


def test_it_gives_up_after_so_many_tries_and_says_what_it_was_told(
    pages: Any, read: Callable[[Api], list[int]]
) -> None:
    api = Api(pages.Answer, trouble=[pages.Answer(502, b"")] * 3)

    with pytest.raises(
        pages.ApiError, match=r"GET /numbers\?limit=3: no good answer in 3 tries, the last was: HTTP 502"
    ):
        read(api)
    assert len(api.asked) == 3


def test_what_trying_again_cannot_mend_is_not_tried_again(
    pages: Any, read: Callable[[Api], list[int]]
) -> None:
    api = Api(pages.Answer, trouble=[pages.Answer(401, b"no token")])

    with pytest.raises(pages.ApiError, match="HTTP 401 no token"):
        read(api)
    assert len(api.asked) == 1


def test_an_api_that_goes_round_in_a_circle_is_told_so(pages: Any, time: Time) -> None:
    answer = pages.Answer(200, b'{"items": [], "next": "a"}')
    pace = pages.Pace(sleep=time.sleep, clock=time.clock)

    with pytest.raises(pages.ApiError, match="names the page 'a' twice"):
        list(pages.items(lambda _: answer, "/numbers", pace=pace))


@pytest.mark.parametrize("address", ["file:///etc/passwd", "ftp://host", "host"])
def test_only_http_is_asked(reference: Callable[[str], Any], address: str) -> None:
    with pytest.raises(ValueError, match="is not an address of an API"):
        reference("api_ingest.http").getter(address)
