"""The one function that a check takes of a package in `requirements.txt`, which a bare Airflow has not."""

from enum import Enum
from math import asin, cos, radians, sin, sqrt


class Unit(Enum):
    """How far a radian reaches on Earth."""

    MILES = 3958.761333810546


def haversine(start: tuple[float, float], end: tuple[float, float], unit: Unit) -> float:
    """Return the great circle between two points of latitude and longitude, in degrees."""
    south, west, north, east = map(radians, (*start, *end))
    half = sin((north - south) / 2) ** 2 + cos(south) * cos(north) * sin((east - west) / 2) ** 2
    return 2 * unit.value * asin(sqrt(half))
