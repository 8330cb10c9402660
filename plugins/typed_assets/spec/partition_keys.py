"""Keys of partitions: which there are, ranges of them, and which are missing."""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from itertools import product

from typed_assets.spec.errors import SpecError
from typed_assets.spec.partition_axes import (
    SEPARATOR,
    Axis,
    axis_keys,
    bounds,
    check_axis,
    index_of,
    key_at,
)
from typed_assets.spec.partitions import Partitions, Product

RANGE = ".."


def axes(partitions: Partitions) -> tuple[Axis, ...]:
    """Return the one or two ways in which an asset is divided."""
    return (partitions.first, partitions.second) if isinstance(partitions, Product) else (partitions,)


def check_partitions(partitions: Partitions) -> None:
    """Refuse partitions that have no keys, or whose keys could not be told apart.

    Raises:
        SpecError: what is wrong with them.
    """
    for axis in axes(partitions):
        check_axis(axis)


def check_key(partitions: Partitions, key: str) -> str:
    """Return a key that is good for these partitions.

    Raises:
        SpecError: it is not; the hint says how one looks, or names the nearest.
    """
    places(partitions, key)
    return key


def places(partitions: Partitions, key: str) -> tuple[int, ...]:
    """Return where a key stands; keys are in order when their places are.

    Raises:
        SpecError: it is no key of these partitions.
    """
    return tuple(
        index_of(axis, part) for axis, part in zip(axes(partitions), _split(partitions, key), strict=True)
    )


def keys(partitions: Partitions, first: str, last: str) -> Iterator[str]:
    """Yield the keys from one to another, both included, in order.

    Of a product: every pair out of the two ranges; `2013-01-01|EU..2013-01-02|US` is four keys where `EU` and
    `US` stand beside each other.

    Raises:
        SpecError: one is no key, or the last comes before the first.
    """
    ranges = [
        tuple(axis_keys(axis, start, end))
        for axis, start, end in zip(
            axes(partitions), _split(partitions, first), _split(partitions, last), strict=True
        )
    ]
    return (SEPARATOR.join(parts) for parts in product(*ranges))


def selected_keys(partitions: Partitions, text: str) -> tuple[str, ...]:
    """Return the keys that a text names: `A`, `A..B` (both included), or several of them with `,` between.

    Raises:
        SpecError: a part is no key and no range.
    """
    found: dict[str, None] = {}
    for part in text.split(","):
        first, dots, last = part.strip().partition(RANGE)
        found.update(dict.fromkeys(keys(partitions, first.strip(), last.strip() if dots else first.strip())))
    return tuple(found)


def ended_keys(partitions: Partitions, now: datetime) -> Iterator[str]:
    """Yield all keys of partitions that have ended: of the past hours or days, and every static one."""
    ranges = []
    for axis in axes(partitions):
        first, after = bounds(axis, now)
        ranges.append([key_at(axis, place) for place in range(first, first if after is None else after)])
    return (SEPARATOR.join(parts) for parts in product(*ranges))


def newest_ended(partitions: Partitions, now: datetime) -> str | None:
    """Return the last key of the partitions that have ended, or None before the first has."""
    parts = []
    for axis in axes(partitions):
        first, after = bounds(axis, now)
        if after is None or after <= first:
            return None
        parts.append(key_at(axis, after - 1))
    return SEPARATOR.join(parts)


def first_not_ended(partitions: Partitions, selected: Iterable[str], now: datetime) -> str | None:
    """Return the first of some keys whose hour or day has not ended, or None."""
    after = [bounds(axis, now)[1] for axis in axes(partitions)]
    for key in selected:
        pairs = zip(places(partitions, key), after, strict=True)
        if any(end is not None and place >= end for place, end in pairs):
            return key
    return None


def missing_keys(partitions: Partitions, published: Collection[str], now: datetime) -> tuple[str, ...]:
    """Return the partitions that have ended and are not published, in order."""
    there = frozenset(published)
    return tuple(key for key in ended_keys(partitions, now) if key not in there)


def _split(partitions: Partitions, key: str) -> tuple[str, ...]:
    parts, number = tuple(key.split(SEPARATOR)), len(axes(partitions))
    if len(parts) != number:
        message = f"`{key}` is not the key of a partition"
        hint = f"join the two halves with `{SEPARATOR}`" if number > 1 else f"write it without `{SEPARATOR}`"
        raise SpecError(message, hint=hint)
    return parts
