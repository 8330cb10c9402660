from __future__ import annotations

import gc
from typing import TYPE_CHECKING

import pytest

from mwaactl.cli.garbage import OBJECTS, rarely_collected

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def collector() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*before)


def test_many_objects_do_not_make_the_collector_look() -> None:
    gc.collect()
    with rarely_collected():
        looked = sum(each["collections"] for each in gc.get_stats())
        held = [[] for _ in range(OBJECTS // 2)]  # type: ignore[var-annotated]

        assert sum(each["collections"] for each in gc.get_stats()) == looked
        assert len(held) == OBJECTS // 2


def test_the_end_of_the_process_looks_through_nothing_more() -> None:
    with rarely_collected():
        assert not gc.get_freeze_count()

    assert gc.get_freeze_count() > 10_000
