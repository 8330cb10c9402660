"""However runs end, a backfill starts each partition once, and no more at a time than it may."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as some

from mwaactl.planner.partition_backfill import (
    FAILED,
    SUCCESS,
    PartitionBackfill,
    PartitionRun,
    next_partitions,
    plan_backfill,
    seen,
)

KEYS = tuple("abcdefgh")
states = some.sampled_from(["queued", "running", SUCCESS, FAILED])
known_runs = some.lists(
    some.builds(PartitionRun, some.sampled_from((*KEYS, "other")), some.uuids().map(str), states), max_size=12
)


def started(backfill: PartitionBackfill, at_once: int) -> PartitionBackfill:
    keys = next_partitions(backfill, at_once)
    return seen(
        backfill, [PartitionRun(key, f"{key}-{backfill.attempts.get(key, 0)}", "queued") for key in keys]
    )


@settings(deadline=None, max_examples=60)
@given(known_runs, some.integers(1, 5), some.data(), some.booleans())
def test_a_backfill_ends_with_each_partition_over_and_never_too_many_going(
    runs: list[PartitionRun],
    at_once: int,
    data: some.DataObject,
    again: bool,  # noqa: FBT001
) -> None:
    backfill = plan_backfill(KEYS, runs, again=again)
    due, before = set(backfill.waiting), len(backfill.going)
    made: list[str] = []
    while not backfill.is_over:
        after = started(backfill, at_once)
        made += [key for key in KEYS if after.attempts.get(key, 0) > backfill.attempts.get(key, 0)]
        assert len(after.going) <= max(at_once, before)
        ended = data.draw(some.sampled_from(after.going))
        backfill = seen(after, [replace(ended, state=data.draw(some.sampled_from([SUCCESS, FAILED])))])

    assert sorted(made) == sorted(due)
    assert set(backfill.in_state(SUCCESS)) | set(backfill.in_state(FAILED)) == set(KEYS)


@given(known_runs)
@settings(deadline=None, max_examples=60)
def test_planning_again_after_a_success_finds_nothing_to_do(runs: list[PartitionRun]) -> None:
    done = [PartitionRun(key, f"done-{key}", SUCCESS) for key in KEYS]

    backfill = plan_backfill(KEYS, [*done, *runs], again=False)

    assert (backfill.waiting, backfill.going, backfill.is_over) == ((), (), True)
    assert plan_backfill(KEYS, [*done, *runs], again=True).waiting == KEYS


def test_the_newest_run_of_a_partition_decides() -> None:
    newest = [
        PartitionRun("a", "2", FAILED),
        PartitionRun("a", "1", SUCCESS),
        PartitionRun("b", "3", SUCCESS),
    ]

    backfill = plan_backfill(("a", "b"), newest, again=False)

    assert (backfill.waiting, backfill.attempts) == (("a",), {"a": 2, "b": 1})
    assert backfill.in_state(FAILED) == ()
