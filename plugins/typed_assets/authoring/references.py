"""How an author names assets and steps: by name, or by the value itself."""

from collections.abc import Iterable
from typing import assert_never

from typed_assets.spec.assets import Asset, Dependency
from typed_assets.spec.errors import SpecError
from typed_assets.spec.given import instance
from typed_assets.spec.partitions import Mapping
from typed_assets.spec.pipelines import AssetStep, OperatorStep

type Upstream = str | Asset | AssetStep | Dependency | tuple[str | Asset | AssetStep, Mapping]
"""A name, an asset, all assets of a step, or one of these with the mapping of its partitions."""
type After = str | AssetStep | OperatorStep


def listed[Item](name: str, values: Iterable[Item]) -> tuple[Item, ...]:
    """Return values as a tuple.

    Raises:
        SpecError: they are one text, whose letters would count as values.
    """
    if isinstance(values, str):
        message = f"`{name}` is a list, and `{values}` is one text"
        raise SpecError(message, hint=f'write `{name}=["{values}"]`')
    return tuple(values)


def dependencies(upstream: Iterable[Upstream]) -> tuple[Dependency, ...]:
    """Return what an asset is made of."""
    given = listed("upstream", upstream)
    for reference in given:
        inner = reference[0] if isinstance(reference, tuple) else reference
        instance(inner, (str, Dependency, Asset, AssetStep), "`upstream`", "name assets, or give their steps")
    return tuple(each for reference in given for each in _dependencies(reference))


def sources(upstream: Iterable[Upstream]) -> tuple[Asset, ...]:
    """Return the assets that were named by value."""
    return tuple(each for reference in upstream for each in _values(reference))


def step_ids(after: Iterable[After]) -> tuple[str, ...]:
    """Return the ids of steps."""
    return tuple(each if isinstance(each, str) else each.id for each in listed("after", after))


def _dependencies(reference: Upstream) -> tuple[Dependency, ...]:
    match reference:
        case str(name):
            return (Dependency(name),)
        case Dependency():
            return (reference,)
        case tuple((inner, mapping)):
            return tuple(Dependency(each.asset, mapping) for each in _dependencies(inner))
        case Asset() | AssetStep():
            return tuple(Dependency(asset.name) for asset in _values(reference))
    assert_never(reference)


def _values(reference: Upstream) -> tuple[Asset, ...]:
    match reference:
        case str() | Dependency():
            return ()
        case tuple((inner, _)):
            return _values(inner)
        case Asset():
            return (reference,)
        case AssetStep():
            return reference.assets
    assert_never(reference)
