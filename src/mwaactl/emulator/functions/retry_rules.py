"""What becomes of an asynchronous invocation after each of its tries.

https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
"""

from dataclasses import dataclass
from enum import Enum

DEFAULT_RETRIES = 2
DEFAULT_EVENT_AGE = 21_600
_LONGEST_BACKOFF = 5
"""How many pauses apart the tries of a throttled event are at most: five minutes for AWS's one minute."""


class Condition(Enum):
    """How an asynchronous invocation ended; the value is that of AWS's records."""

    SUCCESS = "Success"
    RETRIES_EXHAUSTED = "RetriesExhausted"
    EVENT_AGE_EXCEEDED = "EventAgeExceeded"


@dataclass(frozen=True, slots=True)
class AsynchronousSettings:
    """What a function's owner wants done with its asynchronous invocations.

    Attributes:
        retries: how often an event is tried again after an error of the function.
        event_age: seconds that an event may wait.
        on_success: ARN of where records of successes go, if anywhere.
        on_failure: ARN of where records of failures go, if anywhere.
        dead_letters: ARN of the queue or topic that gets the events that failed, if there is one.
    """

    retries: int = DEFAULT_RETRIES
    event_age: int = DEFAULT_EVENT_AGE
    on_success: str | None = None
    on_failure: str | None = None
    dead_letters: str | None = None


@dataclass(frozen=True, slots=True)
class TryAgain:
    """The event is tried again after `seconds`."""

    seconds: float


@dataclass(frozen=True, slots=True)
class GiveUp:
    """The event is not tried again."""

    condition: Condition


def after_error(
    settings: AsynchronousSettings, invocations: int, age: float, pause: float
) -> TryAgain | GiveUp:
    """Return what follows an error of the function: AWS waits one minute, then two.

    Args:
        settings: the function's.
        invocations: how often it has been invoked for this event.
        age: seconds since the event came.
        pause: seconds before the second try.
    """
    if invocations > settings.retries:
        return GiveUp(Condition.RETRIES_EXHAUSTED)
    return _unless_too_old(settings, age, pause * invocations)


def after_throttling(
    settings: AsynchronousSettings, throttled: int, age: float, pause: float
) -> TryAgain | GiveUp:
    """Return what follows when the function had no place: AWS waits one second, twice as long each time.

    Args:
        settings: the function's.
        throttled: how often that has happened to this event.
        age: seconds since the event came.
        pause: seconds before the second try after an error, of which five are the longest wait here.
    """
    longest = _LONGEST_BACKOFF * pause
    doublings = min(throttled - 1, 16)
    return _unless_too_old(settings, age, min(2.0**doublings, longest))


def _unless_too_old(settings: AsynchronousSettings, age: float, wait: float) -> TryAgain | GiveUp:
    if age + wait > settings.event_age:
        return GiveUp(Condition.EVENT_AGE_EXCEEDED)
    return TryAgain(wait)
