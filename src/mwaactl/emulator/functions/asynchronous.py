"""Asynchronous invocations: accepted at once, tried up to three times, and reported to destinations."""

import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Timer
from typing import TYPE_CHECKING, Protocol

from mwaactl.emulator.functions.api_errors import CannotRunError, TooManyRequestsError
from mwaactl.emulator.functions.delivery_records import Subject, dead_letter, record
from mwaactl.emulator.functions.outcomes import Failed, Invocation
from mwaactl.emulator.functions.retry_rules import Condition, GiveUp, TryAgain, after_error, after_throttling

if TYPE_CHECKING:
    from mwaactl.emulator.functions.definition import FunctionDefinition
    from mwaactl.emulator.functions.deliveries import Deliveries
    from mwaactl.emulator.functions.handler_process import Event
    from mwaactl.emulator.functions.retry_rules import AsynchronousSettings

_log = logging.getLogger(__name__)
_WORKERS = 16

type Later = Callable[[float, Callable[[], None]], object]


class Target(Protocol):
    """A function that is invoked asynchronously."""

    def definition(self) -> "FunctionDefinition":
        """Return what it is now."""

    def asynchronous_settings(self) -> "AsynchronousSettings":
        """Return what its owner wants done with its events."""

    def is_deployed(self) -> bool:
        """Tell whether it has not been deleted."""

    def run(self, event: "Event") -> Invocation:
        """Invoke it once.

        Raises:
            TooManyRequestsError, CannotRunError: it was not invoked.
        """


@dataclass(frozen=True, slots=True)
class _Progress:
    """How far an event has come."""

    came: float
    invocations: int = 0
    throttled: int = 0
    last: Invocation | None = None


class AsynchronousInvocations:
    """Takes events and sees them through.

    Args:
        deliveries: Brings the news to destinations and dead letter queues.
        pause: Seconds before the second try; the third follows after twice as long.
        clock: Seconds that only go on.
        later: Runs a step after some seconds, at once if they are none, and does not wait for it.
    """

    def __init__(
        self,
        deliveries: "Deliveries",
        pause: float,
        *,
        clock: Callable[[], float] = time.monotonic,
        later: Later | None = None,
    ) -> None:
        self._deliveries = deliveries
        self._pause = pause
        self._clock = clock
        self._later = later or _on_threads()

    def accept(self, target: Target, event: "Event") -> None:
        """Take an event; the function is invoked soon."""
        self._go_on(0.0, target, event, _Progress(self._clock()))

    def _go_on(self, seconds: float, target: Target, event: "Event", progress: _Progress) -> None:
        def step() -> None:
            try:
                self._try(target, event, progress)
            except Exception:  # noqa: BLE001 - nobody waits for the thread's result
                _log.exception("asynchronous invocation of %s failed", target.definition().name)

        self._later(seconds, step)

    def _try(self, target: Target, event: "Event", before: _Progress) -> None:
        if not target.is_deployed():
            return
        settings = target.asynchronous_settings()
        now, step = self._invoke(target, event, before, settings)
        match step:
            case TryAgain(seconds):
                self._go_on(seconds, target, event, now)
            case GiveUp(condition):
                self._tell(target, settings, event, condition, now)

    def _invoke(
        self, target: Target, event: "Event", before: _Progress, settings: "AsynchronousSettings"
    ) -> tuple[_Progress, TryAgain | GiveUp]:
        """Invoke once; a function that has given up its only place gets no second chance."""
        try:
            invocation = target.run(event)
        except TooManyRequestsError as error:
            now = _Progress(before.came, before.invocations, before.throttled + 1, before.last)
            if error.never:
                return now, GiveUp(Condition.RETRIES_EXHAUSTED)
            return now, after_throttling(settings, now.throttled, self._age(now), self._pause)
        except CannotRunError as error:
            outcome = Failed({"errorType": error.error_type, "errorMessage": str(error.message)})
            invocation = Invocation(event.request_id, outcome, "", ())
        now = _Progress(before.came, before.invocations + 1, before.throttled, invocation)
        if not isinstance(invocation.outcome, Failed):
            return now, GiveUp(Condition.SUCCESS)
        return now, after_error(settings, now.invocations, self._age(now), self._pause)

    def _tell(
        self,
        target: Target,
        settings: "AsynchronousSettings",
        event: "Event",
        condition: Condition,
        progress: _Progress,
    ) -> None:
        function = target.definition()
        success = condition is Condition.SUCCESS
        if arn := settings.on_success if success else settings.on_failure:
            subject = Subject(_with_version(function), function.version)
            told = record(subject, event, condition, progress.invocations, progress.last, datetime.now(UTC))
            self._deliveries.send_record(function, arn, told)
        if settings.dead_letters and not success:
            self._deliveries.send_dead_letter(
                function, settings.dead_letters, dead_letter(event, progress.last)
            )

    def _age(self, progress: _Progress) -> float:
        return self._clock() - progress.came


def _with_version(function: "FunctionDefinition") -> str:
    return function.arn if function.version != "$LATEST" else f"{function.arn}:$LATEST"


def _on_threads() -> Later:
    workers = ThreadPoolExecutor(_WORKERS, thread_name_prefix="asynchronous-invocation")

    def later(seconds: float, step: Callable[[], None]) -> None:
        if not seconds:
            workers.submit(step)
            return
        timer = Timer(seconds, workers.submit, (step,))
        timer.daemon = True
        timer.start()

    return later
