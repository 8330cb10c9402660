"""Assets as Airflow's `Asset`."""

from collections.abc import Iterable
from typing import Any

from typed_assets.building.imports import constructed
from typed_assets.building.options import option
from typed_assets.spec.assets import Asset, Watcher
from typed_assets.spec.catalogue import asset_extra
from typed_assets.spec.locations import placeholders


def airflow_asset(asset: Asset) -> Any:  # noqa: ANN401 - an airflow.sdk.Asset
    """Return the Airflow asset of an asset, with its declaration as extra and with its watchers.

    The URI keeps its holes (`s3://{data_bucket}/...`): name and URI together are an asset's identity for
    Airflow, and an environment must not lose its history when a bucket is renamed.
    """
    from airflow.sdk import Asset as AirflowAsset

    # Watchers go to Asset itself: `@asset(watchers=...)` of Airflow accepts them and drops them (3.0 to 3.4).
    return AirflowAsset(
        asset.name,
        asset.uri,
        group=asset.group or "asset",
        extra=asset_extra(asset),
        watchers=[_airflow_watcher(watcher) for watcher in asset.watchers],
    )


def is_declared(asset: Asset) -> bool:
    """Whether more is known of an asset than its place.

    Airflow keeps the extra of the asset that it read last. One of which only the place is known must not be
    named by value, or it wipes out what its own pipeline declares.
    """
    return asset != Asset(name=asset.name, uri=asset.uri, group=asset.group)


def inlets(assets: Iterable[Asset]) -> list[Any]:
    """Return the Airflow assets that a task reads."""
    return [airflow_asset(asset) for asset in assets if is_declared(asset)]


def _airflow_watcher(watcher: Watcher) -> Any:  # noqa: ANN401 - an airflow.sdk.AssetWatcher
    from airflow.sdk import AssetWatcher

    arguments = {name: _with_options(value) for name, value in watcher.arguments.items()}
    return AssetWatcher(name=watcher.name, trigger=constructed(watcher.trigger, arguments))


def _with_options(value: Any) -> Any:  # noqa: ANN401 - whatever the trigger takes
    if not isinstance(value, str):
        return value
    for name in placeholders(value):
        value = value.replace(f"{{{name}}}", option(name))
    return value
