"""What of an environment's network would not work, though each of its values is right by itself."""

from collections.abc import Callable, Iterator

from mwaactl.catalog.access import refused_access
from mwaactl.config.environment import EnvironmentConfig
from mwaactl.errors import ConfigProblem


def _access(config: EnvironmentConfig) -> Iterator[ConfigProblem]:
    mode, internet = config.webserver_access_mode, config.network.nat != "none"
    for refusal in refused_access(mode, config.airflow_version, internet=internet):
        yield ConfigProblem("webserver_access_mode", refusal.message, refusal.hint)


def _clients(config: EnvironmentConfig) -> Iterator[ConfigProblem]:
    if config.network.webserver_clients and config.webserver_access_mode == "PUBLIC_ONLY":
        message = "opens a private way to the web server, but `webserver_access_mode` is `PUBLIC_ONLY`"
        yield ConfigProblem("network.webserver_clients", message, "remove it, or choose another access mode")


def _shared_vpc(config: EnvironmentConfig) -> Iterator[ConfigProblem]:
    """In a shared VPC MWAA makes no endpoints.

    https://docs.aws.amazon.com/mwaa/latest/userguide/vpc-endpoint-management.html
    """
    network = config.network
    if network.vpc is not None and network.vpc.owner and network.endpoint_management == "SERVICE":
        message = "is `SERVICE`, but MWAA makes no VPC endpoints in a VPC that another account owns"
        yield ConfigProblem("network.endpoint_management", message, "set it to `CUSTOMER`")


def _zones(config: EnvironmentConfig) -> Iterator[ConfigProblem]:
    """Redshift Serverless takes subnets in three zones; an account has no third in us-west-1.

    https://docs.aws.amazon.com/redshift/latest/mgmt/serverless-usage-considerations.html
    """
    zones = config.network.zones
    twice = next((letter for letter in zones if zones.count(letter) > 1), None)
    wanted = 2 if config.region == _TWO_ZONE_REGION else 3
    if twice is not None:
        yield ConfigProblem("network.zones", f"names zone `{twice}` more than once")
    elif len(zones) != wanted:
        message = f"names {len(zones)} zones, but Redshift Serverless takes {wanted} in {config.region}"
        yield ConfigProblem("network.zones", message)


_TWO_ZONE_REGION = "us-west-1"
NETWORK_RULES: tuple[Callable[[EnvironmentConfig], Iterator[ConfigProblem]], ...] = (
    _access,
    _clients,
    _shared_vpc,
    _zones,
)
