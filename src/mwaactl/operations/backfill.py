"""Makes partitions of an asset: starts DAG runs, some at once, and waits for them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from mwaactl.airflow_api.transient import is_transient
from mwaactl.errors import MwaactlError, OperationError
from mwaactl.operations.asset_catalogue import spoken
from mwaactl.planner.partition_backfill import (
    FAILED,
    SUCCESS,
    PartitionBackfill,
    PartitionRun,
    next_partitions,
    plan_backfill,
    seen,
)
from typed_assets.spec.partition_keys import first_not_ended, newest_ended, selected_keys
from typed_assets.spec.partition_runs import run_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime

    from mwaactl.airflow_api.values import DagRun
    from mwaactl.operations.asset_catalogue import AssetCatalogue
    from mwaactl.operations.dag_runs import DagRuns

INTERVAL = 2.0
PATIENCE = timedelta(minutes=5)
"""After so long without an answer of Airflow a backfill gives up; a question takes some tries with pauses."""
OF_AIRFLOW = ("scheduled__", "asset_triggered__")
"""Beginnings of the ids of runs that Airflow has started by itself, which a gate may have skipped."""


class Outage:
    """Bears with an Airflow that does not answer for a while, and says so once.

    Args:
        tell: Told of it.
        now: Clock.
    """

    def __init__(self, tell: Callable[[str], None], now: Callable[[], datetime]) -> None:
        self._tell, self._now = tell, now
        self._since: datetime | None = None

    def goes_on(self, error: MwaactlError) -> None:
        """Take note of a question without an answer.

        Raises:
            OperationError: It has lasted too long.
        """
        now = self._now()
        if self._since is None:
            self._since = now
            self._tell(f"Airflow does not answer just now and is asked again: {error.message}")
        if now - self._since >= PATIENCE:
            message = f"Airflow has not answered for minutes: {error.message}"
            hint = "runs that have been started go on; the same command continues"
            raise OperationError(message, hint=hint, code="backfill.no-answer") from error

    def is_over(self) -> None:
        """Take note of an answer."""
        self._since = None


@dataclass(frozen=True, slots=True)
class Backfills:
    """Backfills in one environment.

    Attributes:
        runs: Its DAG runs.
        sleep: Waits for seconds.
    """

    runs: DagRuns
    sleep: Callable[[float], None]

    def plan(self, dag_id: str, partitions: tuple[str, ...], *, again: bool) -> PartitionBackfill:
        """Ask Airflow which runs there are, and return what is left to do."""
        runs = tuple(_of_partitions(self.runs.api.every_run(dag_id)))
        skipped = self._skipped(dag_id, frozenset(partitions), runs)
        return plan_backfill(partitions, (run for run in runs if run.run_id not in skipped), again=again)

    def _skipped(
        self, dag_id: str, partitions: frozenset[str], runs: Iterable[PartitionRun]
    ) -> frozenset[str]:
        """Return the runs that have succeeded and published nothing: a gate has skipped their tasks.

        A schedule that waits for all hours of a day has such runs, and they are no reason to leave it out.
        """
        left = {
            run.run_id
            for run in runs
            if run.partition in partitions and run.state == SUCCESS and run.run_id.startswith(OF_AIRFLOW)
        }
        for run_id in self.runs.api.publishing_runs(dag_id) if left else ():
            left.discard(run_id)
            if not left:
                break
        return frozenset(left)

    def carry_out(
        self, dag_id: str, backfill: PartitionBackfill, at_once: int
    ) -> Iterator[PartitionBackfill]:
        """Start runs and wait for their end; yield how far it is at every look.

        A run that fails does not keep the others back.

        Raises:
            OperationError: Airflow refuses to start a run, or has not answered for minutes.
        """
        outage = Outage(self.runs.on_detail, self.runs.now)
        if backfill.waiting:
            self.runs.unpause(dag_id)
        while True:
            for key in next_partitions(backfill, at_once):
                run = self._start(dag_id, key, backfill, outage)
                if run is None:
                    break
                backfill = seen(backfill, [run])
            yield backfill
            if backfill.is_over:
                return
            self.sleep(INTERVAL)
            backfill = self._look(dag_id, backfill, outage)

    def _start(
        self, dag_id: str, key: str, backfill: PartitionBackfill, outage: Outage
    ) -> PartitionRun | None:
        """Start a run, or find that it has been started; return None where the web server cannot answer."""
        # Airflow keeps `backfill__`, `scheduled__` and their like for runs of its own and answers 400.
        run_id = f"partition__{run_name(key)}__{backfill.attempts.get(key, 0) + 1}"
        try:
            run = self.runs.api.trigger(dag_id, {}, run_id, partition=key)
        except MwaactlError as error:
            if error.code == "airflow.http-409":
                return PartitionRun(key, run_id, "queued")
            if is_transient(error):
                outage.goes_on(error)
                return None
            raise
        return PartitionRun(key, run.run_id, run.state)

    def _look(self, dag_id: str, backfill: PartitionBackfill, outage: Outage) -> PartitionBackfill:
        """Return the backfill as it is now; as it was, where the web server cannot answer just now."""
        missing = {run.run_id: run for run in backfill.going}
        found = list[PartitionRun]()
        try:
            for run in _of_partitions(self.runs.api.every_run(dag_id)):
                if missing.pop(run.run_id, None) is not None:
                    found.append(run)
                if not missing:
                    break
            outage.is_over()
        except MwaactlError as error:
            if not is_transient(error):
                raise
            outage.goes_on(error)
            missing.clear()
        # Somebody has deleted these: nothing will come of them.
        found += [replace(run, state=FAILED) for run in missing.values()]
        return seen(backfill, found)


def partitions_to_make(catalogue: AssetCatalogue, name: str, text: str, now: datetime) -> tuple[str, ...]:
    """Return the keys that a text such as `A..B` means for an asset.

    Raises:
        OperationError: The asset has no partitions, or the text names none of them, or one that has not ended
            yet: it would be made of half its data, and then count as done.
    """
    asset = catalogue.declaration(name)
    if asset is None or asset.partitions is None:
        message = f"the asset `{name}` has no partitions"
        raise OperationError(
            message, hint=f"make it with `mwaactl asset materialize {name}`", code="asset.whole"
        )
    with spoken():
        keys = selected_keys(asset.partitions, text)
        if key := first_not_ended(asset.partitions, keys, now):
            newest = newest_ended(asset.partitions, now)
            message = f"the partition `{key}` of `{name}` has not ended yet"
            hint = f"the last one that has ended is `{newest}`" if newest else "none has ended so far"
            raise OperationError(message, hint=hint, code="asset.not-ended")
    return keys


def progress_line(backfill: PartitionBackfill) -> str:
    """Return how far a backfill is, in one line."""
    counts = (
        (len(backfill.in_state(SUCCESS)), "done"),
        (len(backfill.going), "running"),
        (len(backfill.in_state(FAILED)), "failed"),
        (len(backfill.waiting), "waiting"),
    )
    shown = ", ".join(f"{number} {word}" for number, word in counts if number)
    return f"{len(backfill.partitions)} partitions: {shown}"


def _of_partitions(runs: Iterable[DagRun]) -> Iterator[PartitionRun]:
    return (PartitionRun(run.partition, run.run_id, run.state) for run in runs if run.partition is not None)
