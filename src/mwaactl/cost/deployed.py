"""How many there are of what is billed, as the stacks make them from a configuration.

A test compares these counts with the synthesised templates, so that neither forgets the other.
"""

from dataclasses import dataclass

from mwaactl.catalog.alarms import alarms
from mwaactl.catalog.endpoints import interface_endpoint_services
from mwaactl.config.environment import EnvironmentConfig, Nat

MWAA_ZONES = 2
_NAT_GATEWAYS: dict[Nat, int] = {"one": 1, "per-zone": MWAA_ZONES, "none": 0}


@dataclass(frozen=True, slots=True)
class Deployed:
    """Counts of what is billed for existing.

    Attributes:
        endpoint_zones: Interface endpoints, each as often as it stands in a zone.
        secrets: Secrets, such as the one in which Redshift keeps its administrator's password.
        alarm_metrics: Metrics that alarms watch; an alarm on an expression watches several.
    """

    nat_gateways: int
    endpoint_zones: int
    keys: int
    secrets: int
    alarm_metrics: int
    dashboards: int


def deployed(config: EnvironmentConfig) -> Deployed:
    """Count what the stacks of an environment make."""
    without_nat = config.network.nat == "none"
    return Deployed(
        nat_gateways=_NAT_GATEWAYS[config.network.nat],
        endpoint_zones=MWAA_ZONES * len(interface_endpoint_services()) if without_nat else 0,
        keys=1,
        secrets=1,
        alarm_metrics=sum(len(each.metrics) for each in alarms().values()) if config.alarms.enabled else 0,
        dashboards=1,
    )
