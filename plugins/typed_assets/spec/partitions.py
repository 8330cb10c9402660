"""How an asset is divided, and which partitions of one belong to a partition of another.

A partition has a key, which is text: `2013-01-31` (daily), `2013-01-31T05` (hourly, UTC), a name (static),
and two of them with `|` between (a product), as Airflow writes keys.
"""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Hourly:
    """One partition an hour of UTC, from `start` on, before `end` where there is one."""

    start: datetime
    end: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Daily:
    """One partition a day of UTC, from `start` on, before `end` where there is one."""

    start: date
    end: date | None = None


@dataclass(frozen=True, slots=True)
class Static:
    """Partitions with fixed names."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Product:
    """Every pair of a partition of the first and one of the second."""

    first: Hourly | Daily | Static
    second: Hourly | Daily | Static


type Partitions = Hourly | Daily | Static | Product


@dataclass(frozen=True, slots=True)
class Identity:
    """The upstream partition with the same key."""


@dataclass(frozen=True, slots=True)
class Rollup:
    """All finer upstream partitions of a coarser one: the 24 hours of a day."""


@dataclass(frozen=True, slots=True)
class AllPartitions:
    """Every upstream partition that exists."""


@dataclass(frozen=True, slots=True)
class LastPartition:
    """The newest upstream partition that exists."""


type Mapping = Identity | Rollup | AllPartitions | LastPartition
