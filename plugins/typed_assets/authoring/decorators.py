"""`@asset` and `@multi_asset`: steps of a pipeline from functions.

A decorated function becomes an `AssetStep`, a frozen value; it is `step.make` from then on. Within
`with pipeline(...)` the step is added to that pipeline.
"""

import inspect
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from typed_assets.authoring.drafts import collect
from typed_assets.authoring.places import place_of, placed
from typed_assets.authoring.references import After, Upstream, dependencies, listed, sources, step_ids
from typed_assets.spec.assets import Asset, Check, FreshnessPolicy, Quarantine, Watcher
from typed_assets.spec.contracts import Contract
from typed_assets.spec.errors import SpecError
from typed_assets.spec.given import instance
from typed_assets.spec.partitions import Partitions
from typed_assets.spec.pipelines import TIMEOUT, AssetStep, Retries

RETRIES = Retries()

_BY_PLACE = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)

type Make = Callable[..., Any]


def asset(  # noqa: PLR0913 - an asset has this many sides, all by keyword
    *,
    uri: str,
    name: str | None = None,
    id: str | None = None,  # noqa: A002 - as steps call it
    owners: Iterable[str] = (),
    description: str | None = None,
    group: str = "",
    tags: Iterable[str] = (),
    contract: Contract | None = None,
    partitions: Partitions | None = None,
    checks: Iterable[Check] = (),
    upstream: Sequence[Upstream] = (),
    freshness: FreshnessPolicy | None = None,
    quarantine: Quarantine | None = None,
    watchers: Iterable[Watcher] = (),
    after: Iterable[After] = (),
    retries: Retries | int = RETRIES,
    timeout: timedelta = TIMEOUT,
) -> Callable[[Make], AssetStep]:
    """Make a step that makes one asset of a function.

    Args:
        uri: where it stands, see `typed_assets.spec.locations`.
        name: of the asset; without it, the function's name with dots for double underscores.
        id: of the step; without it, the function's name.
        owners: people or teams.
        description: without it, the function's docstring.
        group: what the asset belongs to, for the catalogue.
        tags: for search.
        contract: what the data must be.
        partitions: how it is divided.
        checks: checks beside the contract.
        upstream: what it is made of: names of assets of this pipeline, or values of any pipeline.
        freshness: when it is late.
        quarantine: where bad rows go.
        watchers: what tells of changes from outside.
        after: steps that must come first, beside those that upstream assets imply.
        retries: of its tasks; a number, or how often and how long after.
        timeout: of each task.

    Returns:
        A decorator; the function takes an `AssetContext`, or nothing, and returns what
        `typed_assets.authoring.made.Made` says, or nothing if it wrote through the context.

    Raises:
        SpecError: something of it is not good; it names the function's file and line.
    """

    def decorate(make: Make) -> AssetStep:
        with placed(place_of(make)):
            made = Asset(
                name=name or make.__name__.replace("__", "."),
                uri=uri,
                owners=listed("owners", owners),
                description=inspect.getdoc(make) or "" if description is None else description,
                group=group,
                tags=listed("tags", tags),
                contract=contract,
                partitions=partitions,
                checks=tuple(checks),
                freshness=freshness,
                quarantine=quarantine,
                watchers=tuple(watchers),
            )
        step = multi_asset(
            assets=[made], id=id, upstream=upstream, after=after, retries=retries, timeout=timeout
        )
        return step(make)

    return decorate


def multi_asset(
    *,
    assets: Sequence[Asset],
    id: str | None = None,  # noqa: A002 - as steps call it
    upstream: Sequence[Upstream] = (),
    after: Iterable[After] = (),
    retries: Retries | int = RETRIES,
    timeout: timedelta = TIMEOUT,
) -> Callable[[Make], AssetStep]:
    """Make a step that makes several assets in one go of a function.

    Args:
        assets: what it makes; each is checked and published by a task of its own.
        id: of the step; without it, the function's name.
        upstream: what all of them are made of, beside what each says itself.
        after: steps that must come first, beside those that upstream assets imply.
        retries: of its tasks; a number, or how often and how long after.
        timeout: of each task.

    Returns:
        A decorator; the function returns a mapping from each asset's name to what `Made` says, or nothing
        if it wrote through the context.

    Raises:
        SpecError: something of it is not good; it names the function's file and line.
    """

    def decorate(make: Make) -> AssetStep:
        place = place_of(make)
        with placed(place):
            check_parameters(make)
            instance(retries, (Retries, int), "`retries`", "write a number, or `Retries(count=3)`")
            instance(timeout, timedelta, "`timeout`", "write `timedelta(hours=1)`")
            further, before = dependencies(upstream), step_ids(after)
            made = tuple(replace(each, upstream=(*each.upstream, *further)) for each in assets)
        step = AssetStep(
            id=id or make.__name__,
            assets=made,
            make=make,
            after=before,
            retries=Retries(count=retries) if isinstance(retries, int) else retries,
            timeout=timeout,
            sources=sources(upstream),
            place=place,
        )
        return collect(step)

    return decorate


def check_parameters(make: Make) -> None:
    """Refuse a function that cannot be called with an `AssetContext`, or with nothing.

    Raises:
        SpecError: it needs more.
    """
    parameters = inspect.signature(make).parameters.values()
    needed = [each.name for each in parameters if each.default is each.empty and each.kind in _BY_PLACE]
    named = [
        each.name for each in parameters if each.default is each.empty and each.kind is each.KEYWORD_ONLY
    ]
    if len(needed) > 1 or named:
        message = f"`{make.__name__}` needs {', '.join(f'`{name}`' for name in (*needed, *named))}"
        raise SpecError(message, hint="it may take an `AssetContext`, or nothing")
