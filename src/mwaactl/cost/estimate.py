"""The monthly bill of an environment, line by line, from idle to full."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from mwaactl.catalog.classes import environment_classes
from mwaactl.catalog.prices import Price, hours_per_month, included_workers, price
from mwaactl.config.environment import EnvironmentConfig
from mwaactl.cost.assumptions import Assumptions
from mwaactl.cost.deployed import deployed

_CENT = Decimal("0.01")
_MONTHS_OF_LOGS = 3  # infra.retention.LOGS


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the bill.

    Attributes:
        name: What is paid for, for example `additional workers`.
        price: Of one unit; None where it is not known.
        idle: Units of a month in which nothing runs.
        full: Units of a month with the assumed load.
    """

    name: str
    price: Price | None
    idle: Decimal
    full: Decimal

    @property
    def idle_dollars(self) -> Decimal | None:
        """What the idle month costs; None where that is not known."""
        return self._dollars(self.idle)

    @property
    def full_dollars(self) -> Decimal | None:
        """What the full month costs; None where that is not known."""
        return self._dollars(self.full)

    def _dollars(self, quantity: Decimal) -> Decimal | None:
        if self.price is None:
            return None if quantity else Decimal("0.00")
        return (quantity * self.price.dollars).quantize(_CENT, ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Estimate:
    """What an environment costs in a month.

    Attributes:
        environment: Name of the MWAA environment.
        region: Where it is.
        environment_class: Its class.
        assumptions: What the full month rests on.
        lines: All lines, also those of which there is nothing.
    """

    environment: str
    region: str
    environment_class: str
    assumptions: Assumptions
    lines: tuple[Line, ...]

    @property
    def idle(self) -> Decimal:
        """Sum of what is known of the idle month, rounded as its lines are."""
        return sum((each.idle_dollars or Decimal() for each in self.lines), Decimal("0.00"))

    @property
    def full(self) -> Decimal:
        """Sum of what is known of the full month, rounded as its lines are."""
        return sum((each.full_dollars or Decimal() for each in self.lines), Decimal("0.00"))

    @property
    def unknown(self) -> tuple[Line, ...]:
        """Lines that would cost something of which nobody knows how much."""
        return tuple(each for each in self.lines if each.full_dollars is None)

    @property
    def stand_ins(self) -> tuple[str, ...]:
        """Other regions whose prices were taken, because this one's are not known."""
        taken = {each.price.region for each in self.lines if each.price is not None and each.full}
        return tuple(sorted(taken - {self.region}))


def estimate(config: EnvironmentConfig, assumptions: Assumptions) -> Estimate:
    """Add up what an environment will cost.

    Args:
        config: The environment.
        assumptions: How much of it is used.

    Returns:
        The bill; its idle month is never dearer than its full one.
    """
    lines = (*_airflow(config, assumptions), *_network(config, assumptions), *_data(config, assumptions))
    return Estimate(
        environment=config.names.environment_name,
        region=config.region,
        environment_class=config.environment_class,
        assumptions=assumptions,
        lines=(*lines, *_watching(config, assumptions)),
    )


def _airflow(config: EnvironmentConfig, assumptions: Assumptions) -> tuple[Line, ...]:
    """The environment with what its price includes, and what runs beyond that."""
    size = environment_classes()[config.environment_class]
    month, hours = Decimal(hours_per_month()), assumptions.hours

    def scaling(name: str, item: str, included: int, least: int, most: int) -> Line:
        idle, more = max(least - included, 0), max(most, least) - max(least, included)
        found = price(f"{item}.{config.environment_class}", config.region)
        return Line(name, found, idle * month, idle * month + max(more, 0) * hours)

    web_servers = (config.min_webservers, config.max_webservers)
    return (
        Line("environment", price(f"environment.{config.environment_class}", config.region), month, month),
        scaling("additional workers", "worker", included_workers(), config.min_workers, config.max_workers),
        scaling(
            "additional schedulers", "scheduler", size.schedulers.least, config.schedulers, config.schedulers
        ),
        scaling("additional web servers", "webserver", size.webservers.least, *web_servers),
        _stored("metadata database", "metadata-database", config, assumptions.database_gb),
    )


def _network(config: EnvironmentConfig, assumptions: Assumptions) -> tuple[Line, ...]:
    """The ways out of the VPC, and what goes through them."""
    counts = deployed(config)
    gateways, endpoints = counts.nat_gateways, counts.endpoint_zones
    through_nat = assumptions.data_gb if gateways else Decimal()
    through_endpoints = assumptions.data_gb if endpoints and not gateways else Decimal()
    return (
        _existing("NAT gateways", "nat-gateway", config, gateways, by_hour=True),
        _existing("public IPv4 addresses", "public-ipv4", config, gateways, by_hour=True),
        _used("data through NAT gateways", "nat-gateway-data", config, through_nat),
        _existing("interface endpoints", "interface-endpoint", config, endpoints, by_hour=True),
        _used("data through endpoints", "interface-endpoint-data", config, through_endpoints),
    )


def _data(config: EnvironmentConfig, assumptions: Assumptions) -> tuple[Line, ...]:
    """What holds and works on data."""
    counts = deployed(config)
    return (
        _stored("buckets", "bucket-storage", config, assumptions.bucket_gb),
        _used("warehouse, computing", "warehouse-compute", config, assumptions.warehouse_hours),
        _stored("warehouse, storage", "warehouse-storage", config, assumptions.warehouse_gb),
        _used("functions", "function-compute", config, assumptions.function_gb_seconds),
        _existing("KMS keys", "key", config, counts.keys),
        _existing("secrets", "secret", config, counts.secrets),
    )


def _watching(config: EnvironmentConfig, assumptions: Assumptions) -> tuple[Line, ...]:
    """Logs, and what looks at them."""
    counts, log_gb = deployed(config), assumptions.log_gb
    return (
        _used("logs, written", "logs-ingested", config, log_gb),
        _used("logs, kept", "logs-stored", config, _MONTHS_OF_LOGS * log_gb),
        _existing("alarms", "alarm-metric", config, counts.alarm_metrics),
        _existing("dashboards", "dashboard", config, counts.dashboards),
    )


def _existing(name: str, item: str, config: EnvironmentConfig, count: int, *, by_hour: bool = False) -> Line:
    quantity = Decimal(count * hours_per_month() if by_hour else count)
    return Line(name, price(item, config.region), quantity, quantity)


def _stored(name: str, item: str, config: EnvironmentConfig, quantity: Decimal) -> Line:
    return Line(name, price(item, config.region), quantity, quantity)


def _used(name: str, item: str, config: EnvironmentConfig, quantity: Decimal) -> Line:
    return Line(name, price(item, config.region), Decimal(), quantity)
