"""What AWS asks for, by item and region, as far as it is known, with stand-ins for what is not."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from types import MappingProxyType
from typing import Any

from mwaactl.catalog.tables import read_table


@dataclass(frozen=True, slots=True)
class Price:
    """One price.

    Attributes:
        dollars: For one unit.
        unit: For example `hour` or `GB-month`.
        region: Whose price it is: a stand-in's where the region asked for is not known.
    """

    dollars: Decimal
    unit: str
    region: str


@dataclass(frozen=True, slots=True)
class RegionPrices:
    """What is known of one region.

    Attributes:
        stated: Date of what was read.
        where: What was read.
        prices: Dollars by item, for example `environment.mw1.small`.
    """

    name: str
    stated: date
    where: str
    prices: Mapping[str, Decimal]


@cache
def region_prices() -> Mapping[str, RegionPrices]:
    """All regions of the table by name."""
    return MappingProxyType({row["name"]: _read_region(row) for row in read_table("prices")["region"]})


def stand_ins() -> tuple[str, ...]:
    """Regions whose prices stand in for those that are not known, the first that has one."""
    return tuple(read_table("prices")["stand_ins"])


def unit_of(item: str) -> str:
    """The unit of an item, for example `hour` of `environment.mw1.small`."""
    return str(read_table("prices")["units"][item.partition(".")[0]])


def hours_per_month() -> int:
    """Hours that a month is counted as."""
    return int(read_table("prices")["hours_per_month"])


def included_workers() -> int:
    """Workers that the price of an environment includes."""
    return int(read_table("prices")["included"]["workers"])


def price(item: str, region: str) -> Price | None:
    """Looks one price up.

    Args:
        item: For example `environment.mw1.small` or `nat-gateway`.
        region: Where it is to be paid.

    Returns:
        The region's price, else that of the first stand-in that has one; None where none has.

    Raises:
        KeyError: There is no such item.
    """
    unit = unit_of(item)
    for name in (region, *stand_ins()):
        known = region_prices().get(name)
        if known is not None and item in known.prices:
            return Price(known.prices[item], unit, name)
    return None


def _read_region(row: dict[str, Any]) -> RegionPrices:
    prices = {item: Decimal(str(dollars)) for item, dollars in row["prices"].items()}
    return RegionPrices(row["name"], row["stated"], row["where"], MappingProxyType(prices))
