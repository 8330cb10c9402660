"""Which partitions are due: what is missing, what a clock asks for, what publications have made complete."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from itertools import product

from typed_assets.spec.assets import Asset, Dependency
from typed_assets.spec.errors import SpecError
from typed_assets.spec.partition_axes import SEPARATOR, bounds, key_at
from typed_assets.spec.partition_keys import axes, missing_keys, places
from typed_assets.spec.partition_mapping import downstream_keys, upstream_keys
from typed_assets.spec.partitions import AllPartitions, LastPartition, Partitions, Static

type Published = Callable[[str], frozenset[str | None]]
"""Gives the published partitions of an asset by its name; None stands for the whole of one without any."""


def missing(
    partitions: Partitions,
    made: Iterable[str],
    upstream: Iterable[Dependency],
    known: Mapping[str, Asset],
    published: Published,
    now: datetime,
) -> tuple[str, ...]:
    """Return the partitions that have ended, are not there, and could be made of what is, in order.

    Args:
        partitions: of the assets that a run makes.
        made: their names; a partition is there when all of them have it.
        upstream: what they are made of, made by others.
        known: upstream assets by name.
        published: what has been published.
        now: the time.
    """
    there = [published(name) for name in made]
    whole = frozenset[str | None].intersection(*there) if there else frozenset()
    lacking = missing_keys(partitions, {key for key in whole if key is not None}, now)
    needed = tuple(upstream)
    return tuple(key for key in lacking if can_be_made(key, partitions, needed, known, published))


def can_be_made(
    key: str,
    partitions: Partitions,
    upstream: Iterable[Dependency],
    known: Mapping[str, Asset],
    published: Published,
) -> bool:
    """Whether all that a partition is made of has been published."""
    for each in upstream:
        there = published(each.asset)
        divided = known[each.asset].partitions if each.asset in known else None
        if divided is None or isinstance(each.mapping, AllPartitions | LastPartition):
            if not there:
                return False
        elif not there.issuperset(upstream_keys(each.mapping, key, upstream=divided, downstream=partitions)):
            return False
    return True


def newest(partitions: Partitions, now: datetime) -> tuple[str, ...]:
    """Return the partitions of the last hour or day that has ended, with every name of a static half."""
    halves: list[list[str]] = []
    for axis in axes(partitions):
        first, after = bounds(axis, now)
        if after is None or after <= first:
            return ()
        start = first if isinstance(axis, Static) else after - 1
        halves.append([key_at(axis, place) for place in range(start, after)])
    return tuple(SEPARATOR.join(parts) for parts in product(*halves))


def completed(
    partitions: Partitions,
    events: Iterable[tuple[str, str | None]],
    upstream: Iterable[Dependency],
    known: Mapping[str, Asset],
    published: Published,
) -> tuple[str, ...]:
    """Return the partitions to which newly published ones belong and that have all their parts, in order.

    Args:
        partitions: of the assets that a run makes.
        events: asset and partition of each publication.
        upstream: what the assets are made of.
        known: upstream assets by name.
        published: what has been published.
    """
    by_name, found = {each.asset: each for each in upstream}, set[str]()
    for name, key in events:
        each, divided = by_name.get(name), known[name].partitions if name in known else None
        if each is None or divided is None or key is None:
            continue
        try:
            belongs = downstream_keys(each.mapping, key, upstream=divided, downstream=partitions)
        except SpecError:
            continue  # a key of before the asset was divided as it is now
        found.update(whole for whole in belongs if whole is not None)
    ready = (key for key in found if can_be_made(key, partitions, by_name.values(), known, published))
    return tuple(sorted(ready, key=lambda key: places(partitions, key)))
