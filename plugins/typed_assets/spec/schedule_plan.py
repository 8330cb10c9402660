"""Which schedule of Airflow a pipeline gets on a version, as a value: `typed_assets.scheduling` builds it.

A run makes one partition. Which one, Airflow carries itself from 3.2 on (`dag_run.partition_key`); before
that, and wherever no schedule can name it, it stands in the run's configuration, and a second DAG starts the
runs.
"""

import re
from collections.abc import Mapping

from typed_assets.spec.assets import Asset, Dependency
from typed_assets.spec.automation import AnyOf, OnCron, Updated
from typed_assets.spec.errors import SpecError
from typed_assets.spec.order import known_assets, makers
from typed_assets.spec.partition_axes import utc
from typed_assets.spec.partition_keys import axes, check_partitions
from typed_assets.spec.partition_mapping import check_mapping
from typed_assets.spec.partitions import (
    AllPartitions,
    Daily,
    Hourly,
    LastPartition,
    Partitions,
    Rollup,
)
from typed_assets.spec.pipelines import AssetStep, Pipeline
from typed_assets.spec.schedule_conditions import Publications, Start, names_in, start_of_runs
from typed_assets.spec.schedule_values import (
    Abilities,
    Dispatch,
    Events,
    Gate,
    PartitionEvents,
    PartitionGiven,
    PartitionTimes,
    Plan,
    Times,
)

_ONCE_A_DAY = re.compile(r"[0-9]{1,2} [0-9]{1,2} \* \* \*|@daily|@midnight")
_ONCE_AN_HOUR = re.compile(r"[0-9]{1,2} \* \* \* \*|@hourly")


def plan_schedule(pipeline: Pipeline, abilities: Abilities) -> Plan:
    """Return how a pipeline is scheduled on a version of Airflow.

    Raises:
        SpecError: nothing there can stand for the pipeline's condition; the message says why.
    """
    partitions, upstream = partitions_of(pipeline), outer_dependencies(pipeline)
    given = PartitionGiven() if partitions is not None and abilities.partitions else None
    if pipeline.schedule is None:
        return Plan(given)
    waited = tuple(each.asset for each in upstream if _starts(each, partitions))
    start = start_of_runs(pipeline.schedule, waited)
    gate = Gate(holds=start.holds) if start.holds else None
    if start.missing is not None:
        if partitions is None:
            message = "`OnMissing` looks for partitions, and the pipeline's assets have none"
            raise SpecError(message, hint="use `OnCron`, or declare partitions", place=pipeline.place)
        looked = Times((OnCron(start.missing.cron),))
        return Plan(given, gate, Dispatch(looked, missing=True))
    if partitions is not None:
        return _partitioned(
            start, partitions, _named(start, upstream), known_assets(pipeline), abilities, gate
        )
    return _whole(start, _named(start, upstream), abilities, gate)


def partitions_of(pipeline: Pipeline) -> Partitions | None:
    """Return the partitions that all partitioned assets of a pipeline have.

    Raises:
        SpecError: two assets are divided differently; a run makes one partition.
    """
    found: dict[Partitions, Asset] = {}
    for step in pipeline.steps:
        for asset in step.assets if isinstance(step, AssetStep) else ():
            if asset.partitions is not None:
                check_partitions(asset.partitions)
                found.setdefault(asset.partitions, asset)
    if len(found) > 1:
        one, other, *_ = (asset.name for asset in found.values())
        message = f"`{one}` and `{other}` have different partitions, and a run makes one partition"
        raise SpecError(message, hint="make them in two pipelines", place=pipeline.place)
    return next(iter(found), None)


def outer_dependencies(pipeline: Pipeline) -> tuple[Dependency, ...]:
    """Return how a pipeline's assets depend on those of others, one for each upstream asset."""
    own, found = makers(pipeline), dict[str, Dependency]()
    known, partitions = known_assets(pipeline), partitions_of(pipeline)
    for step in pipeline.steps:
        for asset in step.assets if isinstance(step, AssetStep) else ():
            for each in asset.upstream:
                if each.asset not in own:
                    if each.asset in known and partitions == asset.partitions:
                        check_mapping(each.mapping, known[each.asset].partitions, asset.partitions)
                    found.setdefault(each.asset, each)
    return tuple(found.values())


def _starts(dependency: Dependency, partitions: Partitions | None) -> bool:
    """Whether a new upstream partition is a reason to make one: not where each is made of all of them."""
    return partitions is None or not isinstance(dependency.mapping, AllPartitions | LastPartition)


def _named(start: Start, upstream: tuple[Dependency, ...]) -> tuple[Dependency, ...]:
    by_name: Mapping[str, Dependency] = {each.asset: each for each in upstream}
    names = dict.fromkeys(names_in(start.publications)) if start.publications is not None else {}
    return tuple(by_name.get(name, Dependency(name)) for name in names)


