"""Makes assets in this process: the same steps as the tasks of a DAG, without Airflow and its database."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from typed_assets.authoring.drafts import Draft
from typed_assets.building.refusal import AssetRefusedError
from typed_assets.building.steps import check_step, write_step
from typed_assets.context import Run
from typed_assets.services import Services
from typed_assets.spec.assets import Asset
from typed_assets.spec.errors import SpecError, nearest
from typed_assets.spec.names import WRITE, check_task_id
from typed_assets.spec.order import known_assets, ordered
from typed_assets.spec.partition_keys import check_key, check_partitions
from typed_assets.spec.pipelines import AssetStep, Pipeline
from typed_assets.spec.publication import CheckResult, Record
from typed_assets.storage import Storage
from typed_assets.testing.memory import memory_services, storage_of

type State = Literal["published", "refused", "failed", "skipped"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetOutcome:
    """What became of one asset.

    Attributes:
        state: `published`; `refused` by a blocking check; `failed` with an error; `skipped`, because
            something that it waits for was not published.
        record: what was found, where it came to a check.
        error: what was raised, where it failed.
    """

    state: State
    record: Record | None = None
    error: Exception | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Materialization:
    """What became of all assets that were to be made.

    Attributes:
        outcomes: by asset, in the order in which they were made.
        services: where they stand.
        left_out: steps that are operators of Airflow, which nothing here runs.
        assets: the assets that can be read, by name.
        partition: the key that was made, or None.
    """

    outcomes: Mapping[str, AssetOutcome]
    services: Services
    left_out: tuple[str, ...]
    assets: Mapping[str, Asset]
    partition: str | None

    @property
    def states(self) -> dict[str, State]:
        """The state of each asset."""
        return {name: outcome.state for name, outcome in self.outcomes.items()}

    @property
    def records(self) -> dict[str, Record]:
        """The record of each asset that came to its check."""
        return {name: each.record for name, each in self.outcomes.items() if each.record}

    @property
    def ok(self) -> bool:
        """Whether everything was published."""
        return all(outcome.state == "published" for outcome in self.outcomes.values())

    def checks(self, asset: str) -> dict[str, CheckResult]:
        """Return the results of an asset's checks by name; none where it did not come to that."""
        record = self.outcomes[asset].record
        return {check.name: check for check in record.checks} if record else {}

    def rows(self, asset: str) -> list[dict[str, Any]]:
        """Return the rows of an asset that readers see; those of the partition that was made."""
        found = self.assets[asset]
        partition = self.partition if found.partitions else None
        storage = storage_of(self.services)
        return list(storage.read(found, services=self.services, partition=partition))


def materialize(  # noqa: PLR0913 - a run has this many sides, all by keyword
    what: Pipeline | Draft | Iterable[AssetStep],
    *,
    partition: str | None = None,
    services: Services | None = None,
    only: Collection[str] | None = None,
    outputs: Mapping[str, Any] | None = None,
    params: Mapping[str, Any] | None = None,
    run_id: str = "test",
    raise_errors: bool = True,
) -> Materialization:
    """Write, check and publish assets in order; a blocking check that fails skips what is made of the asset.

    Args:
        what: a pipeline, or steps: functions that `@asset` or `@multi_asset` decorates.
        partition: the key that is made.
        services: of an emulator, or made by hand; without them everything stands in memory, from empty on.
        only: names of the assets to make; the others are read as they are published.
        outputs: what operator steps return, by id, for `context.output`.
        params: of the run.
        run_id: of the run; the same run replaces what it staged.
        raise_errors: whether an exception of a step is raised, and not kept as its outcome.

    Raises:
        SpecError: the pipeline is not good, `only` names nothing that it makes, or an asset has no such
            partition.
    """
    pipeline = _pipeline(what)
    given = services or memory_services()
    run = Run(
        dag_id=pipeline.id,
        run_id=run_id,
        partition=partition,
        params=dict(params or {}),
        assets=known_assets(pipeline),
        pull=dict(outputs or {}).get,
    )
    _check_names(pipeline, only)
    _check_partition(pipeline, only, partition)
    making = _Making(pipeline, given, run, storage_of(given), raise_errors=raise_errors)
    for step in ordered(pipeline):
        if isinstance(step, AssetStep) and _is_wanted(step, only):
            making.make(step)
    return Materialization(
        outcomes=making.outcomes,
        services=given,
        left_out=tuple(step.id for step in pipeline.steps if not isinstance(step, AssetStep)),
        assets=run.assets,
        partition=partition,
    )


