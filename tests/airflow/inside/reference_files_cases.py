"""Files that are cleaned one by one and merged: the assets of the DAG, made in this process."""

import gzip
import json
import os
from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any

import pytest
from normalised_data import normalised
from nyc_data import Landing, Row, csv_bytes, of_dags, table

from typed_assets.building.services import airflow_services
from typed_assets.testing import Materialization, materialize

pytestmark = pytest.mark.newest  # what differs between versions is looked at elsewhere

LANDED = "landing/flights_by_file/"
CLEANED, FLIGHTS = "flights_by_file.cleaned", "flights_by_file.flights"


@pytest.fixture
def landing(aws: Callable[[str], Any]) -> Iterable[Landing]:
    made = Landing(aws, os.environ["AIRFLOW__PIPELINES__DATA_BUCKET"])
    yield made
    for place in ("landing", "normalised", "quarantine", "lake"):
        made.clear(f"{place}/flights_by_file/")
    statements = of_dags("reference_pipelines.warehouse")
    statements.run(airflow_services(), "DROP TABLE IF EXISTS flights_by_file.flights")


@pytest.fixture
def flights() -> list[Row]:
    """A hundred flights, from two days at least."""
    return list(islice(table("flights"), 0, 2000, 20))


def run(run_id: str, *, raise_errors: bool = True) -> Materialization:
    """Do what a run of the DAG does: list the files, call the function for each, make the assets."""
    payloads = of_dags("reference_pipelines.file_etl.files").landed_payloads()
    return materialize(
        of_dags("flights_by_file").by_file,
        services=airflow_services(),
        outputs={"list_files": payloads, "clean": normalised(payloads)},
        run_id=run_id,
        raise_errors=raise_errors,
    )


def key(row: Any) -> tuple[Any, ...]:
    return row["carrier"], int(row["flight"]), row["origin"], str(row["time_hour"])[:13].replace("T", " ")


def delays(made: Materialization) -> dict[tuple[Any, ...], int | None]:
    """The departure delay of each flight of the table."""
    return {key(row): row["dep_delay"] for row in made.rows(FLIGHTS)}


def landed_delays(rows: Iterable[Row]) -> dict[tuple[Any, ...], int | None]:
    return {key(row): None if row["dep_delay"] == "NA" else int(row["dep_delay"]) for row in rows}


def quarantined(landing: Landing) -> list[dict[str, Any]]:
    keys = landing.keys("quarantine/flights_by_file/")
    lines = (line for each in keys for line in gzip.decompress(landing.body(each)).splitlines())
    return [json.loads(line) for line in lines]


def test_files_are_cleaned_one_by_one_and_a_second_run_gives_the_same_rows(
    landing: Landing, flights: list[Row]
) -> None:
    impossible = {**flights[0], "flight": "0"}
    landing.put(f"{LANDED}a.csv", [*flights[:50], impossible])
    landing.put_bytes(f"{LANDED}more/b.csv.gz", gzip.compress(csv_bytes(flights[50:])))

    first, second = run("first"), run("second")

    assert (first.states, first.states) == ({CLEANED: "published", FLIGHTS: "published"}, second.states)
    assert delays(first) == delays(second) == landed_delays(flights)
    assert len(second.rows(FLIGHTS)) == len(flights)
    assert first.records[CLEANED].rows == first.records[FLIGHTS].rows == len(flights)
    [bad] = quarantined(landing)
    assert (bad["line"], bad["reasons"]) == (52, ["flight: 0 is less than 1"])


def test_a_row_that_has_changed_is_updated_and_the_others_stay(landing: Landing, flights: list[Row]) -> None:
    landing.put(f"{LANDED}a.csv", flights[:90])
    run("first")
    landing.clear(LANDED)
    changed = {**flights[0], "dep_delay": "77", "tailnum": "N00001"}
    landing.put(f"{LANDED}b.csv", [changed, *flights[90:]])

    made = run("second")

    assert delays(made) == landed_delays([*flights[1:], changed])
    assert delays(made)[key(changed)] == 77
    assert len(made.rows(FLIGHTS)) == len(flights)
    assert made.records[FLIGHTS].rows == 1 + len(flights[90:])


def test_a_flight_that_comes_twice_in_a_run_leaves_the_table_as_it_was(
    landing: Landing, flights: list[Row]
) -> None:
    landing.put(f"{LANDED}a.csv", flights)
    before = run("first")
    landing.put(f"{LANDED}b.csv", [{**flights[0], "dep_delay": "77"}])

    made = run("second")

    assert made.states == {CLEANED: "refused", FLIGHTS: "skipped"}
    check = made.checks(CLEANED)["time_hour+carrier+flight+origin.key"]
    assert (check.passed, check.violations) == (False, 1)
    assert delays(before) == landed_delays(flights)