def _whole(start: Start, upstream: tuple[Dependency, ...], abilities: Abilities, gate: Gate | None) -> Plan:
    if start.publications is None:
        return Plan(Times(start.times), gate)
    divided = [each for each in upstream if isinstance(each.mapping, AllPartitions | LastPartition)]
    if not divided or not abilities.partitions:
        return Plan(Events(start.publications, start.times), gate)
    names = ", ".join(f"`{each.asset}`" for each in divided)
    hint = "use `AllOf(OnCron(...), Updated(...))`, which looks by a clock whether they have been published"
    if not abilities.rollup:
        message = f"Airflow 3.2 starts no run of an asset without partitions when one of {names} is published"
        raise SpecError(message, hint=hint)
    if len(divided) < len(upstream) or start.times:
        message = f"Airflow cannot wait for partitions of {names} and for something else at once"
        raise SpecError(message, hint=hint)
    return Plan(PartitionEvents(start.publications, None, upstream), gate)


def _partitioned(
    start: Start,
    partitions: Partitions,
    upstream: tuple[Dependency, ...],
    known: Mapping[str, Asset],
    abilities: Abilities,
    gate: Gate | None,
) -> Plan:
    given = PartitionGiven() if abilities.partitions else None
    if start.publications is None:
        if not isinstance(partitions, Daily | Hourly):
            return Plan(given, gate, Dispatch(Times(start.times)))
        clock, per_day = _clock_of(start.times, partitions), isinstance(partitions, Daily)
        return Plan(PartitionTimes(clock, per_day), gate)
    if start.times:
        message = "a clock and publications cannot both say which partition a run makes"
        raise SpecError(message, hint="choose one of them, or `OnMissing`")
    for each in upstream:
        if not _starts(each, partitions):
            message = (
                f"`{each.asset}` cannot start runs: each partition is made of all or the last of its own"
            )
            raise SpecError(message, hint="wait for another asset, or use `OnCron`")
    if not abilities.partitions:
        _check_one_is_divided(upstream, known)
        return Plan(None, gate, Dispatch(Events(start.publications)))
    rolled = tuple(each for each in upstream if isinstance(each.mapping, Rollup))
    for each in rolled:
        _check_native_rollup(each, partitions, known)
    waits = bool(rolled) and abilities.rollup and all(_is_of_whole_days(each, known) for each in rolled)
    if rolled and not waits:
        gate = Gate(gate.holds if gate else None, rolled)
    dispatch = _of_mended(start.publications, rolled) if waits else None
    return Plan(PartitionEvents(start.publications, partitions, upstream, waits), gate, dispatch)


def _of_mended(condition: Publications, rolled: tuple[Dependency, ...]) -> Dispatch | None:
    """Return what makes a day anew when one of its hours is, where Airflow would wait for all 24 again.

    A day that also waits for other assets waits for those again.
    """
    waited = condition.parts if isinstance(condition, AnyOf) else (condition,)
    if not all(isinstance(each, Updated) for each in waited):
        return None
    names = tuple(Updated(each.asset) for each in rolled)
    # A plain event would not do: Airflow tells those of partitions to schedules that know partitions only.
    trigger = PartitionEvents(AnyOf(names) if len(names) > 1 else names[0], None, rolled)
    return Dispatch(trigger, mended=True)


def _is_of_whole_days(dependency: Dependency, known: Mapping[str, Asset]) -> bool:
    """Whether each day has its 24 hours: Airflow waits for as many, also on a first day that has fewer."""
    upstream = known[dependency.asset].partitions if dependency.asset in known else None
    if not isinstance(upstream, Hourly):
        return False
    return all(utc(end).hour == 0 for end in (upstream.start, upstream.end) if end is not None)


def _check_native_rollup(dependency: Dependency, partitions: Partitions, known: Mapping[str, Asset]) -> None:
    """Refuse a rollup that no mapper of Airflow knows: of hours into something else than days, of names."""
    upstream = known[dependency.asset].partitions if dependency.asset in known else None
    loses_a_half = upstream is not None and len(axes(upstream)) > len(axes(partitions))
    if loses_a_half or not any(isinstance(axis, Daily) for axis in axes(partitions)):
        message = f"Airflow cannot map partitions of `{dependency.asset}` to those that are made of them"
        raise SpecError(message, hint="use `OnCron` or `OnMissing`")


def _check_one_is_divided(upstream: tuple[Dependency, ...], known: Mapping[str, Asset]) -> None:
    if not any(each.asset in known and known[each.asset].partitions is not None for each in upstream):
        names = ", ".join(f"`{each.asset}`" for each in upstream)
        message = f"no publication of {names} says which partition to make: no partitions of theirs are known"
        raise SpecError(message, hint="name the assets themselves as sources, or use `OnMissing`")


def _clock_of(clocks: tuple[OnCron, ...], partitions: Daily | Hourly) -> OnCron:
    """Return the clock that strikes once for each partition, after its end: it means the last one ended."""
    what, shape = ("day", _ONCE_A_DAY) if isinstance(partitions, Daily) else ("hour", _ONCE_AN_HOUR)
    hint = f"write `{'30 2' if what == 'day' else '5 *'} * * *`; `OnMissing` looks as often as it likes"
    if len(clocks) > 1 or not shape.fullmatch(clocks[0].cron):
        message = f"`{' | '.join(clock.cron for clock in clocks)}` does not strike once {what} by {what}"
        raise SpecError(message, hint=hint)
    if clocks[0].timezone != "UTC":
        message = f"partitions are {what}s of UTC, and the clock goes by {clocks[0].timezone}"
        raise SpecError(message, hint="write the time in UTC")
    return clocks[0]
