"""The assets of an environment, with what their authors declared, as Airflow tells it."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mwaactl.errors import OperationError
from mwaactl.operations.held_assets import held_assets
from mwaactl.planner.asset_selection import known_asset
from typed_assets.spec.errors import SpecError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mwaactl.airflow_api.rest import AirflowApi
    from mwaactl.airflow_api.values import AirflowAsset
    from typed_assets.spec.assets import Asset


@dataclass(frozen=True, slots=True)
class AssetCatalogue:
    """All assets that Airflow knows.

    Attributes:
        assets: By name, as Airflow shows them.
        declared: By name, as their authors declared them; without those that `typed_assets` has not made.
        unread: Why those that it has made cannot be read, by name.
    """

    assets: Mapping[str, AirflowAsset]
    declared: Mapping[str, Asset]
    unread: Mapping[str, str]

    @property
    def upstream(self) -> dict[str, frozenset[str]]:
        """What each asset is made of: as declared, else what schedules the DAG that makes it."""
        return {name: self._upstream(asset) for name, asset in self.assets.items()}

    @property
    def made_by(self) -> dict[str, str]:
        """The DAG that makes each asset; the first by name where there are several."""
        return {name: asset.made_by[0][0] for name, asset in self.assets.items() if asset.made_by}

    def declaration(self, name: str) -> Asset | None:
        """Return what the author declared of an asset, None where `typed_assets` has not made it.

        Raises:
            OperationError: It cannot be read.
        """
        if name in self.unread:
            message = f"the asset `{name}` cannot be read: {self.unread[name]}"
            hint = "another version of typed_assets has declared it: deploy its DAG with this one"
            raise OperationError(message, hint=hint, code="asset.unreadable")
        return self.declared.get(name)

    def maker(self, name: str) -> str:
        """Return the DAG that makes an asset.

        Raises:
            OperationError: There is no such asset, or not exactly one DAG makes it.
        """
        makers = sorted({dag for dag, _ in self.assets[known_asset(name, self.assets)].made_by})
        if len(makers) != 1:
            message = f"{len(makers) or 'no'} DAG{'s make' if makers else ' makes'} the asset `{name}`"
            hint = f"they are: {', '.join(makers)}; see `mwaactl run trigger`" if makers else None
            raise OperationError(message, hint=hint, code="asset.makers")
        return makers[0]

    def _upstream(self, asset: AirflowAsset) -> frozenset[str]:
        if asset.name in self.declared:
            return frozenset(each.asset for each in self.declared[asset.name].upstream)
        makers = {dag for dag, _ in asset.made_by}
        return frozenset(name for name, other in self.assets.items() if makers & set(other.schedules))


def read_catalogue(api: AirflowApi) -> AssetCatalogue:
    """Return the assets of the deployed DAGs.

    Raises:
        OperationError: Airflow cannot tell.
    """
    assets = {asset.name: asset for asset in api.assets()}
    held = held_assets(assets.values())
    return AssetCatalogue(assets, held.assets, held.unread)


@contextmanager
def spoken() -> Iterator[None]:
    """Give errors of assets and partitions the form of this command line's.

    Raises:
        OperationError: For each `SpecError`.
    """
    try:
        yield
    except SpecError as error:
        raise OperationError(error.message, hint=error.hint, code="asset.not-good") from error
