from __future__ import annotations

import json
import shlex
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from mwaactl.errors import OperationError
from tests.fakes.partitioned_airflow import PartitionedAirflow
from typed_assets.spec.assets import Asset
from typed_assets.spec.catalogue import asset_extra
from typed_assets.spec.partitions import Daily, Product, Static

if TYPE_CHECKING:
    from tests.fakes.command_line import CommandLine

DAYS = Asset(name="mart.delays", uri="s3://b/m/", partitions=Daily(start=date(2013, 1, 1)))
PAIRS = Asset(
    name="pairs", uri="s3://b/p/", partitions=Product(Daily(start=date(2013, 1, 1)), Static(("a&b",)))
)
NOT_NOW = OperationError("not now", context={"status": "502"})


def shown(asset: Asset, *dags: str, **more: Any) -> dict[str, Any]:
    makers = [{"dag_id": dag, "task_id": f"{asset.name}.check"} for dag in dags]
    extra = {"name": asset.name, "uri": asset.uri, "producing_tasks": makers, "extra": asset_extra(asset)}
    return {**extra, **more}


@pytest.fixture
def airflow(mwaactl: CommandLine) -> PartitionedAirflow:
    assert mwaactl("deploy").code == 0
    found = PartitionedAirflow(assets=[shown(DAYS, "marts")])
    mwaactl.aws.environments.airflow = found
    return found


# mwaactl asset backfill mart.delays --partitions 2013-01-30..2013-02-02 --at-once 2
def test_a_backfill_makes_each_partition_with_so_many_runs_at_once(
    mwaactl: CommandLine, airflow: PartitionedAirflow
) -> None:
    result = mwaactl(
        "asset", "backfill", "mart.delays", "--partitions", "2013-01-30..2013-02-02", "--at-once", "2"
    )

    assert (result.code, result.stdout) == (0, "4 partitions: 4 done\n")
    assert airflow.keys("success") == ["2013-01-30", "2013-01-31", "2013-02-01", "2013-02-02"]
    assert airflow.most_at_once == 2
    assert result.stderr.splitlines()[-3:] == [
        "4 partitions: 2 running, 2 waiting",
        "4 partitions: 2 done, 2 running",
        "4 partitions: 4 done",
    ]
    assert airflow.runs[0]["dag_run_id"] == "partition__2013-02-02__1"


# mwaactl asset backfill mart.delays --partitions 2013-01-01..2013-01-04
def test_an_interrupted_backfill_says_how_to_continue_and_does(
    mwaactl: CommandLine, airflow: PartitionedAirflow
) -> None:
    command = ("asset", "backfill", "mart.delays", "--partitions", "2013-01-01..2013-01-04", "--at-once", "2")
    airflow.interrupt_after = 3

    stopped = mwaactl(*command)
    continued = mwaactl(*command)

    assert stopped.code == 130
    told = "runs that go on in Airflow: 1, partitions that are left: 1; continue with "
    assert stopped.stderr.splitlines()[-2:] == [
        f"{told}`mwaactl asset backfill mart.delays --partitions 2013-01-01..2013-01-04 --at-once 2`",
        "interrupted",
    ]
    assert (continued.code, continued.stdout) == (0, "4 partitions: 4 done\n")
    assert airflow.keys() == ["2013-01-01", "2013-01-02", "2013-01-03", "2013-01-04"]


# mwaactl --config FILE asset backfill mart.delays --partitions 2013-01-01..2013-01-04 -e local
def test_the_command_that_continues_reads_the_same_configuration(
    mwaactl: CommandLine, airflow: PartitionedAirflow
) -> None:
    command = ("--config", str(mwaactl.root / "mwaactl.toml"), "asset", "backfill", "mart.delays")
    options = ("--partitions", "2013-01-01..2013-01-04", "-e", "local")
    airflow.interrupt_after = 3

    stopped = mwaactl(*command, *options)

    told = stopped.stderr.splitlines()[-2].partition("continue with ")[2]
    assert told == f"`{shlex.join(('mwaactl', *command, *options))}`"
    assert mwaactl(*shlex.split(told.strip("`"))[1:]).code == 0


