"""Runs the DAGs that make a selection of assets, each when those before it have succeeded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mwaactl.errors import OperationError
from mwaactl.planner.asset_selection import DagStep, dag_steps, select_assets
from typed_assets.spec.errors import SpecError
from typed_assets.spec.partition_keys import check_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import timedelta

    from mwaactl.airflow_api.values import DagRun
    from mwaactl.operations.asset_catalogue import AssetCatalogue
    from mwaactl.operations.dag_runs import DagRuns

# Airflow's scheduler makes runs for new asset events within some seconds.
LOOKS, PAUSE = 5, 2.0


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
        before = {step.dag_id: {run.run_id for run in self.runs.api.runs(step.dag_id, 20)} for step in steps}
        made = set[str]()
        for step in steps:
            run = self._started_by_event(step, made, before[step.dag_id])
            if run is None:
                run = self.runs.trigger(step.dag_id, {}, partition=self._partition_of(step, partition))
            finished = self.runs.wait(run, timeout)
            made.update(step.assets)
            yield Materialization(step, finished.run)

    def _started_by_event(self, step: DagStep, made: set[str], before: set[str]) -> DagRun | None:
        """Return the run that events of assets just made have started, or None."""
        waits = any(step.dag_id in self.catalogue.assets[name].schedules for name in made)
        if not waits or self.runs.api.dag(step.dag_id).is_paused:
            return None
        for look in range(LOOKS):
            self.sleep(PAUSE if look else 0.0)
            new = [run for run in self.runs.api.runs(step.dag_id, 20) if run.run_id not in before]
            if new:
                self.runs.on_detail(f"{step.dag_id} has been started by its assets, run {new[0].run_id}")
                return new[0]
        return None

    def _partition_of(self, step: DagStep, partition: str | None) -> str | None:
        declared = (self.catalogue.declared.get(name) for name in step.assets)
        return partition if any(asset and asset.partitions for asset in declared) else None

    def _check_partition(self, name: str, partition: str | None) -> None:
        asset = self.catalogue.declared.get(name)
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
