"""An estimate of costs as text and as JSON."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from mwaactl.catalog.prices import Price, hours_per_month, region_prices
from mwaactl.catalog.warehouse import base_capacity
from mwaactl.cost.assumptions import Assumptions
from mwaactl.cost.estimate import Estimate, Line
from mwaactl.cost.exclusions import EXCLUSIONS
from mwaactl.report.table import table

_HEAD = ("", "price", "per", "idle", "full", "idle USD", "full USD")
_NUMBERS = (1, 3, 4, 5, 6)
_NOT_KNOWN = "not known"


def cost_text(estimate: Estimate) -> str:
    """Return an estimate for reading: lines with something on them, the total, and what it all rests on."""
    rows = [_row(each, estimate.region) for each in estimate.lines if each.full]
    total = (_total_name(estimate), "", "", "", "", _money(estimate.idle), _money(estimate.full))
    head = f"{_title(estimate)}, USD a month of {hours_per_month()} hours"
    return "\n".join([head, "", table(_HEAD, [*rows, total], right=_NUMBERS), "", *_notes(estimate)])


def comparison_text(left: Estimate, right: Estimate) -> str:
    """Return two estimates beside one another, and by how much the second differs when it is full."""
    pairs = zip(left.lines, right.lines, strict=True)
    rows = [_comparison_row(one, other) for one, other in pairs if one.full or other.full]
    at_least = "total, at least" if left.unknown or right.unknown else "total"
    sums = (_money(each) for each in (left.idle, right.idle, left.full, right.full))
    kinds = (f"{kind} {each.environment}" for kind in ("idle", "full") for each in (left, right))
    body = table(
        ("", *kinds, "difference"),
        [*rows, (at_least, *sums, _difference(left.full, right.full))],
        right=range(1, 6),
    )
    notes = dict.fromkeys((*_price_notes(left), *_price_notes(right)))
    return "\n".join([_title(left), _title(right), "", body, "", *notes])


def comparison_data(left: Estimate, right: Estimate) -> dict[str, Any]:
    """Return two estimates as JSON values, and by how much the second differs."""
    return {
        "estimates": [cost_data(left), cost_data(right)],
        "difference": {"idle": str(right.idle - left.idle), "full": str(right.full - left.full)},
    }


def cost_data(estimate: Estimate) -> dict[str, Any]:
    """Return an estimate as JSON values; amounts of money and quantities are decimal strings."""
    return {
        "environment": estimate.environment,
        "region": estimate.region,
        "environment_class": estimate.environment_class,
        "currency": "USD",
        "hours_per_month": hours_per_month(),
        "lines": [_line_data(each) for each in estimate.lines],
        "idle": str(estimate.idle),
        "full": str(estimate.full),
        "not_known": [each.name for each in estimate.unknown],
        "stand_ins": list(estimate.stand_ins),
        "prices": [_source_data(region) for region in _regions(estimate)],
        "assumptions": _assumption_data(estimate.assumptions),
        "not_included": list(EXCLUSIONS),
    }


def _title(estimate: Estimate) -> str:
    return f"{estimate.environment}: {estimate.environment_class} in {estimate.region}"


def _comparison_row(left: Line, right: Line) -> tuple[str, ...]:
    dollars = (left.idle_dollars, right.idle_dollars, left.full_dollars, right.full_dollars)
    shown = (_NOT_KNOWN if each is None else _money(each) for each in dollars)
    return (left.name, *shown, _difference(left.full_dollars, right.full_dollars))


def _difference(left: Decimal | None, right: Decimal | None) -> str:
    return _NOT_KNOWN if left is None or right is None else f"{right - left:+,.2f}"


def _row(line: Line, region: str) -> tuple[str, ...]:
    price = line.price
    quantities = (_number(line.idle), _number(line.full))
    if price is None:
        return (line.name, _NOT_KNOWN, "", *quantities, _NOT_KNOWN if line.idle else "0.00", _NOT_KNOWN)
    mark = " " if price.region == region else "*"
    dollars = (_money(line.idle_dollars or Decimal()), _money(line.full_dollars or Decimal()))
    return (line.name, f"{price.dollars.normalize():f}{mark}", price.unit, *quantities, *dollars)


def _total_name(estimate: Estimate) -> str:
    return "total, at least" if estimate.unknown else "total"


def _notes(estimate: Estimate) -> Iterator[str]:
    yield from _price_notes(estimate)
    yield from ("", "idle: nothing runs, and what is stored is there. full, as assumed:")
    yield from _assumptions(estimate.assumptions)
    yield from ("", "not included:", *(f"  {each}" for each in EXCLUSIONS))


def _price_notes(estimate: Estimate) -> Iterator[str]:
    if estimate.stand_ins:
        yield f"* price of {' or '.join(estimate.stand_ins)}: that of {estimate.region} is not known"
    if estimate.unknown:
        yield f"not known, and not in the total: {', '.join(each.name for each in estimate.unknown)}"
    for region in _regions(estimate):
        known = region_prices()[region]
        yield f"prices of {region} as of {known.stated}: {known.where}"


def _assumptions(assumptions: Assumptions) -> Iterator[str]:
    capacity = f"{_number(Decimal(base_capacity()))} RPUs in all of these hours"
    warehouse = capacity if assumptions.rpu_hours is None else "the warehouse"
    rows = (
        ("--hours", assumptions.hours, "hours with all workers and web servers"),
        ("--rpu-hours", assumptions.warehouse_hours, f"RPU-hours of {warehouse}"),
        ("--data-gb", assumptions.data_gb, "GB through NAT gateways or interface endpoints"),
        ("--log-gb", assumptions.log_gb, "GB of logs, kept for three months"),
        ("--bucket-gb", assumptions.bucket_gb, "GB in buckets"),
        ("--warehouse-gb", assumptions.warehouse_gb, "GB in the warehouse"),
        ("--database-gb", assumptions.database_gb, "GB in Airflow's database"),
        ("--function-gb-seconds", assumptions.function_gb_seconds, "GB-seconds of functions"),
    )
    width = max(len(_number(value)) for _, value, _ in rows)
    for option, value, meaning in rows:
        yield f"  {option:<21}  {_number(value):>{width}} {meaning}"


def _regions(estimate: Estimate) -> tuple[str, ...]:
    """Regions whose prices were taken, the environment's own first."""
    own = (estimate.region,) if any(_is_from(each.price, estimate.region) for each in estimate.lines) else ()
    return (*own, *estimate.stand_ins)


