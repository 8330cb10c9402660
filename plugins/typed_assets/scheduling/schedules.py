"""Builds Airflow's schedules and timetables; where they stand differs between 3.0 and 3.2."""

from collections.abc import Mapping
from datetime import timedelta
from importlib import import_module
from typing import Any, assert_never

from typed_assets.scheduling.plans import abilities, plan_of
from typed_assets.spec.assets import Asset
from typed_assets.spec.automation import AllOf, AnyOf, Condition, Eager, Not, OnCron, OnMissing, Updated
from typed_assets.spec.errors import SpecError
from typed_assets.spec.order import known_assets
from typed_assets.spec.partition_axes import WHOLE
from typed_assets.spec.partition_keys import axes
from typed_assets.spec.partitions import Daily, Rollup
from typed_assets.spec.pipelines import Pipeline
from typed_assets.spec.schedule_values import (
    Events,
    PartitionEvents,
    PartitionGiven,
    PartitionTimes,
    Times,
    Trigger,
)

_OF_DAYS, _OF_HOURS = "%Y-%m-%d", "%Y-%m-%dT%H"
_OLD_PLACES = {"AssetOrTimeSchedule": "airflow.timetables.assets"}


def schedule_of(pipeline: Pipeline) -> Any:  # noqa: ANN401 - whatever DAG takes
    """Return what `DAG(schedule=...)` takes for a pipeline.

    Raises:
        SpecError: nothing in this version of Airflow can stand for its condition.
    """
    return built(plan_of(pipeline).trigger, known_assets(pipeline))


def built(trigger: Trigger, known: Mapping[str, Asset]) -> Any:  # noqa: ANN401 - whatever DAG takes
    """Return Airflow's schedule for a trigger; `known` are the assets of which more than a name is known."""
    match trigger:
        case Times(clocks):
            return _clock(clocks)
        case Events():
            return _events(trigger, known)
        case PartitionTimes(clock, per_day):
            return _partition_clock(clock, per_day=per_day)
        case PartitionEvents():
            return _partitioned_assets(trigger, known)
        case PartitionGiven():
            return _named("PartitionedAtRuntime")() if abilities().rollup else None
        case None:
            return None
    assert_never(trigger)


def _events(trigger: Events, known: Mapping[str, Asset]) -> Any:  # noqa: ANN401 - whatever DAG takes
    assets = _assets(trigger.condition, known)
    if not trigger.clocks:
        return assets
    return _named("AssetOrTimeSchedule")(timetable=_clock(trigger.clocks), assets=assets)


def _clock(clocks: tuple[OnCron, ...]) -> Any:  # noqa: ANN401 - a timetable
    zone = clocks[0].timezone  # of all: `start_of_runs` refuses others
    if len(clocks) == 1:
        return _named("CronTriggerTimetable")(clocks[0].cron, timezone=zone)
    return _named("MultipleCronTriggerTimetable")(*(clock.cron for clock in clocks), timezone=zone)


def _partition_clock(clock: OnCron, *, per_day: bool) -> Any:  # noqa: ANN401 - a timetable
    """Return a timetable whose runs mean the partition that ended last: one stroke before the clock's."""
    if abilities().partitions:
        key_format = _OF_DAYS if per_day else _OF_HOURS
        return _named("CronPartitionTimetable")(
            clock.cron, timezone=clock.timezone, run_offset=-1, key_format=key_format
        )
    length = timedelta(days=1) if per_day else timedelta(hours=1)
    return _named("CronTriggerTimetable")(clock.cron, timezone=clock.timezone, interval=length)


def _partitioned_assets(trigger: PartitionEvents, known: Mapping[str, Asset]) -> Any:  # noqa: ANN401
    mappers = {_asset(each.asset, known): _mapper(each.mapping, trigger) for each in trigger.upstream}
    return _named("PartitionedAssetTimetable")(
        assets=_assets(trigger.condition, known),
        partition_mapper_config={asset: mapper for asset, mapper in mappers.items() if mapper is not None},
    )


def _mapper(mapping: object, trigger: PartitionEvents) -> Any:  # noqa: ANN401 - a mapper, or None: the same key
    if trigger.partitions is None:
        return _named("FixedKeyMapper")(WHOLE)
    if not isinstance(mapping, Rollup):
        return None
    days = _named("StartOfDayMapper")
    mappers = [
        days(input_format=_OF_HOURS) if isinstance(axis, Daily) else _same_key()
        for axis in axes(trigger.partitions)
    ]
    if len(mappers) > 1:
        return _named("ProductMapper")(*mappers)
    if not trigger.waits:
        return mappers[0]  # a run for each hour; the gate lets the last one through
    return _named("RollupMapper")(upstream_mapper=mappers[0], window=_named("DayWindow")())


def _same_key() -> Any:  # noqa: ANN401 - a mapper
    return _named("IdentityMapper")()


def _assets(condition: Condition, known: Mapping[str, Asset]) -> Any:  # noqa: ANN401 - an asset expression
    from airflow.sdk import AssetAll, AssetAny

    match condition:
        case Updated(name):
            return _asset(name, known)
        case AllOf(parts):
            return AssetAll(*(_assets(part, known) for part in parts))
        case AnyOf(parts):
            return AssetAny(*(_assets(part, known) for part in parts))
        case Eager() | OnCron() | OnMissing() | Not():
            message = f"`{type(condition).__name__}` is no publication of an asset"
            raise SpecError(message)
    assert_never(condition)


def _asset(name: str, known: Mapping[str, Asset]) -> Any:  # noqa: ANN401 - an asset, or a reference to one
    """Return the Airflow asset: one of which only the place is known would wipe out its declaration."""
    from airflow.sdk import Asset as AirflowAsset

    from typed_assets.building.airflow_assets import airflow_asset, is_declared

    asset = known.get(name)
    if asset is None or not is_declared(asset):
        return AirflowAsset.ref(name=name)
    return airflow_asset(asset)


def _named(name: str) -> Any:  # noqa: ANN401 - a class of Airflow's
    """Return a class of Airflow's by its name; all are in `airflow.sdk` from 3.2 on."""
    if abilities().partitions:
        return getattr(import_module("airflow.sdk"), name)
    return getattr(import_module(_OLD_PLACES.get(name, "airflow.timetables.trigger")), name)
