"""Runs the DAGs that make a selection of assets, each when those before it have succeeded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import TYPE_CHECKING

from mwaactl.errors import OperationError
from mwaactl.planner.asset_selection import DagStep, dag_steps, select_assets
from typed_assets.spec.errors import SpecError
from typed_assets.spec.partition_keys import check_key
from typed_assets.spec.partition_runs import run_name
from typed_assets.spec.pipelines import DISPATCHER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mwaactl.airflow_api.values import DagRun
    from mwaactl.operations.asset_catalogue import AssetCatalogue
    from mwaactl.operations.dag_runs import DagRuns

PATIENCE, PAUSE = timedelta(minutes=1), 2.0
"""How long to wait for a run of asset events, which a busy scheduler makes late, and between two looks."""
BY_EVENT = "asset_triggered__"
"""Beginning of the ids of runs that asset events start (`DagRunType.ASSET_TRIGGERED`)."""
LOOKED_AT = 100


@dataclass(frozen=True, slots=True)
class Materialization:
    """A DAG of a selection, and the run that made its assets."""

    step: DagStep
    run: DagRun


@dataclass(frozen=True, slots=True)
class Materializations:
    """Materializations in one environment.

    Attributes:
        runs: Its DAG runs.
        catalogue: Its assets.
        sleep: Waits for seconds.
    """

    runs: DagRuns
    catalogue: AssetCatalogue
    sleep: Callable[[float], None]

    def plan(self, selections: tuple[str, ...], partition: str | None) -> tuple[DagStep, ...]:
        """Return the DAGs to run, in order.

        Raises:
            OperationError: A name is not known, or the partition is none of an asset's.
        """
        catalogue = self.catalogue
        steps = dag_steps(
            select_assets(selections, catalogue.upstream), catalogue.upstream, catalogue.made_by
        )
        for step in steps:
            for name in step.assets:
                self._check_partition(name, partition)
        if partition is not None and not any(self._partition_of(step, partition) for step in steps):
            message = f"no asset of the selection has partitions, and `--partition {partition}` names one"
            raise OperationError(message, hint="leave `--partition` out", code="asset.whole")
        return steps

    def carry_out(
        self, steps: tuple[DagStep, ...], partition: str | None, timeout: timedelta
    ) -> Iterator[Materialization]:
        """Run the DAGs one after the other; yield each when it has succeeded.

        A DAG that the assets before it have started by themselves is not started a second time.

        Raises:
            OperationError: A run fails; the DAGs after it are not run.
        """
        before = {step.dag_id: frozenset(self._by_event(step, partition)) for step in steps}
        made = set[str]()
        for step in steps:
            run = self._started_by_event(step, partition, made, before[step.dag_id])
            finished = run and self.runs.wait(run, timeout).run
            if finished is None or not self._has_published(finished):
                run = self.runs.trigger(step.dag_id, {}, partition=self._partition_of(step, partition))
                finished = self.runs.wait(run, timeout).run
            made.update(step.assets)
            yield Materialization(step, finished)

    def _has_published(self, run: DagRun) -> bool:
        """Return whether a run that asset events have started was due: a gate may have skipped its tasks."""
        newest = islice(self.runs.api.publishing_runs(run.dag_id), LOOKED_AT)
        if run.run_id in newest:
            return True
        self.runs.on_detail(f"run {run.run_id} has published nothing: it was not due")
        return False

    def _started_by_event(
        self, step: DagStep, partition: str | None, made: set[str], before: frozenset[str]
    ) -> DagRun | None:
        """Return the run that events of assets just made have started, or None."""
        schedules = {dag_id for name in made for dag_id in self.catalogue.assets[name].schedules}
        starters = schedules & {step.dag_id, f"{step.dag_id}{DISPATCHER}"}
        if not starters or any(self.runs.api.dag(each).is_paused for each in {step.dag_id, *starters}):
            return None
        self.runs.on_detail(f"{step.dag_id} is scheduled by its assets: waiting for the run that they start")
        deadline = self.runs.now() + PATIENCE
        while True:
            for run_id, run in self._by_event(step, partition).items():
                if run_id not in before:
                    self.runs.on_detail(f"{step.dag_id} has been started by its assets, run {run_id}")
                    return run
            if self.runs.now() >= deadline:
                return None
            self.sleep(PAUSE)

    def _by_event(self, step: DagStep, partition: str | None) -> dict[str, DagRun]:
        """Return the runs of a DAG that asset events have started for a partition, newest first."""
        wanted = self._partition_of(step, partition)
        return {
            run.run_id: run
            for run in self.runs.api.runs(step.dag_id, LOOKED_AT)
            if run.partition == wanted and _is_by_event(run.run_id, wanted)
        }

    def _partition_of(self, step: DagStep, partition: str | None) -> str | None:
        declared = (self.catalogue.declared.get(name) for name in step.assets)
        return partition if any(asset and asset.partitions for asset in declared) else None

    def _check_partition(self, name: str, partition: str | None) -> None:
        asset = self.catalogue.declaration(name)
        if asset is None or asset.partitions is None:
            return
        if partition is None:
            message = f"the asset `{name}` has partitions, and none is named"
            hint = f"add `--partition KEY`, or use `mwaactl asset backfill {name} --partitions A..B`"
            raise OperationError(message, hint=hint, code="asset.no-partition")
        try:
            check_key(asset.partitions, partition)
        except SpecError as error:
            message = f"`{name}` has no such partition: {error.message}"
            raise OperationError(message, hint=error.hint, code="asset.not-good") from error


def _is_by_event(run_id: str, partition: str | None) -> bool:
    """Return whether asset events have started a run, by themselves or through the DAG of its partitions."""
    through = "" if partition is None else f"{run_name(partition)}__"
    return run_id.startswith((BY_EVENT, f"{through}{BY_EVENT}"))