def _pipeline(what: Pipeline | Draft | Iterable[AssetStep]) -> Pipeline:
    match what:
        case Pipeline():
            return what
        case Draft():
            return what.spec
        case _:
            return Pipeline(id="test", steps=tuple(what))


def _check_names(pipeline: Pipeline, only: Collection[str] | None) -> None:
    made = [asset.name for step in pipeline.steps if isinstance(step, AssetStep) for asset in step.assets]
    for name in only or ():
        if name not in made:
            message = f"no step of `{pipeline.id}` makes `{name}`"
            raise SpecError(message, hint=nearest(name, made))


def _check_partition(pipeline: Pipeline, only: Collection[str] | None, partition: str | None) -> None:
    """Refuse what the task in Airflow would: assets with partitions are made one at a time."""
    steps = [step for step in pipeline.steps if isinstance(step, AssetStep) and _is_wanted(step, only)]
    for asset in (asset for step in steps for asset in step.assets):
        if asset.partitions is None:
            continue
        if partition is None:
            message = f"`{asset.name}` has partitions, and none is named"
            raise SpecError(message, hint="give `partition=` its key")
        check_partitions(asset.partitions)
        check_key(asset.partitions, partition)


def _is_wanted(step: AssetStep, only: Collection[str] | None) -> bool:
    return only is None or any(asset.name in only for asset in step.assets)


class _Making:
    """Makes steps one after the other, and knows what has become of those before."""

    def __init__(
        self, pipeline: Pipeline, services: Services, run: Run, storage: Storage, *, raise_errors: bool
    ) -> None:
        self.outcomes: dict[str, AssetOutcome] = {}
        self._steps = {step.id: step for step in pipeline.steps}
        self._services, self._run, self._storage = services, run, storage
        self._raise_errors = raise_errors

    def make(self, step: AssetStep) -> None:
        """Make the assets of a step."""
        if not all(map(self._is_published, self._needed(step))):
            self.outcomes |= {asset.name: AssetOutcome(state="skipped") for asset in step.assets}
            return
        try:
            run = replace(self._run, task_id=f"{step.id}.{WRITE}")
            staged = write_step(step, services=self._services, run=run, storage=self._storage)
        except Exception as error:
            if self._raise_errors:
                raise
            failed = AssetOutcome(state="failed", error=error)
            self.outcomes |= {asset.name: failed for asset in step.assets}
            return
        for asset, part in zip(step.assets, staged, strict=True):
            task = check_task_id(asset.name, alone=len(step.assets) == 1)
            run = replace(self._run, task_id=f"{step.id}.{task}")
            self.outcomes[asset.name] = self._checked(asset, part, run)

    def _checked(self, asset: Asset, staged: Any, run: Run) -> AssetOutcome:  # noqa: ANN401 - a Staged
        try:
            record = check_step(asset, staged, services=self._services, run=run, storage=self._storage)
        except AssetRefusedError as refused:
            return AssetOutcome(state="refused", record=refused.record)
        except Exception as error:
            if self._raise_errors:
                raise
            return AssetOutcome(state="failed", error=error)
        return AssetOutcome(state="published", record=record)

    def _needed(self, step: AssetStep) -> Iterator[str]:
        """Yield the assets that must be published first: upstream ones, and all of the steps before."""
        upstream = {dependency.asset for asset in step.assets for dependency in asset.upstream}
        yield from upstream
        for name in step.after:
            before = self._steps[name]
            yield from (asset.name for asset in before.assets) if isinstance(before, AssetStep) else ()

    def _is_published(self, asset: str) -> bool:
        """Tell whether nothing went wrong with an asset; one that is not made here is taken as it is."""
        return asset not in self.outcomes or self.outcomes[asset].state == "published"
