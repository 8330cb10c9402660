"""Which routes state a distance that is not the one between their airports. Pure: rows in, findings out."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

type Point = tuple[float, float]
type Distance = Callable[[Point, Point], float]

TOLERATED_MILES = 2.0
TOLERATED_SHARE = 0.01


def wrong_distances(routes: Iterable[Mapping[str, Any]], distance: Distance) -> list[str]:
    """Return a sentence for each route whose stated distance is not the great circle between its airports.

    Args:
        routes: `origin`, `dest`, `distance` (miles) and both airports' `_lat` and `_lon` (degrees).
        distance: miles between two points of (latitude, longitude).
    """
    findings = []
    for route in routes:
        start = (float(route["origin_lat"]), float(route["origin_lon"]))
        end = (float(route["dest_lat"]), float(route["dest_lon"]))
        miles, stated = distance(start, end), float(route["distance"])
        if abs(miles - stated) > max(TOLERATED_MILES, TOLERATED_SHARE * miles):
            findings.append(
                f"{route['origin']}-{route['dest']}: {stated:.0f} miles stated, {miles:.0f} flown"
            )
    return findings
