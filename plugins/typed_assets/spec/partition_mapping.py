"""Which partitions of one asset a partition of another is made of, and the other way round."""

from collections.abc import Collection
from typing import assert_never

from typed_assets.spec.errors import SpecError
from typed_assets.spec.partition_axes import SEPARATOR, Axis, hours_of
from typed_assets.spec.partition_keys import axes, check_key, places
from typed_assets.spec.partitions import (
    AllPartitions,
    Daily,
    Hourly,
    Identity,
    LastPartition,
    Mapping,
    Partitions,
    Product,
    Rollup,
    Static,
)


def check_mapping(mapping: Mapping, upstream: Partitions | None, downstream: Partitions | None) -> None:
    """Refuse a mapping between partitions that it cannot connect.

    Raises:
        SpecError: why, and which mapping would do.
    """
    match mapping:
        case Identity():
            if upstream is not None and not _alike(upstream, downstream):
                message = f"{_said(upstream)} cannot have the keys of {_said(downstream)}"
                raise SpecError(message, hint=_better(upstream, downstream))
        case Rollup():
            if upstream is None or downstream is None or not _rolls_up(upstream, downstream):
                message = f"{_said(upstream)} cannot roll up into {_said(downstream)}"
                hint = "hours roll up into days, and a product into one of its halves"
                raise SpecError(message, hint=hint)
        case AllPartitions() | LastPartition():
            if upstream is None:
                message = "there is no such partition, because the upstream asset has none"
                raise SpecError(message, hint="leave the mapping out")
        case _:
            assert_never(mapping)


def upstream_keys(
    mapping: Mapping,
    key: str | None,
    *,
    upstream: Partitions | None,
    downstream: Partitions | None,
    existing: Collection[str] = (),
) -> tuple[str | None, ...]:
    """Return the upstream partitions that a partition is made of, in order.

    Args:
        mapping: how the two belong together.
        key: the downstream partition; None where the asset has none.
        upstream: how the upstream asset is divided; None gives `(None,)`, the whole of it.
        downstream: how the asset itself is divided.
        existing: upstream partitions that are published; `AllPartitions` and `LastPartition` choose of them.

    Raises:
        SpecError: the mapping cannot connect the two, or the key is none.
    """
    check_mapping(mapping, upstream, downstream)
    if key is not None and downstream is not None:
        check_key(downstream, key)
    if upstream is None:
        return (None,)
    match mapping:
        case Identity():
            return (check_key(upstream, key or ""),)
        case Rollup():
            return _parts_of(key or "", upstream, downstream) if downstream is not None else ()
        case AllPartitions():
            return _in_order(upstream, existing)
        case LastPartition():
            return _in_order(upstream, existing)[-1:]
        case _:
            assert_never(mapping)


def downstream_keys(
    mapping: Mapping, key: str, *, upstream: Partitions, downstream: Partitions | None
) -> tuple[str | None, ...]:
    """Return the partitions that a newly published upstream partition belongs to.

    A partition whose mapping takes all or the last of the upstream ones is not made anew for each of them:
    then there are none, except where the asset has no partitions, which gives `(None,)`.
    """
    check_mapping(mapping, upstream, downstream)
    check_key(upstream, key)
    match mapping:
        case Identity():
            return (key,) if downstream is not None and _is_key(downstream, key) else ()
        case Rollup():
            whole = _whole_of(key, upstream, downstream) if downstream is not None else ""
            return (whole,) if downstream is not None and _is_key(downstream, whole) else ()
        case AllPartitions() | LastPartition():
            return (None,) if downstream is None else ()
        case _:
            assert_never(mapping)


def _parts_of(key: str, upstream: Partitions, downstream: Partitions) -> tuple[str, ...]:
    """Return the finer keys of a coarser one; those before the upstream asset's start do not exist."""
    if isinstance(upstream, Product) and not isinstance(downstream, Product):
        halves = [
            (part,) if _alike(axis, downstream) else _all_names(axis)
            for axis, part in ((upstream.first, key), (upstream.second, key))
        ]
    else:
        halves = [
            hours_of(part) if _finer(fine, coarse) else (part,)
            for fine, coarse, part in zip(axes(upstream), axes(downstream), key.split(SEPARATOR), strict=True)
        ]
    found = [SEPARATOR.join(parts) for parts in _pairs(halves)]
    return tuple(each for each in found if _is_key(upstream, each))


def _whole_of(key: str, upstream: Partitions, downstream: Partitions) -> str:
    parts = key.split(SEPARATOR)
    if isinstance(upstream, Product) and not isinstance(downstream, Product):
        return parts[0] if _alike(upstream.first, downstream) else parts[1]
    return SEPARATOR.join(
        part.partition("T")[0] if _finer(fine, coarse) else part
        for fine, coarse, part in zip(axes(upstream), axes(downstream), parts, strict=True)
    )


def _pairs(halves: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    if len(halves) == 1:
        return [(each,) for each in halves[0]]
    return [(first, second) for first in halves[0] for second in halves[1]]


def _rolls_up(upstream: Partitions, downstream: Partitions) -> bool:
    if isinstance(upstream, Product) and not isinstance(downstream, Product):
        halves = (upstream.first, upstream.second)
        return any(
            _alike(kept, downstream) and isinstance(lost, Static) for kept, lost in (halves, halves[::-1])
        )
    fine, coarse = axes(upstream), axes(downstream)
    pairs = list(zip(fine, coarse, strict=False))
    return (
        len(fine) == len(coarse)
        and any(_finer(*pair) for pair in pairs)
        and all(_finer(*pair) or _alike(*pair) for pair in pairs)
    )


def _alike(one: Partitions, other: Partitions | None) -> bool:
    """Whether keys of the one can be keys of the other: of one kind, half by half, with names in common."""
    if other is None or len(axes(one)) != len(axes(other)):
        return False
    return all(
        isinstance(right, type(left))
        and (
            not isinstance(left, Static)
            or not isinstance(right, Static)
            or set(left.names) & set(right.names)
        )
        for left, right in zip(axes(one), axes(other), strict=True)
    )


def _finer(fine: Axis, coarse: Axis) -> bool:
    return isinstance(fine, Hourly) and isinstance(coarse, Daily)


def _all_names(axis: Axis) -> tuple[str, ...]:
    return axis.names if isinstance(axis, Static) else ()


def _is_key(partitions: Partitions, key: str) -> bool:
    try:
        check_key(partitions, key)
    except SpecError:
        return False
    return True


def _in_order(partitions: Partitions, existing: Collection[str]) -> tuple[str, ...]:
    return tuple(
        sorted((key for key in existing if _is_key(partitions, key)), key=lambda key: places(partitions, key))
    )


def _said(partitions: Partitions | None) -> str:
    if partitions is None:
        return "an asset without partitions"
    return f"{' and '.join(type(axis).__name__.lower() for axis in axes(partitions))} partitions"


def _better(upstream: Partitions, downstream: Partitions | None) -> str:
    if downstream is None:
        return "use AllPartitions or LastPartition"
    return "use Rollup" if _rolls_up(upstream, downstream) else "use AllPartitions or LastPartition"