# mwaactl asset backfill mart.delays --partitions 2013-01-01..2013-01-03
def test_what_has_succeeded_is_left_alone_what_goes_on_is_waited_for_what_failed_is_tried_again(
    mwaactl: CommandLine, airflow: PartitionedAirflow
) -> None:
    airflow.add("marts", "scheduled__1", "success", {}, partition_key="2013-01-01")
    airflow.add("marts", "manual__2", "running", {"partition": "2013-01-02"})
    airflow.add("marts", "partition__2013-01-03__1", "failed", {"partition": "2013-01-03"})

    result = mwaactl("asset", "backfill", "mart.delays", "--partitions", "2013-01-01..2013-01-03", "--json")

    assert json.loads(result.stdout) == {
        "asset": "mart.delays",
        "dag_id": "marts",
        "partitions": [
            {"partition": "2013-01-01", "state": "success", "run_id": "scheduled__1"},
            {"partition": "2013-01-02", "state": "success", "run_id": "manual__2"},
            {"partition": "2013-01-03", "state": "success", "run_id": "partition__2013-01-03__2"},
        ],
    }


# mwaactl asset backfill mart.delays --partitions 2013-01-01..2013-01-03
def test_a_run_that_a_gate_has_skipped_has_made_nothing(
    mwaactl: CommandLine, airflow: PartitionedAirflow
) -> None:
    for day in ("2013-01-01", "2013-01-02"):
        airflow.add("marts", f"asset_triggered__{day}", "success", {}, partition_key=day)
    airflow.add("marts", "asset_triggered__late", "success", {}, partition_key="2013-01-01")
    airflow.skipped = {"asset_triggered__2013-01-02", "asset_triggered__late"}

    result = mwaactl("asset", "backfill", "mart.delays", "--partitions", "2013-01-01..2013-01-02", "--json")

    assert [each["run_id"] for each in json.loads(result.stdout)["partitions"]] == [
        "asset_triggered__2013-01-01",
        "partition__2013-01-02__1",
    ]


# mwaactl asset backfill mart.delays --partitions 2013-01-01
def test_the_day_of_a_run_of_a_clock_is_its_partition_where_airflow_carries_none(
    mwaactl: CommandLine, airflow: PartitionedAirflow
) -> None:
    interval = {"data_interval_start": "2013-01-01T00:00:00Z", "data_interval_end": "2013-01-02T00:00:00Z"}
    airflow.add("marts", "scheduled__1", "success", {}, run_type="scheduled", **interval)

    result = mwaactl("asset", "backfill", "mart.delays", "--partitions", "2013-01-01")

    assert (result.code, result.stdout, len(airflow.runs)) == (0, "1 partitions: 1 done\n", 1)


# mwaactl asset backfill mart.delays --partitions 2013-01-01..2013-01-02
def test_two_backfills_at_once_start_nothing_twice(mwaactl: CommandLine, airflow: PartitionedAirflow) -> None:
    command = ("asset", "backfill", "mart.delays", "--partitions", "2013-01-01..2013-01-03", "--at-once", "1")
    others = list[int]()
    airflow.meanwhile = lambda: others.append(mwaactl(*command).code)

    result = mwaactl(*command)

    assert (result.code, others) == (0, [0])
    assert sorted(airflow.keys("success")) == ["2013-01-01", "2013-01-02", "2013-01-03"]


# mwaactl asset backfill mart.delays --partitions 2013-01-01..2013-01-02
def test_a_run_whose_start_was_not_answered_is_not_started_again(
    mwaactl: CommandLine, airflow: PartitionedAirflow
) -> None:
    airflow.lost = 2

    result = mwaactl("asset", "backfill", "mart.delays", "--partitions", "2013-01-01..2013-01-02")

    assert (result.code, result.stdout) == (0, "2 partitions: 2 done\n")
    assert sorted(airflow.keys("success")) == ["2013-01-01", "2013-01-02"]


