"""Decides whether what stands in the staging schema may be published. Pure: rows in, findings out."""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

Point = tuple[float, float]
Distance = Callable[[Point, Point], float]
Row = Mapping[str, Any]

TOLERATED_MILES = 2.0
TOLERATED_SHARE = 0.01


class AuditFailedError(RuntimeError):
    """The data breaks a rule; nothing is published. The message lists every finding."""

    def __init__(self, findings: list[str]) -> None:
        super().__init__("the marts are not published:\n" + "\n".join(f"- {finding}" for finding in findings))
        self.findings = findings


def read_counts(payloads: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Return what the normalising function said about each table, by table name."""
    return {counts["table"]: counts for counts in map(json.loads, payloads)}


def rejection_findings(normalised: Mapping[str, Row], max_share: float) -> list[str]:
    """Find tables that landed empty or lost more rows to quarantine than is tolerable.

    Args:
        normalised: counts of the normalising function by table.
        max_share: which part of the rows may be rejected, from 0 to 1.
    """
    findings = []
    for table, counts in normalised.items():
        if not counts["accepted"]:
            findings.append(f"{table}: no row is good")
        elif counts["rejected"] > max_share * counts["read"]:
            findings.append(
                f"{table}: {counts['rejected']} of {counts['read']} rows are bad ({counts['reasons']}), "
                f"see {counts['quarantine_key']}"
            )
    return findings


def load_findings(normalised: Mapping[str, Row], loaded: Iterable[Row]) -> list[str]:
    """Find tables that do not hold exactly the rows that were accepted.

    Args:
        normalised: counts of the normalising function by table.
        loaded: `table_name` and `loaded` (rows) for each raw table.
    """
    rows = {row["table_name"]: row["loaded"] for row in loaded}
    return [
        f"{table}: {counts['accepted']} rows were accepted, {rows.get(table, 0)} are loaded"
        for table, counts in normalised.items()
        if rows.get(table) != counts["accepted"]
    ]


def rule_findings(violations: Iterable[Row]) -> list[str]:
    """Find broken rules: rows of `rule` and `violations` (how many rows break it)."""
    return [f"{row['rule']}: {row['violations']} times not" for row in violations if int(row["violations"])]


def distance_findings(routes: Iterable[Row], distance: Distance) -> list[str]:
    """Find routes whose stated distance is not the great circle between their airports.

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
