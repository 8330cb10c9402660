from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from tests.fakes.partitioned_airflow import PartitionedAirflow
from typed_assets.spec.assets import Asset, Dependency
from typed_assets.spec.catalogue import asset_extra
from typed_assets.spec.partitions import Daily

if TYPE_CHECKING:
    from tests.fakes.command_line import CommandLine


def shown(name: str, dag_id: str | None, *upstream: str, schedules: tuple[str, ...] = ()) -> dict[str, Any]:
    asset = Asset(name=name, uri=f"s3://b/{name}/", upstream=tuple(Dependency(each) for each in upstream))
    return {
        "name": name,
        "uri": asset.uri,
        "producing_tasks": [{"dag_id": dag_id, "task_id": "check"}] if dag_id else [],
        "scheduled_dags": [{"dag_id": each} for each in schedules],
        "extra": asset_extra(asset),
    }


@pytest.fixture
def airflow(mwaactl: CommandLine) -> PartitionedAirflow:
    """landed -> raw -> clean -> {mart, copy}; `landed` comes from outside."""
    assert mwaactl("deploy").code == 0
    found = PartitionedAirflow(
        assets=[
            shown("mart", "marts", "clean"),
            shown("copy", "copies", "clean"),
            shown("clean", "lake", "raw"),
            shown("raw", "lake", "landed"),
            shown("landed", None),
        ]
    )
    mwaactl.aws.environments.airflow = found
    return found


def dags(airflow: PartitionedAirflow) -> list[str]:
    return [run["dag_id"] for run in reversed(airflow.runs)]


# mwaactl asset materialize +mart
def test_all_that_is_upstream_is_made_first(mwaactl: CommandLine, airflow: PartitionedAirflow) -> None:
    result = mwaactl("asset", "materialize", "+mart")

    assert (result.code, result.stdout) == (0, "lake success: clean, raw\nmarts success: mart\n")
    assert dags(airflow) == ["lake", "marts"]


@pytest.mark.parametrize(
    ("selections", "order"),
    [
        (["clean"], ["lake"]),
        (["clean+"], ["lake", "copies", "marts"]),
        (["+clean"], ["lake"]),
        (["landed+"], ["lake", "copies", "marts"]),
        (["mart", "copy"], ["copies", "marts"]),
        (["+mart+", "copy"], ["lake", "copies", "marts"]),
    ],
)
def test_a_selection_is_made_in_the_order_of_what_it_is_made_of(
    mwaactl: CommandLine, airflow: PartitionedAirflow, selections: list[str], order: list[str]
) -> None:
    result = mwaactl("asset", "materialize", *selections, "--json")

    made = [step["dag_id"] for step in json.loads(result.stdout)["steps"]]
    assert (result.code, sorted(made)) == (0, sorted(order))
    assert made == dags(airflow)
    assert not {"lake", "marts"} <= set(made) or made.index("lake") < made.index("marts")


# mwaactl asset materialize mart+ --dry-run
def test_a_dry_run_shows_the_order_only(mwaactl: CommandLine, airflow: PartitionedAirflow) -> None:
    result = mwaactl("asset", "materialize", "raw+", "--dry-run")

    assert (result.code, result.stdout) == (
        3,
        "DAG     ASSETS\nlake    clean, raw\ncopies  copy\nmarts   mart\n",
    )
    assert airflow.runs == []


# mwaactl asset materialize +mart
def test_what_comes_after_a_run_that_failed_is_not_made(
    mwaactl: CommandLine, airflow: PartitionedAirflow
) -> None:
    airflow.failing = {"lake"}

    result = mwaactl("asset", "materialize", "+mart")

    assert (result.code, result.stdout, dags(airflow)) == (1, "", ["lake"])
    assert "error: run `manual__1` of `lake` failed" in result.stderr


# mwaactl asset materialize +mart
def test_a_dag_that_its_assets_have_started_is_not_started_again(
    mwaactl: CommandLine, airflow: PartitionedAirflow
) -> None:
    airflow.assets[2] = shown("clean", "lake", "raw", schedules=("marts",))
    airflow.by_event = {"lake": "marts"}

    result = mwaactl("asset", "materialize", "+mart")

    assert (result.code, dags(airflow)) == (0, ["lake", "marts"])
    assert "marts has been started by its assets, run asset_triggered__1" in result.stderr


