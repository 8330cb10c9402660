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
    """Count what the stacks of an environment make, those in the account that shares its VPC included."""
    return Deployed(
        nat_gateways=0 if config.network.vpc else _NAT_GATEWAYS[config.network.nat],
        endpoint_zones=MWAA_ZONES * (_service_endpoints(config) + _own_endpoints(config)),
        keys=1,
        secrets=1,
        alarm_metrics=sum(len(each.metrics) for each in alarms().values()) if config.alarms.enabled else 0,
        dashboards=1,
    )


def _service_endpoints(config: EnvironmentConfig) -> int:
    """Endpoints to AWS services, which an existing VPC has or has not."""
    network = config.network
    return len(interface_endpoint_services()) if network.nat == "none" and not network.vpc else 0


def _own_endpoints(config: EnvironmentConfig) -> int:
    """Endpoints to the environment's database and web server, where MWAA does not make them."""
    if config.network.endpoint_management == "SERVICE":
        return 0
    return 1 if config.webserver_access_mode == "PUBLIC_ONLY" else 2
