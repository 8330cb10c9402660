"""Reads a paged HTTP API to its end: not faster than it allows, and again where it could not answer.

The API is asked `GET PATH?limit=N&cursor=C` and answers `{"items": […], "next": C or null}`. An answer 429 or
503 may say with `Retry-After` how many seconds to wait; other answers of 500 and above, connections that
break, and an answer 200 that cannot be read are tried again after a pause that doubles.
https://www.rfc-editor.org/rfc/rfc9110#name-retry-after
"""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

TRANSIENT = frozenset({408, 429, 500, 502, 503, 504})


@dataclass(frozen=True, slots=True)
class Answer:
    """What the API said.

    Attributes:
        status: of HTTP.
        body: as it came.
        retry_after: seconds to wait, as the answer asks for, or None.
    """

    status: int
    body: bytes
    retry_after: float | None = None


type Get = Callable[[str], Answer]
"""Asks for a path; raises OSError where no answer comes."""


class ApiError(RuntimeError):
    """The API refuses, or gave no good answer in all tries."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How fast to ask and how long to try.

    Attributes:
        per_second: requests in a second at most.
        tries: for each page.
        pause: seconds before the second try; doubles with each.
        longest: seconds to wait at most, also where the API asks for more.
        sleep: waits.
        clock: seconds that only grow.
    """

    per_second: float = 10.0
    tries: int = 5
    pause: float = 0.5
    longest: float = 30.0
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic


def items(
    get: Get, path: str, *, limit: int = 500, query: Mapping[str, str] | None = None, pace: Pace | None = None
) -> Iterator[dict[str, Any]]:
    """Yield every item of every page, in the API's order.

    Args:
        get: asks for one path with its query.
        path: of the collection, for example `/observations`.
        limit: how many items a page may have.
        query: further parameters.
        pace: how fast and how often; the defaults if None.

    Raises:
        ApiError: a page could not be had, or a cursor came back that was there before.
    """
    pace = pace or Pace()
    cursor, seen, due = "", set[str](), pace.clock()
    while True:
        pace.sleep(max(0.0, due - pace.clock()))
        due = pace.clock() + 1 / pace.per_second
        parameters = {**(query or {}), "limit": str(limit), **({"cursor": cursor} if cursor else {})}
        page = _page(get, f"{path}?{urlencode(parameters)}", pace)
        yield from page["items"]
        cursor = page.get("next") or ""
        if not cursor:
            return
        if cursor in seen:
            message = f"{path} goes round in a circle: it names the page {cursor!r} twice"
            raise ApiError(message)
        seen.add(cursor)


def _page(get: Get, target: str, pace: Pace) -> dict[str, Any]:
    said = ""
    for tries in range(1, pace.tries + 1):
        wait = pace.pause * 2 ** (tries - 1)
        try:
            answer = get(target)
            if answer.status == HTTPStatus.OK:
                return _read(answer.body)
        except (OSError, _UnreadableError) as error:
            said = str(error)
        else:
            said = f"HTTP {answer.status}"
            if answer.status not in TRANSIENT:
                message = f"GET {target}: {said} {_shown(answer.body)}"
                raise ApiError(message)
            wait = wait if answer.retry_after is None else answer.retry_after
        if tries < pace.tries:
            pace.sleep(min(wait, pace.longest))
    message = f"GET {target}: no good answer in {pace.tries} tries, the last was: {said}"
    raise ApiError(message)


class _UnreadableError(ValueError):
    """An answer 200 is no page."""


def _read(body: bytes) -> dict[str, Any]:
    try:
        page = json.loads(body)
    except ValueError:
        page = None
    if not isinstance(page, dict) or not isinstance(page.get("items"), list):
        message = f"HTTP 200 with what is no page: {_shown(body)}"
        raise _UnreadableError(message)
    return page


def _shown(body: bytes) -> str:
    return body[:200].decode(errors="replace")
