"""Hours are filled in through Airflow's REST API, and their day follows when all of them are there."""

import csv
import io
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.emulator.end_to_end import expected_figures as expected
from tests.emulator.end_to_end.landed_data import DATA_BUCKET, aws
from tests.emulator.end_to_end.project_copy import ProjectCopy

pytestmark = [pytest.mark.whole, pytest.mark.timeout(1500)]

WEATHER = "landing/nyc_flights/weather.csv"
DAY = "2013-01-02"
HOURS = [f"{DAY}T{hour:02}" for hour in range(24)]


@pytest.fixture
def landed(deployed: ProjectCopy) -> Iterator[None]:
    """The weather of one day alone; what had landed before comes back, for tests that load all of it."""
    rows = [row for row in expected.table("weather") if row["time_hour"].startswith(DAY)]
    version = land(deployed, rows)
    yield
    aws(deployed, "s3").delete_object(Bucket=DATA_BUCKET, Key=WEATHER, VersionId=version)


@pytest.mark.usefixtures("landed")
def test_a_day_is_made_when_the_last_of_its_hours_is_filled_in_and_again_when_one_is_mended(
    deployed: ProjectCopy,
) -> None:
    first = backfill(deployed, f"{HOURS[0]}..{HOURS[11]}")
    days_of_12_hours = days(deployed)
    all_of_them = backfill(deployed, f"{HOURS[0]}..{HOURS[23]}")
    made = settled(deployed, 1)
    again = backfill(deployed, f"{HOURS[0]}..{HOURS[23]}")
    mended = backfill(deployed, HOURS[5], "--again")
    made_again = settled(deployed, 2)

    assert ([each["partition"] for each in first], days_of_12_hours) == (HOURS[:12], [])
    assert (made, set(made_again)) == (["success"], {"success"})
    assert len(made_again) >= 2, "the second DAG looks at one hour after the other"
    assert {each["state"] for each in all_of_them} == {"success"}
    assert [each["run_id"] for each in again] == [f"partition__{hour}__1" for hour in HOURS]
    assert [each["run_id"] for each in mended] == [f"partition__{HOURS[5]}__2"]
    assert published(deployed, "weather.daily") == {DAY}
    assert published(deployed, "weather.hourly") == set(HOURS)


def land(project: ProjectCopy, rows: list[dict[str, str]]) -> str:
    """Land rows as a CSV file; return its version."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    body = text.getvalue().encode()
    return str(aws(project, "s3").put_object(Bucket=DATA_BUCKET, Key=WEATHER, Body=body)["VersionId"])


def backfill(project: ProjectCopy, partitions: str, *options: str) -> list[dict[str, Any]]:
    command = ("asset", "backfill", "weather.hourly", "--partitions", partitions, "-e", "local")
    found: list[dict[str, Any]] = project.answer(*command, *options)["partitions"]
    return found


def days(project: ProjectCopy) -> list[str]:
    """Return the states of the runs that make the day."""
    answer = aws(project, "mwaa").invoke_rest_api(
        Name="flights-local", Path="/dags/weather_daily/dagRuns", Method="GET"
    )
    runs = answer["RestApiResponse"]["dag_runs"]
    assert {run["partition_key"] or run["conf"]["partition"] for run in runs} <= {DAY}
    return [run["state"] for run in runs]


def settled(project: ProjectCopy, number: int) -> list[str]:
    """Return the states of the runs that make the day when so many have succeeded, or after minutes."""
    deadline = time.monotonic() + 480
    while days(project).count("success") < number and time.monotonic() < deadline:
        time.sleep(1)
    return days(project)


def published(project: ProjectCopy, asset: str) -> set[str]:
    """Return the partitions of an asset in the history."""
    prefix = f"_assets/history/{asset}/"
    listed = aws(project, "s3").list_objects_v2(Bucket=DATA_BUCKET, Prefix=prefix)
    return {each["Key"].removeprefix(prefix).split("/")[0] for each in listed.get("Contents", ())}