# mwaactl asset backfill mart.delays --partitions 2013-01-01..2013-01-02 --at-once 2
def test_a_backfill_gives_up_when_airflow_does_not_answer_for_minutes(
    mwaactl: CommandLine, airflow: PartitionedAirflow
) -> None:
    airflow.refusals = [None, None, None, *[NOT_NOW] * 1000]
    begun = mwaactl.aws.clock.now()

    result = mwaactl(
        *("asset", "backfill", "mart.delays", "--partitions", "2013-01-01..2013-01-02", "--at-once", "1")
    )

    assert result.code == 1
    assert timedelta(minutes=5) <= mwaactl.aws.clock.now() - begun < timedelta(minutes=6)
    assert result.stderr.splitlines() == [
        "2 partitions: 1 running, 1 waiting",
        "Airflow does not answer just now and is asked again: not now",
        (
            "runs that go on in Airflow: 1, partitions that are left: 1; continue with "
            "`mwaactl asset backfill mart.delays --partitions 2013-01-01..2013-01-02 --at-once 1`"
        ),
        "error: Airflow has not answered for minutes: not now",
        "",
        "hint: runs that have been started go on; the same command continues",
    ]


# mwaactl asset backfill mart.delays --partitions 2013-01-01 --again
def test_a_partition_is_made_again_where_that_is_asked_for(
    mwaactl: CommandLine, airflow: PartitionedAirflow
) -> None:
    airflow.add("marts", "first", "success", {"partition": "2013-01-01"})

    assert mwaactl("asset", "backfill", "mart.delays", "--partitions", "2013-01-01").code == 0
    assert len(airflow.runs) == 1
    assert mwaactl("asset", "backfill", "mart.delays", "--partitions", "2013-01-01", "--again").code == 0
    assert [run["dag_run_id"] for run in airflow.runs] == ["partition__2013-01-01__2", "first"]


# mwaactl asset backfill mart.delays --partitions 2013-01-01..2013-01-03
def test_a_run_that_fails_keeps_no_other_back_and_is_named(
    mwaactl: CommandLine, airflow: PartitionedAirflow
) -> None:
    airflow.failing = {"2013-01-02"}

    result = mwaactl(
        "asset", "backfill", "mart.delays", "--partitions", "2013-01-01..2013-01-03", "--at-once", "1"
    )

    assert (result.code, result.stdout) == (1, "3 partitions: 2 done, 1 failed\n")
    assert result.stderr.split("error: ")[1] == (
        "1 of 3 partitions of `mart.delays` failed: 2013-01-02\n\n"
        "hint: look at run `partition__2013-01-02__1`; the same command tries those that failed again\n"
    )


# mwaactl asset backfill mart.delays --partitions 2013-01-01..2013-01-02 --json
def test_a_run_that_fails_is_told_in_one_json_document(
    mwaactl: CommandLine, airflow: PartitionedAirflow
) -> None:
    airflow.failing = {"2013-01-02"}

    result = mwaactl("asset", "backfill", "mart.delays", "--partitions", "2013-01-01..2013-01-02", "--json")

    states = {each["partition"]: each["state"] for each in json.loads(result.stdout)["partitions"]}
    assert (result.code, states) == (1, {"2013-01-01": "success", "2013-01-02": "failed"})
    assert result.stderr.endswith("error: 1 of 2 partitions of `mart.delays` failed: 2013-01-02\n")


# mwaactl asset backfill mart.delays --partitions 2013-01-01..2013-01-03 --again
def test_an_interrupted_second_making_names_what_is_left(
    mwaactl: CommandLine, airflow: PartitionedAirflow
) -> None:
    for day in ("2013-01-01", "2013-01-02", "2013-01-03"):
        airflow.add("marts", f"first {day}", "success", {"partition": day})
    airflow.interrupt_after = 5

    result = mwaactl(
        *("asset", "backfill", "mart.delays", "--partitions", "2013-01-01..2013-01-03"),
        *("--at-once", "1", "--again"),
    )

    assert result.code == 130
    assert (
        "continue with `mwaactl asset backfill mart.delays --partitions 2013-01-03 --again --at-once 1`"
        in result.stderr
    )


# mwaactl asset backfill mart.delays --partitions 2013-01-01..2013-01-02 --dry-run
def test_a_dry_run_shows_what_is_left_and_starts_nothing(
    mwaactl: CommandLine, airflow: PartitionedAirflow
) -> None:
    airflow.add("marts", "first", "success", {"partition": "2013-01-01"})
    command = ("asset", "backfill", "mart.delays", "--dry-run", "--partitions")

    result = mwaactl(*command, "2013-01-01..2013-01-02")

    assert (result.code, result.stdout) == (
        3,
        (
            "2 partitions: 1 done, 1 waiting\n"
            "PARTITION   STATE    RUN\n"
            "2013-01-01  success  first\n"
            "2013-01-02  waiting  -\n"
        ),
    )
    assert mwaactl(*command, "2013-01-01").code == 0
    assert len(airflow.runs) == 1


