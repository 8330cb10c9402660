"""The first pipeline's assets, made in this process of a part of the real data."""

import os
from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any

import airflow
import pytest
from normalised_data import normalised
from nyc_data import Landing, Row, of_dags, table, weather

from typed_assets.building.services import airflow_services
from typed_assets.testing import Materialization, materialize

pytestmark = pytest.mark.whole  # in a short run the demo's tests run it as it is, on all of the data
newest = pytest.mark.skipif(
    not airflow.__version__.startswith("3.3"), reason="what differs between versions is looked at elsewhere"
)

LANDED = "landing/nyc_flights/"
RAW = tuple(f"nyc_flights.raw.{name}" for name in ("flights", "weather", "airlines", "airports", "planes"))
MARTS = tuple(f"nyc_flights.mart.delay_by_{name}" for name in ("carrier", "route", "weather"))
ALL_PUBLISHED = dict.fromkeys([*RAW, *MARTS], "published")


@pytest.fixture(scope="module")
def tables() -> dict[str, list[Row]]:
    """Two thousand flights of the first days of the year, their weather, and the small tables whole."""
    return {
        "flights": list(islice(table("flights"), 2000)),
        "weather": weather(*range(1, 5)),
        **{name: list(table(name)) for name in ("airlines", "airports", "planes")},
    }


@pytest.fixture(scope="module")
def bucket(aws: Callable[[str], Any]) -> Iterable[Landing]:
    made = Landing(aws, os.environ["AIRFLOW__PIPELINES__DATA_BUCKET"])
    yield made
    for place in ("landing", "normalised", "quarantine"):
        made.clear(f"{place}/nyc_flights/")
    drop = [f'DROP TABLE IF EXISTS "{schema}".{name}' for schema, name in map(place_of, (*RAW, *MARTS))]
    of_dags("reference_pipelines.warehouse").run(airflow_services(), *drop)


@pytest.fixture
def landing(bucket: Landing, tables: dict[str, list[Row]]) -> Landing:
    """All files, as they are good."""
    land(bucket, tables)
    return bucket


@pytest.fixture(scope="module")
def published(bucket: Landing, tables: dict[str, list[Row]]) -> Materialization:
    """The first run, of good files."""
    land(bucket, tables)
    return run("first")


def land(bucket: Landing, tables: dict[str, list[Row]]) -> None:
    for name, rows in tables.items():
        bucket.put(f"{LANDED}{name}.csv", rows)


def place_of(asset: str) -> tuple[str, ...]:
    return tuple(asset.split(".")[1:])


def run(run_id: str) -> Materialization:
    """Do what a run of the DAG does, but for the sensor and the unloading."""
    payloads = of_dags("nyc_flights.landing").normalise_payloads()
    return materialize(
        of_dags("nyc_flights_elt").elt,
        services=airflow_services(),
        outputs={"plan_tables": payloads, "normalise": normalised(payloads)},
        run_id=run_id,
    )


def rows_of(made: Materialization) -> dict[str, list[str]]:
    """The rows that readers see of everything, in an order of their own."""
    return {name: sorted(str(row) for row in made.rows(name)) for name in (*RAW, *MARTS)}


@pytest.mark.usefixtures("landing")
def test_all_tables_hold_what_has_landed_and_a_second_run_changes_none(
    published: Materialization, tables: dict[str, list[Row]]
) -> None:
    seen = rows_of(published)
    second = run("second")

    assert (published.states, second.states) == (ALL_PUBLISHED, ALL_PUBLISHED)
    assert rows_of(second) == seen
    assert {name: len(seen[name]) for name in RAW} == {
        f"nyc_flights.raw.{name}": len(rows) for name, rows in tables.items()
    }
    carriers = {row["carrier"]: (row["flights"], row["cancelled"]) for row in published.rows(MARTS[0])}
    assert carriers == {
        code: (
            sum(row["carrier"] == code for row in tables["flights"]),
            sum(row["carrier"] == code and row["dep_time"] == "NA" for row in tables["flights"]),
        )
        for code in {row["carrier"] for row in tables["flights"]}
    }
    assert {sum(row["flights"] for row in published.rows(name)) for name in MARTS} == {2000}
    assert all(check.passed for record in published.records.values() for check in record.checks)


