"""What the function that makes an asset is given."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from typed_assets.spec.assets import Asset
from typed_assets.spec.partitions import Mapping as PartitionMapping

if TYPE_CHECKING:
    from typed_assets.authoring.made import Made
    from typed_assets.services import Services
    from typed_assets.staging import Staged
    from typed_assets.storage import Storage


def _nothing(step: str) -> None:
    """Say of a step that it returned nothing, as where no tasks ran."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """The run of a pipeline that a step belongs to.

    Attributes:
        dag_id: of the pipeline; in a test whatever names it.
        run_id: of the run; the same run stages at the same places.
        task_id: of the task that runs.
        partition: the key of the partition that is made, or None.
        logical_date: of the run, where it has one.
        params: the run's parameters.
        assets: the assets that can be read, by name.
        pull: gives what the task of a step returned in this run.
    """

    dag_id: str
    run_id: str
    task_id: str = ""
    partition: str | None = None
    logical_date: datetime | None = None
    params: Mapping[str, Any] = field(default_factory=dict)
    assets: Mapping[str, Asset] = field(default_factory=dict)
    pull: Callable[[str], Any] = _nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetContext:
    """What the function that makes an asset, or checks it, works with.

    Attributes:
        assets: what is to be made; in a check the one that is checked.
        services: AWS clients, options and the clock.
        run: the run that this is part of.
        storage: reads and stages; the functions below are the usual way to it.
        staged: what has been staged so far, by the asset's name.
    """

    assets: tuple[Asset, ...]
    services: "Services"
    run: Run
    storage: "Storage"
    staged: "dict[str, Staged]" = field(default_factory=dict)

    @property
    def asset(self) -> Asset:
        """The asset that is made, the first one where there are several."""
        return self.assets[0]

    @property
    def partition(self) -> str | None:
        """The key of the partition that is made, or None."""
        return self.run.partition

    def option(self, name: str) -> str:
        """Return an option of section `pipelines` of Airflow's configuration.

        Raises:
            SpecError: it is not set.
        """
        return self.services.option(name)

    def output(self, step: str) -> Any:  # noqa: ANN401 - what its task returned
        """Return what the task of an operator step returned in this run, None if it returned nothing."""
        return self.run.pull(step)

    def read(self, name: str) -> Iterator[dict[str, Any]]:
        """Yield the rows of an upstream asset that have been published.

        Where it has partitions, those that belong to the partition that is made, as its mapping says.

        Raises:
            SpecError: no asset that is made here names it as upstream.
        """
        from typed_assets.building.reading import upstream_rows

        return upstream_rows(self, name)

    def upstream(self) -> dict[str, PartitionMapping]:
        """Return how the partitions of each upstream asset belong to the one that is made, by name."""
        return {each.asset: each.mapping for asset in self.assets for each in asset.upstream}

    def write(self, product: "Made", *, asset: str | None = None) -> "Staged":
        """Stage rows, or what a SELECT finds, for an asset; readers see it when its check has passed.

        Args:
            product: an iterable of mappings, `Sql`, or the path of a SQL file.
            asset: its name; needs to be said where several are made.

        Raises:
            SpecError: the asset is not made here, or has been written already.
        """
        from typed_assets.building.products import stage

        return stage(self, product, asset=asset)
