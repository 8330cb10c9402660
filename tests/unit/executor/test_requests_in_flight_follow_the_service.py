from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from mwaactl.executor.in_flight import FEWEST, START, InFlight


@dataclass
class Service:
    """Answers each request after 25 ms, and no more than `capacity` of them at a time.

    It is asked by a client that keeps as many requests under way as its limit allows.
    """

    capacity: int
    most: int = 64
    moment: float = 0.0
    limit: InFlight = field(init=False)

    def __post_init__(self) -> None:
        self.limit = InFlight(self.most, lambda: self.moment)

    def answer(self, requests: int) -> list[int]:
        seen = []
        for _ in range(requests):
            self.moment += 0.025 / min(self.limit.limit, self.capacity)
            self.limit.answered()
            seen.append(self.limit.limit)
        return seen


def test_a_service_that_takes_everything_gets_as_many_as_allowed_and_no_more() -> None:
    service = Service(capacity=1000)

    seen = service.answer(2000)

    assert seen[0] == START
    assert max(seen) == seen[-1] == 64


@pytest.mark.parametrize("capacity", [4, 20, 40])
def test_the_limit_stays_near_what_helps(capacity: int) -> None:
    service = Service(capacity)

    seen = service.answer(8000)

    assert max(seen) <= max(capacity, START) * 2.25
    nearest = max(capacity, FEWEST)
    assert nearest <= sum(seen) / len(seen) * 1.1 <= nearest * 1.6


def test_fewer_requests_that_make_less_are_taken_back() -> None:
    service = Service(capacity=1000)
    service.answer(2000)

    seen = service.answer(4000)

    assert min(seen) == max(int(64 / 1.5), FEWEST)
    assert seen.count(64) > len(seen) * 0.8


def test_what_helps_more_later_is_found() -> None:
    service = Service(capacity=16)
    service.answer(1000)
    service.capacity = 1000

    assert service.answer(3000)[-1] == 64


def test_a_small_bound_holds_from_the_start() -> None:
    assert Service(capacity=1000, most=4).answer(500) == [4] * 500


def test_slowing_down_halves_the_limit_once_for_all_requests_under_way() -> None:
    service = Service(capacity=1000)
    service.answer(2000)

    heeded = []
    for _ in range(64):
        heeded.append(service.limit.slow_down())
        service.limit.answered()

    assert heeded == [True] + [False] * 63
    assert service.limit.limit == 32
    assert service.limit.slow_down()
    assert service.limit.limit == 16


def test_slowing_down_never_ends_at_nothing() -> None:
    service = Service(capacity=1000)
    for _ in range(200):
        service.limit.slow_down()
        service.limit.answered()

    assert service.limit.limit == 1


def test_after_a_rest_it_grows_again() -> None:
    service = Service(capacity=1000)
    service.answer(2000)
    service.limit.slow_down()

    seen = service.answer(4000)

    assert set(seen[:400]) == {32}
    assert seen[-1] == 64


def test_slow_first_answers_are_no_reason_to_grow() -> None:
    service = Service(capacity=4)
    service.moment = 3.0  # while the first connections were opened

    seen = service.answer(1000)

    assert START < max(seen) < START * 2
    assert seen.count(START) > len(seen) * 0.7


def test_what_helped_no_longer_is_taken_back_below_where_it_began() -> None:
    service = Service(capacity=1000)
    service.answer(2000)
    service.capacity = 16

    seen = service.answer(12_000)

    assert seen[0] == 64
    assert seen.count(FEWEST) > len(seen) / 2
    assert min(seen) == FEWEST
