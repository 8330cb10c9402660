"""When an event is tried again, and when it is given up, as AWS documents."""

import pytest

from mwaactl.emulator.functions.retry_rules import (
    AsynchronousSettings,
    Condition,
    GiveUp,
    TryAgain,
    after_error,
    after_throttling,
)

MINUTE = 60.0
EXHAUSTED = GiveUp(Condition.RETRIES_EXHAUSTED)
TOO_OLD = GiveUp(Condition.EVENT_AGE_EXCEEDED)


@pytest.mark.parametrize(
    ("settings", "invocations", "age", "expected"),
    [
        (AsynchronousSettings(), 1, 0.0, TryAgain(60.0)),
        (AsynchronousSettings(), 2, 61.0, TryAgain(120.0)),
        (AsynchronousSettings(), 3, 182.0, EXHAUSTED),
        (AsynchronousSettings(retries=1), 1, 0.0, TryAgain(60.0)),
        (AsynchronousSettings(retries=1), 2, 61.0, EXHAUSTED),
        (AsynchronousSettings(retries=0), 1, 0.0, EXHAUSTED),
        (AsynchronousSettings(event_age=60), 1, 0.0, TryAgain(60.0)),
        (AsynchronousSettings(event_age=60), 1, 0.5, TOO_OLD),
        (AsynchronousSettings(event_age=120), 2, 61.0, TOO_OLD),
    ],
)
def test_event_is_tried_again_after_one_minute_and_then_two(
    settings: AsynchronousSettings, invocations: int, age: float, expected: TryAgain | GiveUp
) -> None:
    assert after_error(settings, invocations, age, MINUTE) == expected


@pytest.mark.parametrize(
    ("throttled", "age", "expected"),
    [
        (1, 0.0, TryAgain(1.0)),
        (2, 1.0, TryAgain(2.0)),
        (9, 511.0, TryAgain(256.0)),
        (10, 767.0, TryAgain(300.0)),
        (500, 767.0, TryAgain(300.0)),
        (80, 21_500.0, TOO_OLD),
    ],
)
def test_throttled_event_is_tried_again_less_and_less_often_for_six_hours(
    throttled: int, age: float, expected: TryAgain | GiveUp
) -> None:
    assert after_throttling(AsynchronousSettings(), throttled, age, MINUTE) == expected


def test_short_pause_shortens_every_wait() -> None:
    assert after_error(AsynchronousSettings(), 2, 0.0, 0.5) == TryAgain(1.0)
    assert after_throttling(AsynchronousSettings(), 9, 0.0, 0.5) == TryAgain(2.5)
