"""What the report says of the weather that passed the gate. Pure: rows in, rows out."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from statistics import fmean
from typing import Any

from typed_assets import Column, ColumnType, Contract, RowCount

REPORT = Contract(
    columns=(
        Column(name="origin", type=ColumnType.TEXT, unique=True),
        Column(name="hours", type=ColumnType.INTEGER, minimum=1),
        Column(name="mean_temp", type=ColumnType.FLOAT, nullable=True),
        Column(name="strongest_wind", type=ColumnType.FLOAT, nullable=True),
    ),
    rows=RowCount(minimum=1),
    closed=True,
)


def summary(observations: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return a row for each airport, in the order of their codes."""
    airports: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in observations:
        airports[row["origin"]].append(row)
    return [
        {
            "origin": origin,
            "hours": len(rows),
            "mean_temp": _mean([row["temp"] for row in rows if row["temp"] is not None]),
            "strongest_wind": max(
                (row["wind_speed"] for row in rows if row["wind_speed"] is not None), default=None
            ),
        }
        for origin, rows in sorted(airports.items())
    ]


def _mean(values: list[float]) -> float | None:
    return round(fmean(values), 2) if values else None
