"""Reads what upstream assets have published."""

from collections.abc import Iterator
from typing import Any

from typed_assets.context import AssetContext
from typed_assets.spec.errors import SpecError, nearest


def upstream_rows(context: AssetContext, name: str) -> Iterator[dict[str, Any]]:
    """Yield the rows of an upstream asset, of those partitions that its mapping names.

    Raises:
        SpecError: it is not upstream, or no value of it is known.
    """
    mappings = context.upstream()
    if name not in mappings:
        message = f"`{name}` is not upstream of `{context.asset.name}`"
        raise SpecError(message, hint=nearest(name, mappings))
    upstream = context.run.assets[name]
    partition = context.partition if upstream.partitions else None
    return context.storage.read(upstream, services=context.services, partition=partition)
