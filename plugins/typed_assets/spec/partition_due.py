"""Which partitions are due: what is missing, what a clock asks for, what publications have made complete."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Span:
    """When a partition was published first, and last, and how often; to the second, as S3 tells it."""

    first: datetime
    last: datetime
    times: int = 1

    def with_one_more(self, at: datetime) -> "Span":
        """Return it with one more publication."""
        return Span(min(self.first, at), max(self.last, at), self.times + 1)


type Over = Callable[[Sequence[str]], int]
"""Counts, of some partitions, those whose runs are over; no question is about more than `ASKED_AT_ONCE`."""
ASKED_AT_ONCE = 50
"""Run ids stand in the address of Airflow's question, which servers limit to 64 KB."""

type Spans = Callable[[str], Mapping[str | None, Span]]
"""Gives when the partitions of an asset were published, by its name."""


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
    needed = tuple(upstream)
    parts = dict(_parts(key, partitions, needed, known))
    return all(
        published(each.asset).issuperset(parts[each.asset])
        if each.asset in parts
        else bool(published(each.asset))
        for each in needed
    )


def newest_open(keys: Sequence[str], over: Over, most: int) -> tuple[str, ...]:
    """Return the last partitions of which no run is over, `most` of them at most, in order.

    Args:
        keys: partitions, in order.
        over: counts those of some partitions whose runs are over.
        most: so many are wanted.
    """
    found: tuple[str, ...] = ()
    after = len(keys)
    while after > 0 and len(found) < most:
        before = max(0, after - ASKED_AT_ONCE)
        found = (*_open(keys[before:after], over), *found)
        after = before
    return found[-most:]


def _open(keys: Sequence[str], over: Over) -> tuple[str, ...]:
    """Return those whose runs are not over: where some are, each half is asked about."""
    count = over(keys)
    if count == 0:
        return tuple(keys)
    if count >= len(keys):
        return ()
    middle = len(keys) // 2
    return (*_open(keys[:middle], over), *_open(keys[middle:], over))


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
    spans: Spans,
    *,
    mended: bool = False,
) -> tuple[str, ...]:
    """Return the partitions that newly published ones complete, in order.

    Of several publications only the last one completes a partition: it comes when all other parts have been
    there. Those of the same second cannot be told apart, and all of them do. One that comes later, of a part
    that is mended, completes it anew.

    Args:
        partitions: of the assets that a run makes.
        events: asset and partition of each publication.
        upstream: what the assets are made of.
        known: upstream assets by name.
        spans: when they were published.
        mended: only those to which a part has come again.
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
        for whole in belongs:
            since = None if whole is None else _complete_since(whole, partitions, by_name, known, spans)
            span = spans(name).get(key)
            if whole is None or since is None or span is None:
                continue
            if span.last >= since and (span.times > 1 or not mended):
                found.add(whole)
    return tuple(sorted(found, key=lambda key: places(partitions, key)))


def _complete_since(
    key: str,
    partitions: Partitions,
    upstream: Mapping[str, Dependency],
    known: Mapping[str, Asset],
    spans: Spans,
) -> datetime | None:
    """Return when the last of the parts of a partition was published for the first time, or None."""
    if not can_be_made(key, partitions, upstream.values(), known, lambda asset: frozenset(spans(asset))):
        return None
    parts = _parts(key, partitions, upstream.values(), known)
    return max((spans(asset)[part].first for asset, keys in parts for part in keys), default=None)


def _parts(
    key: str, partitions: Partitions, upstream: Iterable[Dependency], known: Mapping[str, Asset]
) -> Iterator[tuple[str, frozenset[str | None]]]:
    """Yield the upstream partitions that one is made of, by asset; not those of assets taken as a whole."""
    for each in upstream:
        divided = known[each.asset].partitions if each.asset in known else None
        if divided is not None and not isinstance(each.mapping, AllPartitions | LastPartition):
            yield (
                each.asset,
                frozenset(upstream_keys(each.mapping, key, upstream=divided, downstream=partitions)),
            )