# mwaactl asset backfill mart.delays --partitions 2013-01-01..2013-01-02
def test_a_backfill_outlasts_a_web_server_that_cannot_answer_for_a_moment(
    mwaactl: CommandLine, airflow: PartitionedAirflow
) -> None:
    airflow.refusals = [None, None, NOT_NOW, None, NOT_NOW]

    result = mwaactl("asset", "backfill", "mart.delays", "--partitions", "2013-01-01..2013-01-02")

    assert (result.code, result.stdout) == (0, "2 partitions: 2 done\n")
    assert airflow.keys() == ["2013-01-01", "2013-01-02"]
    told = "Airflow does not answer just now and is asked again: not now"
    assert result.stderr.splitlines()[0] == told


# mwaactl asset backfill mart.delays --partitions 2013-01-01
def test_a_paused_dag_is_unpaused_and_airflow_3_0_is_told_by_configuration(
    mwaactl: CommandLine, airflow: PartitionedAirflow
) -> None:
    airflow.paused, airflow.takes_partitions = {"marts"}, False
    assert mwaactl.aws.environments.environment is not None
    mwaactl.aws.environments.environment = replace(
        mwaactl.aws.environments.environment, airflow_version="3.0.6"
    )

    result = mwaactl("asset", "backfill", "mart.delays", "--partitions", "2013-01-01")

    assert result.stderr.splitlines()[0] == "marts was paused; it is unpaused now"
    assert airflow.keys("success") == ["2013-01-01"]


# mwaactl asset backfill pairs --partitions '2013-01-01|a b'
def test_a_key_that_no_run_id_takes_is_written_otherwise_in_it(
    mwaactl: CommandLine, airflow: PartitionedAirflow
) -> None:
    airflow.assets = [shown(PAIRS, "p")]

    assert mwaactl("asset", "backfill", "pairs", "--partitions", "2013-01-01|a&b").code == 0
    assert airflow.runs[0]["dag_run_id"] == "partition__2013-01-01~7Ca~26b__1"


@pytest.mark.parametrize(
    ("name", "partitions", "error"),
    [
        (
            "mart.delay",
            "2013-01-01",
            "error: Airflow knows no asset `mart.delay`\n\nhint: did you mean `mart.delays`?\n",
        ),
        (
            "mart.delays",
            "2013-02-30",
            "error: `2013-02-30` is not a day\n\nhint: write a day of UTC as `2013-01-31`\n",
        ),
        (
            "mart.delays",
            "2013-01-02..2013-01-01",
            "error: `2013-01-01` comes before `2013-01-02`\n\nhint: write `2013-01-01..2013-01-02`\n",
        ),
        ("mart.delays", "", "error: `` is not a day\n\nhint: write a day of UTC as `2013-01-31`\n"),
        (
            "mart.delays",
            "2026-01-01..2999-01-01",
            (
                "error: the partition `2026-11-23` of `mart.delays` has not ended yet\n\n"
                "hint: the last one that has ended is `2026-11-22`\n"
            ),
        ),
        (
            "whole",
            "2013-01-01",
            (
                "error: the asset `whole` has no partitions\n\n"
                "hint: make it with `mwaactl asset materialize whole`\n"
            ),
        ),
        (
            "twice",
            "2013-01-01",
            "error: 2 DAGs make the asset `twice`\n\nhint: they are: a, b; see `mwaactl run trigger`\n",
        ),
        ("outside", "2013-01-01", "error: no DAG makes the asset `outside`\n"),
    ],
)
def test_what_cannot_be_made_is_refused_with_the_remedy(
    mwaactl: CommandLine, airflow: PartitionedAirflow, name: str, partitions: str, error: str
) -> None:
    airflow.assets += [
        shown(replace(DAYS, name="whole", partitions=None), "w"),
        shown(replace(DAYS, name="twice"), "a", "b"),
        shown(replace(DAYS, name="outside")),
    ]

    result = mwaactl("asset", "backfill", name, "--partitions", partitions)

    assert (result.code, result.stderr) == (1, error)
    assert airflow.runs == []