# mwaactl asset materialize +mart
def test_a_busy_scheduler_starts_a_dag_late_and_it_is_not_started_again(
    mwaactl: CommandLine, airflow: PartitionedAirflow
) -> None:
    airflow.assets[2] = shown("clean", "lake", "raw", schedules=("marts",))
    airflow.by_event, airflow.event_looks = {"lake": "marts"}, 20

    result = mwaactl("asset", "materialize", "+mart", "--json")

    runs = [step["run_id"] for step in json.loads(result.stdout)["steps"]]
    assert (result.code, dags(airflow), runs) == (0, ["lake", "marts"], ["manual__1", "asset_triggered__1"])


# mwaactl asset materialize +mart
def test_a_dag_that_waits_for_other_assets_too_is_started_after_a_minute(
    mwaactl: CommandLine, airflow: PartitionedAirflow
) -> None:
    airflow.assets[2] = shown("clean", "lake", "raw", schedules=("marts",))

    result = mwaactl("asset", "materialize", "+mart", "--json")

    runs = [step["run_id"] for step in json.loads(result.stdout)["steps"]]
    assert (result.code, dags(airflow), runs) == (0, ["lake", "marts"], ["manual__1", "manual__2"])
    assert sum(mwaactl.aws.clock.slept) >= 60


def sums_of_days(scheduled: str) -> list[dict[str, Any]]:
    """Two assets with days, and what is scheduled by the first of them."""
    partitions = Daily(start=date(2012, 1, 1))
    days = Asset(name="days", uri="s3://b/d/", partitions=partitions)
    sums = Asset(name="sums", uri="s3://b/s/", partitions=partitions, upstream=(Dependency("days"),))
    return [
        {**shown("days", "daily", schedules=(scheduled,)), "extra": asset_extra(days)},
        {**shown("sums", "adding"), "extra": asset_extra(sums)},
    ]


# mwaactl asset materialize +sums --partition 2013-01-01
def test_a_partition_that_a_second_dag_has_started_is_not_started_again(
    mwaactl: CommandLine, airflow: PartitionedAirflow
) -> None:
    airflow.assets += sums_of_days("adding__partitions")
    run_id, conf = "2013-01-01__asset_triggered__2026-11-23", {"partition": "2013-01-01"}
    airflow.meanwhile = lambda: airflow.add("adding", run_id, "queued", conf)

    result = mwaactl("asset", "materialize", "+sums", "--partition", "2013-01-01", "--json")

    runs = [step["run_id"] for step in json.loads(result.stdout)["steps"]]
    assert (result.code, runs, dags(airflow)) == (0, ["manual__1", run_id], ["daily", "adding"])


# mwaactl asset materialize +mart
def test_a_run_of_events_that_was_not_due_has_made_nothing_and_another_is_started(
    mwaactl: CommandLine, airflow: PartitionedAirflow
) -> None:
    airflow.assets[2] = shown("clean", "lake", "raw", schedules=("marts",))
    airflow.by_event, airflow.skipped = {"lake": "marts"}, {"asset_triggered__1"}

    result = mwaactl("asset", "materialize", "+mart", "--json")

    runs = [step["run_id"] for step in json.loads(result.stdout)["steps"]]
    assert (result.code, runs) == (0, ["manual__1", "manual__3"])
    assert "run asset_triggered__1 has published nothing: it was not due" in result.stderr


# mwaactl asset materialize +sums --partition 2013-01-01
@pytest.mark.parametrize(
    ("run_id", "key"),
    [
        ("manual__of_a_colleague", "2013-01-01"),
        ("scheduled__by_cron", "2013-01-01"),
        ("asset_triggered__of_another_day", "2012-12-31"),
    ],
)
def test_a_run_that_its_assets_have_not_started_for_this_partition_is_not_waited_for(
    mwaactl: CommandLine, airflow: PartitionedAirflow, run_id: str, key: str
) -> None:
    airflow.assets += sums_of_days("adding")
    airflow.meanwhile = lambda: airflow.add("adding", run_id, "success", {"partition": key})

    result = mwaactl("asset", "materialize", "+sums", "--partition", "2013-01-01", "--json")

    made = [(step["dag_id"], step["run_id"]) for step in json.loads(result.stdout)["steps"]]
    assert (result.code, made) == (0, [("daily", "manual__1"), ("adding", "manual__3")])


