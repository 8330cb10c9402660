"""Tables move by themselves, go on where they stopped, and are proved to be the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.emulator.pipelines.conftest import FLIGHTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.emulator.warehouse.conftest import Warehouse
    from typed_assets.services import Services

SMALL = {
    "airlines": "carrier VARCHAR(2) NOT NULL, name VARCHAR(100)",
    "airports": "faa VARCHAR(3), name VARCHAR(100), lat DOUBLE PRECISION, lon DOUBLE PRECISION, "
    "alt INTEGER, tz INTEGER, dst VARCHAR(1), tzone VARCHAR(40)",
    "planes": 'tailnum VARCHAR(6), year INTEGER, "type" VARCHAR(40), manufacturer VARCHAR(40), '
    "model VARCHAR(40), engines INTEGER, seats INTEGER, speed INTEGER, engine VARCHAR(20)",
    "weather": "origin VARCHAR(3), year INTEGER, month INTEGER, day INTEGER, hour INTEGER, "
    "temp DOUBLE PRECISION, dewp DOUBLE PRECISION, humid DOUBLE PRECISION, wind_dir INTEGER, "
    "wind_speed DOUBLE PRECISION, wind_gust DOUBLE PRECISION, precip DOUBLE PRECISION, "
    "pressure DOUBLE PRECISION, visib DOUBLE PRECISION, time_hour TIMESTAMP",
}


@pytest.fixture(scope="module")
def source(warehouse: Warehouse) -> Warehouse:
    """Five tables to move, with missing values, empty texts and floating-point numbers in them."""
    warehouse.run(FLIGHTS.replace("CREATE TABLE", "CREATE TABLE IF NOT EXISTS"))
    for name, columns in SMALL.items():
        warehouse.run(f'CREATE TABLE IF NOT EXISTS "raw".{name} ({columns})')
    warehouse.run("INSERT INTO \"raw\".airlines VALUES ('AA', 'American'), ('B6', NULL), ('ZZ', '')")
    warehouse.run(
        "INSERT INTO \"raw\".airports VALUES ('JFK', 'Kennedy', 40.639751, -73.778925, 13, -5, 'A', NULL)"
    )
    warehouse.run(
        "INSERT INTO \"raw\".weather (origin, temp, time_hour) VALUES ('JFK', 39.02, '2013-01-01 06:00:00')"
    )
    return warehouse


@pytest.fixture
def steps(reference: Callable[[str], Any]) -> Any:
    return reference("warehouse_migration.steps")


def test_a_table_moves_once_and_is_left_alone_after(
    source: Warehouse, services: Services, steps: Any
) -> None:
    del source

    assert [steps.move(services, "weather") for _ in range(2)] == ["moved", "was there"]
    assert {row["table_name"]: (row["source_rows"], row["agrees"]) for row in steps.reconciled(services)} == {
        "airlines": (3, False),
        "airports": (1, False),
        "planes": (0, False),
        "weather": (1, True),
        "flights": (0, False),
    }


def test_a_value_that_differs_is_found_and_moved_again(
    source: Warehouse, services: Services, steps: Any
) -> None:
    steps.move(services, "airlines")
    source.run("UPDATE migrated.airlines SET name = '' WHERE carrier = 'B6'")
    before = steps.compared(services, "airlines")

    assert (before["source_rows"], before["target_rows"], before["agrees"]) == (3, 3, False)
    assert steps.move(services, "airlines") == "moved"
    assert steps.compared(services, "airlines")["agrees"] is True
    assert source.rows("SELECT name FROM migrated.airlines WHERE carrier = 'B6'") == [[None]]
