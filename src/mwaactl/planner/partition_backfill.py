"""Which DAG runs a backfill starts next: compares the partitions asked for with the runs there are."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

SUCCESS, FAILED = "success", "failed"


@dataclass(frozen=True, slots=True)
class PartitionRun:
    """A DAG run of a partition.

    Attributes:
        state: Airflow's state of the run.
    """

    partition: str
    run_id: str
    state: str

    @property
    def is_over(self) -> bool:
        """Whether the state will not change by itself."""
        return self.state in (SUCCESS, FAILED)


@dataclass(frozen=True, slots=True)
class PartitionBackfill:
    """How far a backfill is.

    Attributes:
        partitions: What was asked for, in order.
        runs: The newest run of each, as far as there are any.
        attempts: How many runs each has had.
        waiting: Partitions for which a run is still to be started, in order.
    """

    partitions: tuple[str, ...]
    runs: dict[str, PartitionRun] = field(default_factory=dict)
    attempts: dict[str, int] = field(default_factory=dict)
    waiting: tuple[str, ...] = ()

    @property
    def going(self) -> tuple[PartitionRun, ...]:
        """Runs that are queued or running."""
        return tuple(
            run for run in self.runs.values() if not run.is_over and run.partition not in self.waiting
        )

    def in_state(self, state: str) -> tuple[str, ...]:
        """Return the partitions whose newest run is over with a state, and that wait for no other run."""
        return tuple(
            key
            for key in self.partitions
            if key not in self.waiting and key in self.runs and self.runs[key].state == state
        )

    @property
    def is_over(self) -> bool:
        """Whether nothing is left to start or to wait for."""
        return not self.waiting and not self.going


def plan_backfill(
    partitions: tuple[str, ...], runs: Iterable[PartitionRun], *, again: bool
) -> PartitionBackfill:
    """Return what a backfill has to do.

    A partition whose newest run has succeeded is left alone, one whose run goes on is waited for, and one
    whose newest run has failed is tried again. So a backfill that was interrupted is continued by the same
    command.

    Args:
        partitions: What is asked for, in order.
        runs: All runs there are, newest first.
        again: Whether partitions that have succeeded are made again.
    """
    asked, newest, attempts = frozenset(partitions), dict[str, PartitionRun](), dict[str, int]()
    for run in runs:
        if run.partition in asked:
            newest.setdefault(run.partition, run)
            attempts[run.partition] = attempts.get(run.partition, 0) + 1
    waiting = tuple(key for key in partitions if _is_due(newest.get(key), again=again))
    return PartitionBackfill(partitions, newest, attempts, waiting)


def next_partitions(backfill: PartitionBackfill, at_once: int) -> tuple[str, ...]:
    """Return the partitions for which a run may be started now, so that `at_once` go on at most."""
    return backfill.waiting[: max(0, at_once - len(backfill.going))]


def seen(backfill: PartitionBackfill, runs: Iterable[PartitionRun]) -> PartitionBackfill:
    """Return a backfill after runs have been started, or looked at again."""
    newest, attempts, started = dict(backfill.runs), dict(backfill.attempts), set[str]()
    for run in runs:
        if newest.get(run.partition) is None or newest[run.partition].run_id != run.run_id:
            attempts[run.partition] = attempts.get(run.partition, 0) + 1
            started.add(run.partition)
        newest[run.partition] = run
    waiting = tuple(key for key in backfill.waiting if key not in started)
    return PartitionBackfill(backfill.partitions, newest, attempts, waiting)


def _is_due(run: PartitionRun | None, *, again: bool) -> bool:
    return run is None or run.state == FAILED or (again and run.state == SUCCESS)
