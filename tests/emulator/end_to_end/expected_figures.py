"""What the marts must say, computed from the CSV files with nothing but Python: no SQL, no DuckDB."""

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache

from demo.dataset import open_table
from tests.emulator.end_to_end.landed_data import DATASET

type Row = dict[str, str]

IMPOSSIBLE_WIND = 200.0  # miles per hour; the data set holds one gust of 1048.36
LATE_MINUTES = 15


@cache
def table(name: str) -> tuple[Row, ...]:
    """Return a table's rows; a missing value reads `NA`."""
    with open_table(DATASET, name) as file, io.TextIOWrapper(file, "utf-8", newline="") as text:
        return tuple(csv.DictReader(text))


def delay_by_carrier() -> dict[str, tuple[int, int, float, float, float]]:
    """Return flights, cancelled, average departure and arrival delay, and percent late, by carrier."""
    return {carrier: _delays(rows) for carrier, rows in _grouped("carrier").items()}


def flights_by_route() -> dict[tuple[str, str], int]:
    """Return the number of flights by origin and destination."""
    return dict(Counter((row["origin"], row["dest"]) for row in table("flights")))


def delay_by_weather() -> dict[str, tuple[int, float]]:
    """Return flights and average departure delay by the weather at the hour of departure."""
    classes = {(row["origin"], row["time_hour"]): _weather(row) for row in _sound_weather()}
    delays: dict[str, list[int]] = defaultdict(list)
    flights: Counter[str] = Counter()
    for row in table("flights"):
        weather = classes.get((row["origin"], row["time_hour"]), "no observation")
        flights[weather] += 1
        if row["dep_delay"] != "NA":
            delays[weather].append(int(row["dep_delay"]))
    return {weather: (count, _mean(delays[weather])) for weather, count in flights.items()}


def _grouped(column: str) -> dict[str, list[Row]]:
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in table("flights"):
        groups[row[column]].append(row)
    return groups


def _delays(rows: list[Row]) -> tuple[int, int, float, float, float]:
    departures = [int(row["dep_delay"]) for row in rows if row["dep_delay"] != "NA"]
    arrivals = [int(row["arr_delay"]) for row in rows if row["arr_delay"] != "NA"]
    cancelled = sum(row["dep_time"] == "NA" for row in rows)
    late = [100 * (delay > LATE_MINUTES) for delay in arrivals]
    return len(rows), cancelled, _mean(departures), _mean(arrivals), _mean(late)


def _mean(values: list[int]) -> float:
    return sum(values) / len(values)


def _sound_weather() -> Iterator[Row]:
    for row in table("weather"):
        if row["wind_speed"] == "NA" or float(row["wind_speed"]) < IMPOSSIBLE_WIND:
            yield row


def _weather(row: Row) -> str:
    if row["visib"] != "NA" and float(row["visib"]) < 3:
        return "low visibility"
    if row["precip"] != "NA" and float(row["precip"]) > 0:
        return "precipitation"
    if row["wind_speed"] != "NA" and float(row["wind_speed"]) >= 25:
        return "strong wind"
    return "fair"
