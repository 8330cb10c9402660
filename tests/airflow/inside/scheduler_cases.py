"""What a real scheduler does with partitions and conditions: which runs it makes, and what they publish."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from typing import Any

import pytest
from airflow.configuration import conf

from typed_assets import (
    AllOf,
    AnyOf,
    Asset,
    Daily,
    Eager,
    Hourly,
    Not,
    OnCron,
    OnMissing,
    Pipeline,
    Rollup,
    Updated,
    build,
)
from typed_assets.building.history import keep
from typed_assets.scheduling import dispatcher_of
from typed_assets.scheduling.published import publications
from typed_assets.services import Services
from typed_assets.spec.assets import Dependency
from typed_assets.spec.catalogue import event_extra
from typed_assets.spec.pipelines import AssetStep
from typed_assets.spec.publication import Record
from typed_assets.testing import run_dag

LOOP: Any = import_module("scheduling_loop")  # beside the script that runs pytest here

DAY = "2013-01-02"
HOURS = tuple(f"{DAY}T{hour:02}" for hour in range(24))
SINCE_2013 = Hourly(start=datetime(2013, 1, 1, tzinfo=UTC))


@pytest.fixture
def services(aws: Callable[[str], Any]) -> Services:
    return Services(client=aws, options={"data_bucket": conf.get("pipelines", "data_bucket")})


def an_asset(name: str, partitions: Any = None, *upstream: Dependency) -> Asset:
    uri = f"s3://{{data_bucket}}/{name}/"
    return Asset(name=name, uri=uri, description=name, partitions=partitions, upstream=upstream)


def a_pipeline(asset: Asset, schedule: Any, *sources: Asset) -> Pipeline:
    step = AssetStep(id="mart", assets=(asset,), make=lambda _: (), sources=sources)
    dag_id = asset.name.replace(".", "_")
    return Pipeline(id=dag_id, steps=(step,), schedule=schedule, start=date(2013, 1, 1), sources=sources)


def scheduled(*pipelines: Pipeline) -> Any:
    """Airflow's scheduler with the DAGs of pipelines, and those that start runs of them."""
    second = [dispatcher_of(each) for each in pipelines if each.schedule is not None]
    return LOOP.Scheduler(*map(build, pipelines), *filter(None, second))


def publish(asset: Asset, *partitions: str | None, services: Services) -> None:
    """Publish as the check task does: a record in the history, then the event with it."""
    for key in partitions:
        record = Record(
            asset=asset.name,
            published=True,
            at=services.now().isoformat(),
            dag_id="d",
            run_id="r",
            task_id="t",
            partition=key,
        )
        keep(record, services=services)
        LOOP.emit(asset.name, key, event_extra(asset, record))


def made(scheduler: Any, dag_id: str) -> list[str | None]:
    """Return the partitions of runs that have published, oldest first; a gate skips the others."""
    runs = scheduler.runs(dag_id)
    assert {run.state for run in runs} <= {"success"}, runs
    return [run.partition for run in runs if run.tasks["mart.check"] == "success"]


def test_a_day_is_made_once_when_its_24_hours_are_there_and_again_when_one_is_mended(
    services: Services,
) -> None:
    hours = an_asset("rollup.hours", SINCE_2013)
    days = an_asset("rollup.days", Daily(start=date(2013, 1, 1)), Dependency(hours.name, Rollup()))
    scheduler = scheduled(a_pipeline(hours, None), a_pipeline(days, Eager(), hours))

    publish(hours, *HOURS[:23], HOURS[5], services=services)
    scheduler.settle()
    after_23_hours = made(scheduler, "rollup_days")
    last_hour = run_dag(build(a_pipeline(hours, None)), partition=HOURS[23])
    scheduler.settle()
    after_24_hours = made(scheduler, "rollup_days")
    scheduler.settle(passes=1)
    later = made(scheduler, "rollup_days")
    publish(hours, HOURS[5], services=services)
    scheduler.settle()
    after_a_mended_hour = made(scheduler, "rollup_days")

    assert last_hour.state == "success"
    assert (after_23_hours, after_24_hours, later) == ([], [DAY], [DAY])
    assert after_a_mended_hour == [DAY, DAY]
    assert publications("rollup.days", services=services).keys() == {DAY}


def test_a_clock_a_publication_and_a_missing_partition_start_runs_and_a_state_holds_them_back(
    services: Services,
) -> None:
    raw, other, stop = an_asset("auto.raw"), an_asset("auto.other"), an_asset("auto.stop")
    yesterday = datetime.now(UTC).date() - timedelta(days=1)
    two_days = Daily(start=yesterday - timedelta(days=1), end=yesterday + timedelta(days=1))
    eager = a_pipeline(an_asset("auto.eager", None, Dependency(raw.name)), Eager(), raw)
    unless = AllOf((Eager(), Not(Updated(stop.name))))
    barred = a_pipeline(an_asset("auto.barred", None, Dependency(raw.name)), unless, raw, stop)
    yearly_too = AnyOf((Eager(), OnCron("0 0 1 1 *")))
    either = a_pipeline(an_asset("auto.either", None, Dependency(raw.name)), yearly_too, raw)
    one_of = AnyOf((Updated(other.name), Updated(stop.name)))
    any_of_two = a_pipeline(an_asset("auto.any_of_two"), one_of, other, stop)
    nightly = a_pipeline(an_asset("auto.nightly", two_days), OnCron("0 0 * * *"))
    missing = a_pipeline(an_asset("auto.missing", two_days), OnMissing("0 * * * *"))
    sources = (a_pipeline(raw, None), a_pipeline(other, None), a_pipeline(stop, None))
    scheduler = scheduled(eager, barred, either, any_of_two, nightly, missing, *sources)
    by_event = ("eager", "barred", "either", "any_of_two")

    scheduler.settle()
    before = {name: made(scheduler, f"auto_{name}") for name in (*by_event, "nightly", "missing")}
    publish(raw, None, services=services)
    scheduler.settle()
    published = {name: made(scheduler, f"auto_{name}") for name in by_event}
    publish(stop, None, services=services)
    publish(raw, None, services=services)
    scheduler.settle()
    stopped = {name: made(scheduler, f"auto_{name}") for name in by_event}

    days = [(yesterday - timedelta(days=back)).isoformat() for back in (1, 0)]
    by_clock = {"nightly": [days[1]], "missing": days}
    assert before == {"eager": [], "barred": [], "either": [None], "any_of_two": []} | by_clock
    assert published == {"eager": [None], "barred": [None], "either": [None] * 2, "any_of_two": []}
    assert stopped == {"eager": [None] * 2, "barred": [None], "either": [None] * 3, "any_of_two": [None]}
