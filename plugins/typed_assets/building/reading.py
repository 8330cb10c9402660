"""Reads what upstream assets have published."""

from collections.abc import Iterator
from itertools import chain
from typing import Any

from typed_assets.context import AssetContext
from typed_assets.spec.assets import Asset
from typed_assets.spec.errors import SpecError, nearest
from typed_assets.spec.partition_mapping import upstream_keys
from typed_assets.spec.partitions import AllPartitions, LastPartition, Mapping


def upstream_asset(context: AssetContext, name: str) -> Asset:
    """Return an upstream asset of what is made.

    Raises:
        SpecError: none of the assets that are made names it as upstream.
    """
    upstream = context.upstream()
    if name not in upstream:
        message = f"`{name}` is not upstream of `{context.asset.name}`"
        raise SpecError(message, hint=nearest(name, upstream))
    return context.run.assets[name]


def upstream_rows(context: AssetContext, name: str) -> Iterator[dict[str, Any]]:
    """Yield the rows of an upstream asset, of those partitions that its mapping names.

    Raises:
        SpecError: it is not upstream, or its partitions do not go with those of the asset that is made.
    """
    upstream = upstream_asset(context, name)
    keys = _keys(context, upstream, context.upstream()[name])
    read, services = context.storage.read, context.services
    return chain.from_iterable(read(upstream, services=services, partition=key) for key in keys)


def _keys(context: AssetContext, upstream: Asset, mapping: Mapping) -> tuple[str | None, ...]:
    """Return the partitions to read; None stands for the whole asset."""
    if isinstance(mapping, AllPartitions):
        return (None,)
    there = (
        context.storage.partitions(upstream, services=context.services)
        if isinstance(mapping, LastPartition)
        else frozenset[str]()
    )
    return upstream_keys(
        mapping,
        context.partition,
        upstream=upstream.partitions,
        downstream=_made_of(context, upstream).partitions,
        existing=there,
    )


def _made_of(context: AssetContext, upstream: Asset) -> Asset:
    """Return the asset that is made of an upstream one, the first of several."""
    return next(
        asset for asset in context.assets if any(each.asset == upstream.name for each in asset.upstream)
    )
