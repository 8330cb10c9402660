from __future__ import annotations

import signal
import threading
import time
from typing import TYPE_CHECKING

import pytest

from mwaactl.executor.background import side_by_side

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Ctrl-C as at a terminal, wherever the tests run."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_results_come_in_the_order_of_the_items() -> None:
    def read(number: int) -> int:
        time.sleep(0.002 * (number % 3))
        return number * number

    assert side_by_side(read, range(50), 8) == [number * number for number in range(50)]
    assert side_by_side(read, (), 8) == []


def test_as_many_as_are_allowed_run_at_once() -> None:
    together = threading.Barrier(3, timeout=10)

    assert sorted(side_by_side(lambda _: together.wait(), range(3), 3)) == [0, 1, 2]


def test_an_error_is_raised_and_no_further_item_begun() -> None:
    begun: list[int] = []

    def read(number: int) -> None:
        begun.append(number)
        if number == 2:
            raise ValueError(number)

    with pytest.raises(ValueError, match="2"):
        side_by_side(read, range(1000), 1)
    assert begun == [0, 1, 2]


@pytest.mark.usefixtures("interruptible")
def test_an_interruption_waits_for_no_answer_and_lets_nothing_more_begin() -> None:
    answer, begun = threading.Event(), list[int]()
    main = threading.main_thread().ident
    assert main is not None

    def read(number: int) -> None:
        begun.append(number)
        if number == 1:
            signal.pthread_kill(main, signal.SIGINT)
        answer.wait(60)

    since = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        side_by_side(read, range(10), 2)
    assert time.monotonic() - since < 30
    answer.set()
    time.sleep(0.05)
    assert sorted(begun) == [0, 1]