@newest
@pytest.mark.usefixtures("published")
def test_a_row_that_is_gone_from_the_files_is_gone_from_the_tables(
    landing: Landing, tables: dict[str, list[Row]]
) -> None:
    landing.put(f"{LANDED}flights.csv", [row for row in tables["flights"] if row["carrier"] != "HA"])

    made = run("without Hawaiian")

    assert made.ok
    assert "HA" not in {row["carrier"] for row in made.rows(MARTS[0])}
    assert {row["carrier"] for row in made.rows(MARTS[0])} == {
        row["carrier"] for row in tables["flights"] if row["carrier"] != "HA"
    }


@newest
def test_too_many_bad_rows_keep_their_table_and_its_marts_as_they_were(
    published: Materialization, landing: Landing, tables: dict[str, list[Row]]
) -> None:
    before = rows_of(published)
    bad = [{**row, "distance": "-1"} if number < 3 else row for number, row in enumerate(tables["flights"])]
    landing.put(f"{LANDED}flights.csv", bad)

    made = run("with bad rows")

    assert made.states == {
        **dict.fromkeys(RAW, "published"),
        "nyc_flights.raw.flights": "refused",
        **dict.fromkeys(MARTS, "skipped"),
    }
    failed = [check for check in made.checks("nyc_flights.raw.flights").values() if not check.passed]
    assert [(check.name, check.violations, check.observed, check.expected) for check in failed] == [
        (
            "few_rows_were_rejected",
            3,
            "3 of 2000 rows are bad (distance 3), see quarantine/nyc_flights/flights.jsonl.gz",
            "at most 0.10% of the rows",
        )
    ]
    assert rows_of(made) == before


@newest
def test_what_holds_for_all_rows_is_checked_before_readers_see_them(
    landing: Landing, tables: dict[str, list[Row]]
) -> None:
    first, *others = tables["flights"]
    landing.put(
        f"{LANDED}flights.csv", [first, first, {**others[0], "dest": others[0]["origin"]}, *others[1:]]
    )
    landing.put(f"{LANDED}airlines.csv", [*tables["airlines"], tables["airlines"][0]])

    made = run("with doubled rows")

    assert made.states["nyc_flights.raw.flights"] == made.states["nyc_flights.raw.airlines"] == "refused"
    assert {
        (name, check.name, check.violations)
        for name in RAW
        for check in made.checks(name).values()
        if not check.passed
    } == {
        ("nyc_flights.raw.flights", "flights_are_scheduled_once", 1),
        ("nyc_flights.raw.flights", "flights_land_elsewhere_than_they_start", 1),
        ("nyc_flights.raw.airlines", "carrier.unique", 1),
    }


@newest
def test_marts_that_do_not_add_up_or_state_wrong_distances_are_not_published(
    landing: Landing, tables: dict[str, list[Row]]
) -> None:
    landing.put(f"{LANDED}airlines.csv", [row for row in tables["airlines"] if row["carrier"] != "UA"])
    far = [{**row, "distance": "9"} if row["dest"] == "IAH" else row for row in tables["flights"]]
    landing.put(f"{LANDED}flights.csv", far)

    made = run("with wrong rows")

    assert made.states == {**ALL_PUBLISHED, MARTS[0]: "refused", MARTS[1]: "refused"}
    united = sum(row["carrier"] == "UA" for row in tables["flights"])
    assert {
        (name, check.name, check.violations)
        for name in MARTS
        for check in made.checks(name).values()
        if not check.passed
    } == {
        (MARTS[0], "flights_belong_to_known_airlines", united),
        (MARTS[0], "flights_add_up", united),
        (MARTS[1], "distances_are_great_circles", 2),
    }
    distances = made.checks(MARTS[1])["distances_are_great_circles"]
    assert distances.observed == ("EWR-IAH: 9 miles stated, 1398 flown; LGA-IAH: 9 miles stated, 1415 flown")
