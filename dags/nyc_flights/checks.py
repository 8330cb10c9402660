"""Checks in Python of the raw tables and the marts: what no SELECT on one table can say."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from nyc_flights.distances import wrong_distances
from nyc_flights.sql_files import sql_text
from typed_assets.spec.errors import SpecError
from typed_assets.spec.locations import location
from typed_assets.spec.publication import CheckResult

if TYPE_CHECKING:
    from typed_assets import AssetContext
    from typed_assets.spec.locations import RedshiftTable

DEFAULT_MAX_REJECTED_SHARE = 0.001
_MOST_SHOWN = 5

type Counts = Mapping[str, Any]
"""What the normalising function answers: see `functions/normalise/handler.py`."""


class NotNormalisedError(LookupError):
    """The run has no answer of the normalising function about a table."""


def few_rows_were_rejected(context: "AssetContext") -> CheckResult:
    """Compare the share of rows in quarantine with the option `pipelines.max_rejected_share`."""
    return rejected(_counts(context), _max_rejected_share(context.services.options))


def all_good_rows_are_loaded(context: "AssetContext") -> CheckResult:
    """Compare the rows of the staging table with those that the function let through."""
    [row] = _staged_rows(context, "SELECT COUNT(*) AS loaded FROM {table}")
    return loaded(_counts(context), row["loaded"])


def distances_are_great_circles(context: "AssetContext") -> CheckResult:
    """Compare the distance of each route with the one between its airports."""
    from haversine import Unit, haversine  # from requirements.txt, which the DAG processor need not have

    routes = list(_staged_rows(context, sql_text("checks/places_of_routes")))
    found = wrong_distances(routes, lambda start, end: haversine(start, end, unit=Unit.MILES))
    return CheckResult(
        name="distances",
        passed=not found,
        violations=len(found),
        observed="; ".join(found[:_MOST_SHOWN]) or f"{len(routes)} routes",
        expected="the great circle between the airports",
    )


def rejected(counts: Counts, max_share: float) -> CheckResult:
    """Return whether no more rows of a table are in quarantine than is tolerable.

    Args:
        counts: of the table.
        max_share: which part of the rows may be bad, from 0 to 1.
    """
    return CheckResult(
        name="rejected",
        passed=counts["rejected"] <= max_share * counts["read"],
        violations=counts["rejected"],
        observed=f"{counts['rejected']} of {counts['read']} rows are bad ({_reasons(counts)}), "
        f"see {counts['quarantine_key']}"
        if counts["rejected"]
        else f"all of {counts['read']} rows are good",
        expected=f"at most {max_share:.2%} of the rows",
    )


def loaded(counts: Counts, rows: int) -> CheckResult:
    """Return whether a table has exactly the rows that were accepted.

    Args:
        counts: of the table.
        rows: that it has.
    """
    return CheckResult(
        name="loaded",
        passed=rows == counts["accepted"],
        violations=abs(rows - counts["accepted"]),
        observed=f"{rows} rows",
        expected=f"{counts['accepted']} rows",
    )


def _max_rejected_share(options: Mapping[str, str]) -> float:
    written = options.get("max_rejected_share")
    if not written:
        return DEFAULT_MAX_REJECTED_SHARE
    try:
        share = float(written)
    except ValueError:
        share = -1
    if not 0 <= share <= 1:
        message = f"the option `pipelines.max_rejected_share` is {written!r}, and no number from 0 to 1"
        raise SpecError(message, hint="write 0.1% as 0.001")
    return share


def _counts(context: "AssetContext") -> Counts:
    """Return what the function said about the table that is checked."""
    table = context.asset.name.rpartition(".")[2]
    for counts in map(json.loads, context.output("normalise") or ()):
        if counts["table"] == table:
            return cast("Counts", counts)
    message = f"`normalise` has no answer about the table {table} in this run: run it, then this task again"
    raise NotNormalisedError(message)


def _reasons(counts: Counts) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts["reasons"].items())


def _staged_rows(context: "AssetContext", select: str) -> list[dict[str, Any]]:
    from reference_pipelines import warehouse
    from typed_assets.io.sql_text import table_name

    place = cast("RedshiftTable", location(context.staged[context.asset.name].place))
    [rows] = warehouse.run(context.services, select.replace("{table}", table_name(place)))
    return rows
