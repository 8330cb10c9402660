"""Conditions and partitions as schedules of the Airflow that runs, through its own serialisation."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
from airflow.configuration import conf
from airflow.serialization import serialized_objects

from typed_assets import (
    AllOf,
    AllPartitions,
    AnyOf,
    Asset,
    Daily,
    Eager,
    FreshnessPolicy,
    Hourly,
    Not,
    OnCron,
    OnMissing,
    Pipeline,
    Product,
    Rollup,
    SpecError,
    Static,
    Updated,
    build,
    freshness,
)
from typed_assets.building.history import keep
from typed_assets.scheduling import announce, dispatcher_of, partition_of
from typed_assets.scheduling.dispatch import due_keys
from typed_assets.scheduling.gates import passes
from typed_assets.scheduling.plans import plan_of
from typed_assets.services import Services
from typed_assets.spec.assets import Dependency
from typed_assets.spec.partitions import Identity, Mapping, Partitions
from typed_assets.spec.pipelines import AssetStep
from typed_assets.spec.publication import Record
from typed_assets.testing import run_dag

type Version = tuple[int, int]

DAYS = Daily(start=date(2013, 1, 1))
HOURS = Hourly(start=datetime(2013, 1, 1, tzinfo=UTC))
COASTS = Static(("east", "west"))
NIGHTLY = OnCron("30 2 * * *")
DAY = tuple(f"2013-01-02T{hour:02}" for hour in range(24))


def nothing(_: Any) -> tuple[()]:
    return ()


def none(_: object) -> int:
    return 0


def source(name: str, partitions: Partitions | None = None) -> Asset:
    return Asset(
        name=name, uri=f"s3://{{data_bucket}}/{name}/", description="a source", partitions=partitions
    )


def a_pipeline(
    schedule: Any,
    partitions: Partitions | None = None,
    upstream: Asset | None = None,
    mapping: Mapping | None = None,
    *,
    name: str = "mart",
) -> Pipeline:
    upstream = upstream or source("raw")
    mart = Asset(
        name=name,
        uri=f"s3://{{data_bucket}}/{name}/",
        partitions=partitions,
        upstream=(Dependency(upstream.name, mapping or Identity()),),
    )
    step = AssetStep(id="mart", assets=(mart,), make=nothing, sources=(upstream,))
    return Pipeline(
        id="marts", steps=(step,), schedule=schedule, start=date(2013, 1, 1), sources=(source("x"),)
    )


def serialised(dag: Any) -> Any:
    """The DAG as the scheduler sees it."""
    name = "DagSerialization" if hasattr(serialized_objects, "DagSerialization") else "SerializedDAG"
    serialiser = getattr(serialized_objects, name)
    return serialiser.from_dict(serialiser.to_dict(dag))


@pytest.mark.parametrize(
    "schedule",
    [
        None,
        NIGHTLY,
        OnCron("@daily", "Europe/Vienna"),
        Eager(),
        AnyOf((OnCron("0 1 * * *"), OnCron("0 5 * * *"))),
        AnyOf((Eager(), NIGHTLY)),
        AllOf((Updated("raw"), AnyOf((Updated("x"), Updated("unknown"))))),
    ],
)
def test_a_condition_without_partitions_is_a_schedule_of_airflow(schedule: Any) -> None:
    dag = serialised(build(a_pipeline(schedule)))

    assert {task.task_id for task in dag.tasks} == {"mart.write", "mart.check"}
    assert dag.timetable.summary


def test_a_state_holds_runs_back_at_a_gate_before_all_other_tasks() -> None:
    dag = serialised(build(a_pipeline(AllOf((NIGHTLY, Not(Updated("x")))))))

    assert dag.task_dict["gate"].downstream_task_ids == {"mart.write"}


def _clocked(schedule: OnCron, partitions: Partitions) -> Any:
    return serialised(build(a_pipeline(schedule, partitions))).timetable


@pytest.mark.parametrize(
    ("schedule", "partitions", "at", "key"),
    [
        (NIGHTLY, DAYS, datetime(2013, 1, 1, tzinfo=UTC), "2012-12-31"),
        (NIGHTLY, DAYS, datetime(2016, 2, 29, 3, tzinfo=UTC), "2016-02-29"),
        (OnCron("5 * * * *"), HOURS, datetime(2013, 3, 10, 7, tzinfo=UTC), "2013-03-10T06"),
        (OnCron("5 * * * *"), HOURS, datetime(2013, 1, 1, tzinfo=UTC), "2012-12-31T23"),
    ],
)
def test_a_clock_means_the_partition_that_has_ended(
    airflow_version: Version, schedule: OnCron, partitions: Partitions, at: datetime, key: str
) -> None:
    from airflow.timetables.base import TimeRestriction

    instance = import_module("pendulum").instance
    timetable = _clocked(schedule, partitions)
    restriction = TimeRestriction(earliest=instance(at), latest=None, catchup=True)
    if airflow_version >= (3, 2):
        info = timetable.next_dagrun_info_v2(last_dagrun_info=None, restriction=restriction)
        assert info.partition_key == key
        return
    info = timetable.next_dagrun_info(last_automated_data_interval=None, restriction=restriction)
    run = SimpleNamespace(
        conf={},
        run_type="scheduled",
        data_interval_start=info.data_interval.start,
        data_interval_end=info.data_interval.end,
    )
    assert partition_of({"dag_run": run}) == key


def test_a_partition_has_a_run_of_its_own_when_its_upstream_one_is_published(
    airflow_version: Version,
) -> None:
    pipeline = a_pipeline(Eager(), DAYS, source("days", DAYS))

    timetable = serialised(build(pipeline)).timetable

    if airflow_version < (3, 2):
        assert not timetable.can_be_scheduled
        assert serialised(dispatcher_of(pipeline)).task_dict.keys() == {"due", "start"}
        return
    assert timetable.partitioned
    assert timetable.get_partition_mapper(name="days").to_downstream("2013-01-02") == "2013-01-02"
    assert dispatcher_of(pipeline) is None


def test_a_day_waits_for_its_hours(airflow_version: Version) -> None:
    pipeline = a_pipeline(Eager(), DAYS, source("hours", HOURS), Rollup())
    if airflow_version < (3, 2):
        pytest.skip("a second DAG does it")

    dag = serialised(build(pipeline))

    mapper = dag.timetable.get_partition_mapper(name="hours")
    assert mapper.to_downstream("2013-01-02T05") == "2013-01-02"
    assert ("gate" in dag.task_dict) == (airflow_version < (3, 3))
    if airflow_version >= (3, 3):
        assert mapper.to_upstream("2013-01-02") == frozenset(DAY)


def test_an_hour_of_a_coast_belongs_to_the_day_of_the_coast(airflow_version: Version) -> None:
    if airflow_version < (3, 2):
        pytest.skip("a second DAG does it")
    pipeline = a_pipeline(Eager(), Product(DAYS, COASTS), source("hours", Product(HOURS, COASTS)), Rollup())

    dag = serialised(build(pipeline))

    assert dag.timetable.get_partition_mapper(name="hours").to_downstream("2013-01-02T05|east") == (
        "2013-01-02|east"
    )
    assert "gate" in dag.task_dict


def test_each_publication_of_a_part_is_a_run_for_the_whole(airflow_version: Version) -> None:
    pipeline = a_pipeline(Eager(), None, source("days", DAYS), AllPartitions())
    if airflow_version == (3, 2):
        with pytest.raises(SpecError, match=r"Airflow 3\.2 starts no run"):
            build(pipeline)
        return

    timetable = serialised(build(pipeline)).timetable

    if airflow_version >= (3, 3):
        assert timetable.get_partition_mapper(name="days").to_downstream("2013-01-02") == "*"


def test_a_pipeline_with_partitions_takes_a_run_for_one(airflow_version: Version) -> None:
    dag = serialised(build(a_pipeline(None, DAYS)))

    if airflow_version >= (3, 3):
        dag.validate_partition_key("2013-01-02")
    assert not dag.timetable.can_be_scheduled


@pytest.mark.parametrize("partitions", [DAYS, COASTS, Product(DAYS, COASTS)])
def test_a_second_dag_starts_runs_for_what_is_missing(partitions: Partitions) -> None:
    dag = serialised(dispatcher_of(a_pipeline(OnMissing(), partitions)))

    assert dag.dag_id == "marts__partitions"
    assert dag.task_dict["start"].upstream_task_ids == {"due"}


def _published(
    services: Services,
    asset: str,
    *partitions: str | None,
    began: datetime = datetime(2013, 2, 1, 1, tzinfo=UTC),
) -> None:
    for partition in partitions:
        at = began.isoformat()
        keep(
            Record(
                asset=asset, published=True, at=at, dag_id="d", run_id="r", task_id="t", partition=partition
            ),
            services=services,
        )


@pytest.fixture
def services(aws: Callable[[str], Any]) -> Services:
    options = {"data_bucket": conf.get("pipelines", "data_bucket")}
    return Services(client=aws, options=options, now=lambda: datetime(2013, 1, 4, tzinfo=UTC))


def test_what_is_due_is_read_from_the_history_on_s3(services: Services) -> None:
    pipeline = a_pipeline(OnMissing(), DAYS, source("due.hours", HOURS), Rollup(), name="due.days")
    dispatch = plan_of(pipeline).dispatch
    assert dispatch is not None
    _published(services, "due.hours", *DAY, "2013-01-03T00")

    assert due_keys(pipeline, dispatch, (), services=services, over=none) == ("2013-01-02",)
    _published(services, "due.days", "2013-01-02")
    assert due_keys(pipeline, dispatch, (), services=services, over=none) == ()


def test_of_many_missing_partitions_the_newest_are_due_of_which_no_run_is_over(
    services: Services,
) -> None:
    hours = Hourly(start=datetime(2012, 12, 30, tzinfo=UTC))
    pipeline = a_pipeline(OnMissing(), hours, source("many.raw"), name="many.hours")
    dispatch = plan_of(pipeline).dispatch
    assert dispatch is not None
    _published(services, "many.raw", None)

    found = due_keys(pipeline, dispatch, (), services=services, over=none)

    def failed(keys: Sequence[str]) -> int:
        return len(set(keys) & set(found))

    older = due_keys(pipeline, dispatch, (), services=services, over=failed)

    assert (len(found), found[0], found[-1]) == (100, "2012-12-30T20", "2013-01-03T23")
    assert (len(older), older[0], older[-1]) == (20, "2012-12-30T00", "2012-12-30T19")


def test_a_clock_makes_every_name_of_the_newest_day_however_many(services: Services) -> None:
    pipeline = a_pipeline(NIGHTLY, Product(DAYS, Static(tuple(f"{number:03}" for number in range(150)))))
    dispatch = plan_of(pipeline).dispatch
    assert dispatch is not None

    found = due_keys(pipeline, dispatch, (), services=services, over=none)

    assert (len(found), found[0], found[-1]) == (150, "2013-01-03|000", "2013-01-03|149")


def test_every_partition_that_a_run_is_told_of_is_due(airflow_version: Version, services: Services) -> None:
    if airflow_version >= (3, 2):
        pytest.skip("Airflow itself starts these runs")
    names = Static(tuple(f"{number:03}" for number in range(101)))
    pipeline = a_pipeline(Eager(), names, source("told.raw", names), name="told.mart")
    dispatch = plan_of(pipeline).dispatch
    assert dispatch is not None
    _published(services, "told.raw", *names.names)

    events = [("told.raw", name) for name in names.names]

    assert due_keys(pipeline, dispatch, events, services=services, over=none) == names.names


def test_the_gate_lets_the_last_hour_of_a_day_through(airflow_version: Version, services: Services) -> None:
    if airflow_version != (3, 2):
        pytest.skip("only Airflow 3.2 maps hours to days without waiting for all of them")
    pipeline = a_pipeline(Eager(), DAYS, source("gate.hours", HOURS), Rollup(), name="gate.days")
    gate = plan_of(pipeline).gate
    assert gate is not None
    _published(services, "gate.hours", *DAY[:-1])
    assert not passes(pipeline, gate, "2013-01-02", services=services)
    _published(services, "gate.hours", DAY[-1])
    assert passes(pipeline, gate, "2013-01-02", services=services)
    by_first, by_last = (("gate.hours", key) for key in (DAY[0], DAY[-1]))
    assert passes(pipeline, gate, "2013-01-02", [by_first, by_last], services=services)


def test_the_gate_looks_what_has_been_published_since_the_last_run(services: Services) -> None:
    schedule = AllOf((NIGHTLY, Updated("since.raw"), Not(Updated("since.stop"))))
    pipeline = a_pipeline(schedule, None, source("since.raw"), name="since.mart")
    gate = plan_of(pipeline).gate
    assert gate is not None

    assert not passes(pipeline, gate, None, services=services)
    _published(services, "since.raw", None)
    assert passes(pipeline, gate, None, services=services)
    hour, now = timedelta(hours=1), datetime.now(UTC)
    _published(services, "since.mart", None, began=now - hour)
    assert passes(pipeline, gate, None, services=services), "it has come after the run had begun"
    _published(services, "since.stop", None)
    assert not passes(pipeline, gate, None, services=services)
    _published(services, "since.mart", None, began=now + hour)
    assert not passes(pipeline, gate, None, services=services)


def test_the_event_of_a_run_by_configuration_is_given_its_partition() -> None:
    told: list[str] = []
    accessor, silent = SimpleNamespace(add_partitions=told.append), SimpleNamespace()
    by_conf = SimpleNamespace(partition_key=None)

    announce({"dag_run": by_conf, "outlet_events": {"a": accessor}}, "a", "2013-01-02")
    announce({"dag_run": by_conf, "outlet_events": {"a": silent}}, "a", "2013-01-02")
    announce({"dag_run": SimpleNamespace(partition_key="k"), "outlet_events": {"a": accessor}}, "a", "k")
    announce({"dag_run": by_conf, "outlet_events": {"a": accessor}}, "a", None)

    assert told == ["2013-01-02"]


def test_airflow_3_3_itself_has_what_the_event_is_given_its_partition_by(airflow_version: Version) -> None:
    from airflow.sdk.execution_time.context import OutletEventAccessor

    assert hasattr(OutletEventAccessor, "add_partitions") == (airflow_version >= (3, 3))


def test_the_interval_of_a_day_is_no_partition_of_a_run_by_hand() -> None:
    start = datetime(2013, 1, 1, tzinfo=UTC)
    run = SimpleNamespace(
        conf=None,
        run_type="manual",
        data_interval_start=start,
        data_interval_end=start + timedelta(days=1),
    )

    assert partition_of({"dag_run": run}) is None


def test_a_dag_looks_for_late_assets(aws: Callable[[str], Any], services: Services) -> None:
    policy = FreshnessPolicy(within=timedelta(microseconds=1))
    assets = [replace(source(name), freshness=policy) for name in ("late.old", "late.never")]
    _published(services, "late.old", None)

    result = run_dag(freshness("asset_freshness", assets, topic=None))

    assert result.state == "success", result.errors
    first, second = result.values["look"]
    assert first == "`late.never` has never been published; every less than a minute it should be"
    assert second.startswith("`late.old` was published ")
    metrics = aws("cloudwatch").list_metrics(Namespace="TypedAssets")["Metrics"]
    assert {each["MetricName"] for each in metrics} == {"LateAssets", "AssetAge"}


def test_a_run_without_a_partition_says_how_to_name_one() -> None:
    result = run_dag(build(a_pipeline(None, DAYS, name="bare")))

    assert result.state == "failed"
    assert "this run does not say which partition of `bare` it makes" in str(result.errors["mart.write"])
