"""The way of an asynchronous event, with a clock and a function that do as they are told."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from mwaactl.emulator.functions.api_errors import CannotRunError, TooManyRequestsError
from mwaactl.emulator.functions.asynchronous import AsynchronousInvocations
from mwaactl.emulator.functions.definition import FunctionDefinition
from mwaactl.emulator.functions.handler_process import Event
from mwaactl.emulator.functions.outcomes import Failed, Invocation, Succeeded
from mwaactl.emulator.functions.retry_rules import AsynchronousSettings

if TYPE_CHECKING:
    from mwaactl.emulator.functions.deliveries import Deliveries

ARN = "arn:aws:lambda:us-east-1:123456789012:function:f"
DEFINITION = FunctionDefinition(
    ARN, "f", "1", "us-east-1", "python3.12", "h.h", "r", 128, 3, "g", (), "s", b""
)
EVENT = Event("id", '{"n": 1}')
SUCCESS, FAILURE = Succeeded('"done"'), Failed({"errorType": "E", "errorMessage": "no"})
THROTTLED = TooManyRequestsError()


@dataclass
class Steps:
    """Runs what is to be done later at once, on a clock that jumps."""

    now: float = 0.0
    waits: list[float] = field(default_factory=list)
    _due: list[Callable[[], None]] = field(default_factory=list)

    def clock(self) -> float:
        return self.now

    def later(self, seconds: float, step: Callable[[], None]) -> None:
        self.waits.append(seconds)
        self._due.append(step)

    def run(self) -> None:
        while self._due:
            self.now += self.waits[-1]
            self._due.pop(0)()


@dataclass
class Function:
    """Ends as it is told, one time after the other."""

    ends: list[Any]
    settings: AsynchronousSettings
    deployed: bool = True

    def definition(self) -> FunctionDefinition:
        return DEFINITION

    def asynchronous_settings(self) -> AsynchronousSettings:
        return self.settings

    def is_deployed(self) -> bool:
        return self.deployed

    def run(self, event: Event) -> Invocation:
        end = self.ends.pop(0)
        if isinstance(end, Exception):
            raise end
        return Invocation(event.request_id, end, "stream", ())


@dataclass
class Post:
    """Keeps what is delivered."""

    records: list[dict[str, Any]] = field(default_factory=list)
    letters: list[Any] = field(default_factory=list)

    def send_record(self, _: FunctionDefinition, arn: str, record: dict[str, Any]) -> None:
        self.records.append({"to": arn, **record})

    def send_dead_letter(self, _: FunctionDefinition, arn: str, letter: Any) -> None:
        self.letters.append((arn, letter))


def see_through(function: Function) -> tuple[Post, list[float]]:
    post, steps = Post(), Steps()
    invocations = AsynchronousInvocations(
        cast("Deliveries", post), 60.0, clock=steps.clock, later=steps.later
    )
    invocations.accept(function, EVENT)
    steps.run()
    return post, steps.waits


def test_error_is_followed_by_a_minute_and_by_two_and_then_by_success() -> None:
    settings = AsynchronousSettings(on_success="queue", on_failure="other", dead_letters="dead")

    post, waits = see_through(Function([FAILURE, FAILURE, SUCCESS], settings))

    assert waits == [0.0, 60.0, 120.0]
    (record,) = post.records
    assert (record["to"], record["requestContext"]["condition"]) == ("queue", "Success")
    assert record["requestContext"]["approximateInvokeCount"] == 3
    assert (record["requestContext"]["functionArn"], record["responsePayload"]) == (ARN, "done")
    assert post.letters == []


def test_event_that_waits_too_long_for_a_place_is_given_up_without_an_answer() -> None:
    settings = AsynchronousSettings(event_age=60, on_failure="failures", dead_letters="dead")

    post, waits = see_through(Function([THROTTLED] * 10, settings))

    assert waits == [0.0, 1.0, 2.0, 4.0, 8.0, 16.0]
    (record,) = post.records
    assert record["requestContext"]["condition"] == "EventAgeExceeded"
    assert record["requestContext"]["approximateInvokeCount"] == 0
    assert "responseContext" not in record
    ((arn, letter),) = post.letters
    assert (arn, letter.body, letter.attributes["ErrorCode"]["StringValue"]) == ("dead", EVENT.payload, "429")


def test_function_that_cannot_run_fails_as_one_that_raises() -> None:
    settings = AsynchronousSettings(retries=0, on_failure="failures")

    post, _ = see_through(Function([CannotRunError("no Python")], settings))

    assert post.records[0]["responsePayload"] == {
        "errorType": "InvalidRuntimeException",
        "errorMessage": "no Python",
    }


def test_deleted_function_is_not_tried_again() -> None:
    post, waits = see_through(Function([], AsynchronousSettings(on_failure="failures"), deployed=False))

    assert (waits, post.records) == ([0.0], [])
