"""Which landed files the pipeline starts from, and what it asks of the function."""

import json
from types import ModuleType
from typing import Any

import pytest


@pytest.fixture
def landing(nyc_flights: dict[str, ModuleType]) -> Any:
    return nyc_flights["landing"]


@pytest.mark.parametrize("suffix", ["csv", "csv.gz"])
def test_the_payload_names_the_landed_file(landing: Any, suffix: str) -> None:
    key = f"landing/nyc_flights/planes.{suffix}"
    payload = json.loads(
        landing.normalise_payload("planes", "data", [key, "landing/nyc_flights/airports.csv"])
    )
    assert payload["source_key"] == key
    assert payload["bucket"] == "data"
    assert payload["normalised_key"] == "normalised/nyc_flights/planes/planes.csv.gz"
    assert payload["quarantine_key"] == "quarantine/nyc_flights/planes.jsonl.gz"
    assert payload["contract"]["table"] == "planes"


@pytest.mark.parametrize("suffixes", [[], ["csv", "csv.gz"]])
def test_no_file_and_two_files_are_errors(landing: Any, suffixes: list[str]) -> None:
    keys = [f"landing/nyc_flights/planes.{suffix}" for suffix in suffixes]
    with pytest.raises(
        landing.LandingError, match=r"one of planes.csv and planes.csv.gz must stand in s3://data"
    ):
        landing.normalise_payload("planes", "data", keys)
