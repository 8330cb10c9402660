"""What a configuration does not say about a bill, and is therefore assumed until somebody says better."""

from dataclasses import dataclass
from decimal import Decimal

from mwaactl.catalog.prices import hours_per_month
from mwaactl.catalog.warehouse import base_capacity


@dataclass(frozen=True, slots=True)
class Assumptions:
    """How much is used in a month.

    Storage is there whether or not anything runs; all else belongs to the hours of full load.

    Attributes:
        hours: Hours of full load: every worker and web server that may run does.
        rpu_hours: What the warehouse computes; its base capacity through all hours of full load if None.
        data_gb: What goes through NAT gateways, or interface endpoints where there are none.
        log_gb: What is written to CloudWatch Logs, and kept for three months.
        bucket_gb: What lies in the buckets.
        warehouse_gb: What lies in the warehouse.
        database_gb: What lies in Airflow's own database.
        function_gb_seconds: Memory of the functions times the seconds that they run.
    """

    hours: Decimal = Decimal(hours_per_month())
    rpu_hours: Decimal | None = None
    data_gb: Decimal = Decimal(100)
    log_gb: Decimal = Decimal(10)
    bucket_gb: Decimal = Decimal(100)
    warehouse_gb: Decimal = Decimal(100)
    database_gb: Decimal = Decimal(10)
    function_gb_seconds: Decimal = Decimal(10_000)

    @property
    def warehouse_hours(self) -> Decimal:
        """RPU-hours of a month at full load."""
        return base_capacity() * self.hours if self.rpu_hours is None else self.rpu_hours
