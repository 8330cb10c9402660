"""A day of weather, of its hours. Pure: rows in, rows out."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from math import fsum
from statistics import fmean
from typing import Any

from typed_assets import Column, ColumnType, Contract, RowCount

DAYS = Contract(
    columns=(
        Column(name="origin", type=ColumnType.TEXT, unique=True),
        Column(name="day", type=ColumnType.DATE),
        Column(name="hours", type=ColumnType.INTEGER, minimum=1, maximum=24),
        Column(name="lowest_temp", type=ColumnType.FLOAT, nullable=True),
        Column(name="mean_temp", type=ColumnType.FLOAT, nullable=True),
        Column(name="highest_temp", type=ColumnType.FLOAT, nullable=True),
        Column(name="rain", type=ColumnType.FLOAT, minimum=0),
    ),
    rows=RowCount(minimum=1, maximum=3),
    closed=True,
)


def day(key: str, observations: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return a row for each airport that was observed on a day."""
    airports: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in observations:
        airports[row["origin"]].append(row)
    return [{"origin": origin, "day": key, **_figures(rows)} for origin, rows in sorted(airports.items())]


def _figures(rows: list[Mapping[str, Any]]) -> dict[str, Any]:
    temperatures = [row["temp"] for row in rows if row["temp"] is not None]
    return {
        "hours": len(rows),
        "lowest_temp": min(temperatures, default=None),
        "mean_temp": round(fmean(temperatures), 2) if temperatures else None,
        "highest_temp": max(temperatures, default=None),
        "rain": round(fsum(row["precip"] or 0.0 for row in rows), 2),
    }