def _is_from(price: Price | None, region: str) -> bool:
    return price is not None and price.region == region


def _line_data(line: Line) -> dict[str, Any]:
    price, idle, full = line.price, line.idle_dollars, line.full_dollars
    return {
        "name": line.name,
        "price": None if price is None else str(price.dollars),
        "per": None if price is None else price.unit,
        "price_of": None if price is None else price.region,
        "idle_quantity": str(line.idle),
        "full_quantity": str(line.full),
        "idle": None if idle is None else str(idle),
        "full": None if full is None else str(full),
    }


def _source_data(region: str) -> dict[str, str]:
    known = region_prices()[region]
    return {"region": region, "stated": known.stated.isoformat(), "where": known.where}


def _assumption_data(assumptions: Assumptions) -> dict[str, str]:
    return {
        "hours": str(assumptions.hours),
        "rpu_hours": str(assumptions.warehouse_hours),
        "data_gb": str(assumptions.data_gb),
        "log_gb": str(assumptions.log_gb),
        "bucket_gb": str(assumptions.bucket_gb),
        "warehouse_gb": str(assumptions.warehouse_gb),
        "database_gb": str(assumptions.database_gb),
        "function_gb_seconds": str(assumptions.function_gb_seconds),
    }


def _money(dollars: Decimal) -> str:
    return f"{dollars:,.2f}"


def _number(quantity: Decimal) -> str:
    return f"{quantity.normalize():,f}"
