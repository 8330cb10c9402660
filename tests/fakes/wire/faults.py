"""What can go wrong between a deployer and AWS, as reactions of a server to requests."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from tests.fakes.wire.requests import CutAnswer, NoAnswer, Reaction, WireAnswer, WireRequest
from tests.fakes.wire.s3 import error
from tests.fakes.wire.services import query_error

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.fakes.wire.server import Handler

READ_TIMEOUT = 0.25


class Reach(Enum):
    """Which requests a fault hits after the first."""

    NONE = "no other"
    SAME = "those of the same name"
    SERVICE = "all of the same service"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that goes wrong.

    Attributes:
        name: For messages of tests.
        react: What the server does instead of answering.
        reach: Which requests it hits after the first.
        hits: Whether it can happen to a request of this name.
        passes: Whether a deployment must come through all the same.
    """

    name: str
    react: Callable[[WireRequest, Handler], Reaction]
    reach: Reach = Reach.NONE
    hits: Callable[[str], bool] = lambda _: True
    passes: bool = False

    def strikes_again(self, first: WireRequest, later: WireRequest) -> bool:
        match self.reach:
            case Reach.NONE:
                return False
            case Reach.SAME:
                return later.name == first.name
            case Reach.SERVICE:
                return later.service == first.service
            case Reach.ALL:
                return True


def refusing(status: int, code: str, message: str) -> Callable[[WireRequest, Handler], Reaction]:
    """Return a reaction that refuses, in the words of the service that was asked."""

    def refuse(request: WireRequest, _: Handler) -> Reaction:
        match request.service:
            case "s3":
                return error(status, code, message)
            case "cloudformation" | "sts":
                return query_error(code, message, status)
            case _:
                body = json.dumps({"__type": code, "message": message}).encode()
                return WireAnswer(status, body, {"x-amzn-ErrorType": code})

    return refuse


def _lost(request: WireRequest, handle: Handler) -> Reaction:
    handle(request)
    return NoAnswer()


def _cut(request: WireRequest, handle: Handler) -> Reaction:
    answer = handle(request)
    return CutAnswer(answer, len(answer.body) // 2)


def _reset_within(request: WireRequest, handle: Handler) -> Reaction:
    answer = handle(request)
    return CutAnswer(answer, len(answer.body) // 2, reset=True)


def _corrupt(request: WireRequest, handle: Handler) -> Reaction:
    answer = handle(request)
    return WireAnswer(answer.status, b"x" * len(answer.body), answer.headers)


def _edited(request: WireRequest, handle: Handler) -> Reaction:
    answer = handle(request)
    told = {name: value for name, value in answer.headers.items() if "checksum" not in name}
    return WireAnswer(answer.status, b'{"id": "20261123", "files": [', told)


def _page_of_a_proxy(_: WireRequest, __: Handler) -> Reaction:
    page = WireAnswer(body=b"<html><body>Please sign in</body></html>", headers={"Content-Type": "text/html"})
    return WireAnswer(page.status, page.body, {**page.headers, "x-amz-request-id": ""})


CONDITIONAL = re.compile(r"s3 (PutObject|DeleteObject) (dags/|artifacts/|releases/(current|lock)\.json)")


def _is_conditional(name: str) -> bool:
    return CONDITIONAL.match(name) is not None


def _is_of_s3(name: str) -> bool:
    return name.startswith("s3 ")


def _has_body(name: str) -> bool:
    return not re.match(r"s3 (Put|Delete|Head)", name)


def _is_of_object(name: str) -> bool:
    return name.startswith("s3 GetObject") and name != "s3 GetObject releases/lock.json"


_slow = refusing(503, "SlowDown", "Please reduce your request rate.")
_inside = refusing(500, "InternalError", "We encountered an internal error. Please try again.")
_race = refusing(409, "ConditionalRequestConflict", "A conflicting conditional operation is in progress.")
_changed = refusing(412, "PreconditionFailed", "At least one of the pre-conditions did not hold")
_expired = refusing(400, "ExpiredToken", "The provided token has expired.")
_denied = refusing(403, "AccessDenied", "Access Denied")
_skewed = refusing(
    403, "RequestTimeTooSkewed", "The difference between the request time and the current time is too large."
)


def _silent(_: WireRequest, __: Handler) -> Reaction:
    return NoAnswer(after=3 * READ_TIMEOUT)


FAULTS = (
    Fault("503 SlowDown once", _slow, passes=True),
    Fault("503 SlowDown for ever", _slow, Reach.SERVICE),
    Fault("500 InternalError once", _inside, passes=True),
    Fault("500 InternalError for ever", _inside, Reach.SERVICE),
    Fault("409 ConditionalRequestConflict once", _race, hits=_is_conditional, passes=True),
    Fault("409 ConditionalRequestConflict for ever", _race, Reach.SAME, _is_conditional),
    Fault("412 PreconditionFailed", _changed, hits=_is_conditional),
    Fault("412 PreconditionFailed for ever", _changed, Reach.SAME, _is_conditional),
    Fault("expired token", _expired, Reach.ALL),
    Fault("access denied on one resource", _denied, Reach.SAME),
    Fault("clock skew", _skewed, Reach.ALL),
    Fault("reset before the answer", lambda *_: NoAnswer(), passes=True),
    Fault("reset before the answer for ever", lambda *_: NoAnswer(), Reach.SAME),
    Fault("closed before the answer", lambda *_: NoAnswer(reset=False), passes=True),
    Fault("answer lost after the effect", _lost, passes=True),
    Fault("answers lost after the effect for ever", _lost, Reach.SAME),
    Fault("reset within the answer", _reset_within, hits=_has_body),
    Fault("truncated answer", _cut, hits=_has_body),
    Fault("truncated answers for ever", _cut, Reach.SAME, _has_body),
    Fault("silence", _silent, passes=True),
    # Whoever waits for an environment asks again for minutes, and each silence lasts.
    Fault("silence for ever", _silent, Reach.SAME, _is_of_s3),
    Fault("a proxy's page", _page_of_a_proxy),
    Fault("a proxy's pages for ever", _page_of_a_proxy, Reach.SERVICE),
    Fault("corrupt content", _corrupt, hits=_is_of_object, passes=True),
    Fault("edited record", _edited, hits=_is_of_object),
)