# mwaactl asset materialize dayly --partition 2013-01-01
def test_a_partition_is_named_for_assets_that_have_some(
    mwaactl: CommandLine, airflow: PartitionedAirflow
) -> None:
    days = Asset(name="days", uri="s3://b/d/", partitions=Daily(start=date(2013, 1, 1)))
    airflow.assets.append({**shown("days", "daily"), "extra": asset_extra(days)})

    bare = mwaactl("asset", "materialize", "days")
    made = mwaactl("asset", "materialize", "days", "--partition", "2013-01-01")
    wrong = mwaactl("asset", "materialize", "days", "--partition", "January")

    assert (bare.code, bare.stderr) == (
        1,
        (
            "error: the asset `days` has partitions, and none is named\n\n"
            "hint: add `--partition KEY`, or use `mwaactl asset backfill days --partitions A..B`\n"
        ),
    )
    assert (made.code, airflow.keys()) == (0, ["2013-01-01"])
    assert (wrong.code, wrong.stderr) == (
        1,
        (
            "error: `days` has no such partition: `January` is not a day\n\n"
            "hint: write a day of UTC as `2013-01-31`\n"
        ),
    )


# mwaactl asset materialize +mart
def test_an_interrupted_materialization_says_what_is_left(
    mwaactl: CommandLine, airflow: PartitionedAirflow
) -> None:
    airflow.interrupt_after = 1

    result = mwaactl("asset", "materialize", "+mart")

    assert (result.code, dags(airflow)) == (130, ["lake"])
    assert result.stderr.splitlines()[-2:] == [
        "a run that has been started goes on in Airflow; not seen to its end: marts",
        "interrupted",
    ]


# mwaactl asset materialize mart --partition 2013-01-01
def test_a_partition_of_assets_that_have_none_is_refused(
    mwaactl: CommandLine, airflow: PartitionedAirflow
) -> None:
    result = mwaactl("asset", "materialize", "mart", "--partition", "2013-01-01")

    assert (result.code, result.stderr) == (
        1,
        (
            "error: no asset of the selection has partitions, and `--partition 2013-01-01` names one\n\n"
            "hint: leave `--partition` out\n"
        ),
    )
    assert airflow.runs == []


def test_an_unknown_name_gets_those_that_are_like_it(
    mwaactl: CommandLine, airflow: PartitionedAirflow
) -> None:
    result = mwaactl("asset", "materialize", "+claen")

    assert (result.code, result.stderr) == (
        1,
        "error: Airflow knows no asset `claen`\n\nhint: did you mean `clean`?\n",
    )
    assert mwaactl("asset", "materialize", "xyz").stderr.endswith(
        "hint: `mwaactl asset list` shows all of them\n"
    )
    assert mwaactl("asset", "materialize", "landed").stderr == "error: no DAG makes `landed`\n"
    assert airflow.runs == []


def test_dags_that_wait_for_one_another_are_told(mwaactl: CommandLine, airflow: PartitionedAirflow) -> None:
    airflow.assets = [shown("a", "one", "b"), shown("b", "two", "a")]

    result = mwaactl("asset", "materialize", "+a")

    assert (result.code, result.stderr.startswith("error: DAGs wait for one another: ")) == (1, True)


def test_assets_without_a_declaration_are_ordered_by_what_schedules_their_dags(
    mwaactl: CommandLine, airflow: PartitionedAirflow
) -> None:
    first, second = shown("one", "first", schedules=("second",)), shown("two", "second")
    airflow.assets = [{**each, "extra": {}} for each in (second, first)]

    assert mwaactl("asset", "materialize", "+two").code == 0
    assert dags(airflow) == ["first", "second"]


def test_airflow_2_has_no_assets(mwaactl: CommandLine, airflow: PartitionedAirflow) -> None:
    assert mwaactl.aws.environments.environment is not None
    present = mwaactl.aws.environments.environment
    mwaactl.aws.environments.environment = replace(present, airflow_version="2.11.2")

    result = mwaactl("asset", "list")

    assert (result.code, result.stderr) == (
        1,
        "error: Airflow 2 has no assets\n\nhint: use an environment with Airflow 3\n",
    )
    assert airflow.runs == []


# mwaactl asset materialize +mart
def test_an_asset_that_cannot_be_read_keeps_no_other_back(
    mwaactl: CommandLine, airflow: PartitionedAirflow
) -> None:
    airflow.assets[1]["extra"] = {"typed_assets": {"name": "copy"}}

    assert mwaactl("asset", "materialize", "+mart").code == 0
    result = mwaactl("asset", "materialize", "copy")
    assert (result.code, result.stdout) == (1, "")
    assert "error: the asset `copy` cannot be read: it has no `uri`" in result.stderr
