"""A condition becomes what the version of Airflow has for it, or an error that says what to write instead."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from typed_assets.spec.assets import Asset, Dependency
from typed_assets.spec.automation import AllOf, AnyOf, Condition, Eager, Not, OnCron, OnMissing, Updated
from typed_assets.spec.errors import SpecError
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
from typed_assets.spec.pipelines import AssetStep, Pipeline
from typed_assets.spec.schedule_facts import holds
from typed_assets.spec.schedule_plan import plan_schedule
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

V30, V32, V33 = (Abilities.of(version) for version in ("3.0.6", "3.2.1", "3.3.1"))
DAYS = Daily(start=date(2013, 1, 1))
HOURS = Hourly(start=datetime(2013, 1, 1, tzinfo=UTC))
COASTS = Static(("east", "west"))
RAW = Asset(name="raw", uri="s3://b/raw/")
NIGHTLY = OnCron("30 2 * * *")


def a_pipeline(
    schedule: Condition | None,
    partitions: Partitions | None = None,
    *,
    upstream: Asset | None = RAW,
    mapping: Mapping | None = None,
) -> Pipeline:
    needs = (Dependency(upstream.name, mapping or Identity()),) if upstream else ()
    mart = Asset(name="mart", uri="s3://b/mart/", partitions=partitions, upstream=needs)
    sources = (upstream,) if upstream else ()
    return Pipeline(
        id="marts",
        steps=(AssetStep(id="mart", assets=(mart,), make="m:f", sources=sources),),
        schedule=schedule,
    )


def test_versions_have_their_abilities() -> None:
    assert (Abilities(False, False), Abilities(True, False), Abilities(True, True)) == (V30, V32, V33)  # noqa: FBT003


def test_without_partitions_every_version_has_the_same_plan() -> None:
    plans: dict[Condition, Plan] = {
        NIGHTLY: Plan(Times((NIGHTLY,))),
        Eager(): Plan(Events(Updated("raw"))),
        AnyOf((Eager(), NIGHTLY)): Plan(Events(Updated("raw"), (NIGHTLY,))),
        AllOf((Updated("raw"), Updated("other"))): Plan(Events(AllOf((Updated("raw"), Updated("other"))))),
        AllOf((NIGHTLY, Updated("raw"))): Plan(Times((NIGHTLY,)), Gate(Updated("raw"))),
        AllOf((Eager(), Not(Updated("stop")))): Plan(Events(Updated("raw")), Gate(Not(Updated("stop")))),
        AllOf((NIGHTLY, Not(Not(Updated("raw"))))): Plan(Times((NIGHTLY,)), Gate(Updated("raw"))),
    }
    for abilities in (V30, V32, V33):
        assert {each: plan_schedule(a_pipeline(each), abilities) for each in plans} == plans
        assert plan_schedule(a_pipeline(None), abilities) == Plan(None)


def test_a_clock_over_days_means_the_day_that_has_ended() -> None:
    for abilities in (V30, V32, V33):
        assert plan_schedule(a_pipeline(NIGHTLY, DAYS, upstream=None), abilities) == Plan(
            PartitionTimes(NIGHTLY, per_day=True)
        )


def test_a_clock_over_names_starts_runs_by_a_second_dag() -> None:
    pipeline = a_pipeline(NIGHTLY, Product(DAYS, COASTS), upstream=None)

    assert plan_schedule(pipeline, V30) == Plan(None, None, Dispatch(Times((NIGHTLY,))))
    assert plan_schedule(pipeline, V33) == Plan(PartitionGiven(), None, Dispatch(Times((NIGHTLY,))))


def test_missing_partitions_are_looked_for_by_a_second_dag() -> None:
    pipeline = a_pipeline(OnMissing("*/5 * * * *"), DAYS, upstream=None)

    assert plan_schedule(pipeline, V33) == Plan(
        PartitionGiven(), None, Dispatch(Times((OnCron("*/5 * * * *"),)), missing=True)
    )


def test_a_rollup_waits_in_airflow_from_3_3_on_at_a_gate_before_and_in_a_second_dag_on_3_0() -> None:
    pipeline = a_pipeline(Eager(), DAYS, upstream=replace(RAW, partitions=HOURS), mapping=Rollup())
    event, need = Updated("raw"), (Dependency("raw", Rollup()),)

    mended = Dispatch(PartitionEvents(event, None, need), mended=True)
    assert plan_schedule(pipeline, V33) == Plan(
        PartitionEvents(event, DAYS, need, waits=True), dispatch=mended
    )
    assert plan_schedule(pipeline, V32) == Plan(PartitionEvents(event, DAYS, need), Gate(whole=need))
    assert plan_schedule(pipeline, V30) == Plan(None, None, Dispatch(Events(event)))


def test_a_day_that_waits_for_something_else_too_waits_for_all_of_it_again() -> None:
    schedule = AllOf((Updated("raw"), Updated("other")))
    pipeline = a_pipeline(schedule, DAYS, upstream=replace(RAW, partitions=HOURS), mapping=Rollup())

    assert plan_schedule(pipeline, V33).dispatch is None


@pytest.mark.parametrize(
    "hours",
    [
        Hourly(start=datetime(2013, 1, 1, 5, tzinfo=UTC)),
        Hourly(start=datetime(2013, 1, 1, tzinfo=UTC), end=datetime(2013, 2, 1, 5, tzinfo=UTC)),
    ],
)
def test_a_first_or_last_day_of_fewer_hours_waits_at_a_gate_which_knows_how_many(hours: Hourly) -> None:
    pipeline = a_pipeline(Eager(), DAYS, upstream=replace(RAW, partitions=hours), mapping=Rollup())
    need = (Dependency("raw", Rollup()),)

    assert plan_schedule(pipeline, V33) == Plan(PartitionEvents(Updated("raw"), DAYS, need), Gate(whole=need))


def test_a_rollup_of_pairs_waits_at_a_gate_in_every_version_with_partitions() -> None:
    pairs = Product(DAYS, COASTS)
    upstream = replace(RAW, partitions=Product(HOURS, COASTS))
    plan = plan_schedule(a_pipeline(Eager(), pairs, upstream=upstream, mapping=Rollup()), V33)

    assert plan.gate == Gate(whole=(Dependency("raw", Rollup()),))


def test_a_partition_of_many_starts_a_run_for_the_whole_from_3_3_on() -> None:
    pipeline = a_pipeline(Eager(), upstream=replace(RAW, partitions=DAYS), mapping=AllPartitions())

    assert plan_schedule(pipeline, V33) == Plan(
        PartitionEvents(Updated("raw"), None, (Dependency("raw", AllPartitions()),))
    )
    assert plan_schedule(pipeline, V30) == Plan(Events(Updated("raw")))
    with pytest.raises(SpecError, match=r"Airflow 3\.2 starts no run of an asset without partitions"):
        plan_schedule(pipeline, V32)


@pytest.mark.parametrize(
    ("schedule", "message"),
    [
        (Not(Updated("raw")), "`Not` alone starts no run"),
        (AllOf((Not(Updated("raw")),)), "`Not` alone starts no run"),
        (AnyOf((NIGHTLY, Not(Updated("raw")))), "`Not` alone starts no run"),
        (
            AnyOf((NIGHTLY, AllOf((Eager(), Not(Updated("x")))))),
            "`AnyOf` can join clocks and publications only",
        ),
        (
            AnyOf((NIGHTLY, AnyOf((OnCron("0 5 * * *", "Asia/Tokyo"), Eager())))),
            "`AnyOf` cannot join clocks of different zones: `Asia/Tokyo`, `UTC`",
        ),
        (AllOf((NIGHTLY, OnCron("0 5 * * *"))), "has two clocks"),
        (AllOf((Eager(), Not(NIGHTLY))), "cannot bar a moment of a clock"),
        (AllOf((Eager(), AnyOf((NIGHTLY, Updated("x"))))), "`OnCron` cannot stand so deep"),
        (AllOf((OnMissing(), Updated("x"))), "cannot be joined"),
        (AllOf(()), "`AllOf` has no parts"),
        (OnMissing(), "looks for partitions, and the pipeline's assets have none"),
    ],
)
def test_what_airflow_cannot_express_is_refused(schedule: Condition, message: str) -> None:
    with pytest.raises(SpecError, match=message) as caught:
        plan_schedule(a_pipeline(schedule), V33)
    assert caught.value.hint or "no parts" in message


@pytest.mark.parametrize(
    ("schedule", "partitions", "message"),
    [
        (OnCron("*/10 * * * *"), DAYS, "does not strike once day by day"),
        (OnCron("0 2 * * *"), HOURS, "does not strike once hour by hour"),
        (OnCron("0 2 * * *", "Asia/Tokyo"), DAYS, "days of UTC, and the clock goes by Asia/Tokyo"),
        (AnyOf((Updated("raw"), NIGHTLY)), DAYS, "cannot both say which partition"),
    ],
)
def test_a_clock_that_means_no_partition_is_refused(
    schedule: Condition, partitions: Partitions, message: str
) -> None:
    with pytest.raises(SpecError, match=message):
        plan_schedule(a_pipeline(schedule, partitions), V33)


def test_eager_needs_something_upstream() -> None:
    with pytest.raises(SpecError, match="there are none upstream"):
        plan_schedule(a_pipeline(Eager(), upstream=None), V33)
    last = a_pipeline(Eager(), DAYS, upstream=replace(RAW, partitions=COASTS), mapping=LastPartition())
    with pytest.raises(SpecError, match="there are none upstream"):
        plan_schedule(last, V33)


def test_one_run_makes_one_partition() -> None:
    pipeline = a_pipeline(None, DAYS)
    second = AssetStep(
        id="b", assets=(Asset(name="hourly", uri="s3://b/hourly/", partitions=HOURS),), make="m:f"
    )
    with pytest.raises(SpecError, match="`mart` and `hourly` have different partitions"):
        plan_schedule(replace(pipeline, steps=(*pipeline.steps, second)), V33)


def test_a_condition_is_judged_by_what_has_been_published() -> None:
    condition = AllOf((AnyOf((Updated("a"), Updated("b"))), Not(Updated("c"))))

    assert holds(condition, {"b"}.__contains__)
    assert not holds(condition, {"b", "c"}.__contains__)
    assert not holds(condition, {"d"}.__contains__)
